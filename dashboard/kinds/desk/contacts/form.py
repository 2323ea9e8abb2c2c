"""The form of an export of contacts: which list, what it is made for, the formats."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from flask_login import current_user
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # New in 3.3.
from wtforms.validators import ValidationError

from dashboard.jobs.contacts import find
from dashboard.kinds.desk.contacts.work import FORMATS, SPREADSHEET
from dashboard.web.form import SpeakingForm
from dashboard.web.formats_field import FormatsField
from dashboard.words import gettext as _, lazy_gettext, marked, told

MANNERS: Final = {
    SPREADSHEET: marked("reading in a spreadsheet"),
    "import": marked("importing again: nothing is put before + - = @"),
}


class ContactsForm(SpeakingForm):
    """Which list; a program sends its id."""

    list = SelectField(lazy_gettext("List"))
    manner = SelectField(lazy_gettext("Made for"), default=SPREADSHEET)
    formats = FormatsField(FORMATS)
    notify = BooleanField(
        lazy_gettext("E-mail me the link when it is ready"),
        default=lambda: bool(current_user.notify),
    )
    token = HiddenField(default=lambda: secrets.token_urlsafe(16))

    def __init__(
        self,
        formdata: Any = None,
        *,
        initial: Mapping[str, Any] | None = None,
        csrf: bool = True,
    ) -> None:
        self.is_page = csrf
        meta = {} if csrf else {"csrf": False}
        super().__init__(formdata=formdata, data=dict(initial or {}), meta=meta)
        lists = [summed.list for summed in find.lists_of(current_user)]
        self.list.choices = [SelectChoice(str(one.id), one.title) for one in lists]
        self.list.choices = self.list.choices or [SelectChoice("", _("There is no list yet"))]
        self.manner.choices = [SelectChoice(name, told(words)) for name, words in MANNERS.items()]
        self.manner.data = self.manner.data or SPREADSHEET

    def validate_list(self, field: SelectField) -> None:
        """Raise ValidationError where no list is chosen."""
        if not field.data:
            raise ValidationError(_("Make a list first."))

    def params(self) -> dict[str, Any]:
        """Give the checked choices."""
        return {
            "list": int(self.list.data) if self.list.data else None,
            "manner": self.manner.data,
            "formats": list(self.formats.data or []),
        }
