"""The choice of formats on a start form."""

from typing import Any, Final

from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # New in 3.3.
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from dashboard.formats import FORMATS
from dashboard.words import gettext as _, told

USUAL_FORMATS: Final = ("csv", "xlsx")


class FormatsField(SelectMultipleField):
    """The formats to write; a page that sends none chose none, a program gets the usual ones."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
    _form: Any

    def __init__(self, formats: tuple[str, ...], **kwargs: Any) -> None:
        self.usual = [name for name in formats if name in USUAL_FORMATS] or [*formats[:1]]
        choices = [
            SelectChoice(name, FORMATS[name].title, {"data-hint": told(FORMATS[name].hint)})
            for name in formats
        ]
        super().__init__(_("Formats"), choices=choices, **kwargs)
        self.known = formats

    def process_data(self, value: Any) -> None:
        """Take earlier formats: a list, or text with commas; unknown ones are left out."""
        names = value.split(",") if isinstance(value, str) else list(value or ())
        self.data = [name for name in self.known if name in names] or self.usual

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the names that were sent, once each, in the one order that choices have here."""
        if valuelist or self._form.is_page:
            sent = list(dict.fromkeys(str(name) for name in valuelist))
            unknown = [name for name in sent if name not in self.known]
            self.data = [name for name in self.known if name in sent] + unknown

    def pre_validate(self, form: Any) -> None:
        """Raise ValidationError when no format or an unknown one was chosen."""
        if not self.data:
            raise ValidationError(_("Choose at least one format."))
        for name in self.data:
            if name not in self.known:
                raise ValidationError(_("“%(name)s” is no format of this report.", name=name))
