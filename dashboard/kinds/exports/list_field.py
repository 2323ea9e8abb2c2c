"""A field of an export’s form that holds several texts, in their one spelling.

Whatever sends them (a page, an address, a program), they are a list here.
"""

from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from dashboard.sources import Choice, Table, check
from dashboard.words import gettext as _


class ListField(Field):
    """Several texts; what is no text is refused."""

    data: list[str]
    _form: Any

    @property
    def table(self) -> Table:
        """The table of the form, with the columns that are open."""
        table: Table = self._form.export.table
        return table

    def process_data(self, value: Any) -> None:
        """Take earlier texts: one, or a list."""
        given = [value] if isinstance(value, str) else list(value or ())
        self.data = [text for text in given if isinstance(text, str) and text]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was sent; raises ValueError where that is no list of texts."""
        self.data = [text for text in valuelist if isinstance(text, str)]
        if len(self.data) < len(valuelist):
            raise ValueError(_("This must be a list of texts."))
        if any("\0" in text for text in self.data):
            self.data = []
            raise ValueError(_("This contains a character that no text may contain."))

    def leave_out(self, name: str) -> None:
        """Let the form say that an earlier choice is gone, because its column is."""
        self._form.left_out.setdefault(name)

    def require(self, choice: Choice) -> None:
        """Raise ValidationError with everything that is wrong with *choice*."""
        if problems := check(choice, self.table):
            raise ValidationError(" ".join(dict.fromkeys(text for _field, text in problems)))
