"""The form that keeps a message as a template: a new one, or a new version of one."""

from collections.abc import Sequence
from typing import Any

from wtforms import StringField
from wtforms.validators import Length, ValidationError

from dashboard.mail.mime.bad import has_control
from dashboard.models import LetterVersion
from dashboard.models.mailing import MAILING_TITLE_LIMIT
from dashboard.web.form import SpeakingForm
from dashboard.words import gettext as _, lazy_gettext


class KeepForm(SpeakingForm):
    """*letter* is "" for a new template, whose name is *title* then."""

    letter = StringField(lazy_gettext("Save as"))
    title = StringField(
        lazy_gettext("Name of the new template"),
        [Length(max=MAILING_TITLE_LIMIT, message=lazy_gettext("Use at most %(max)d characters."))],
    )

    def __init__(self, formdata: Any, offered: Sequence[LetterVersion], title: str) -> None:
        super().__init__(formdata=formdata, data={"title": title, "letter": ""})
        self.offered = offered

    def validate_letter(self, field: StringField) -> None:
        """Raise ValidationError for a template that is not offered."""
        if field.data and field.data not in {str(each.letter_id) for each in self.offered}:
            raise ValidationError(_("There is no such template."))

    def validate_title(self, field: StringField) -> None:
        """Raise ValidationError for a new template without a name, and for one of several lines."""
        if has_control(field.data or ""):
            raise ValidationError(_("This is one line of plain text, without line breaks."))
        if not self.letter.data and not (field.data or "").strip():
            raise ValidationError(_("Enter a name for the template"))
