"""How many rows an export has at most."""

from typing import Any, Final

from wtforms import Field

from dashboard.words import gettext as _

LIMIT: Final = 2**53 - 1  # Beyond it JSON is not exact everywhere.


class LimitField(Field):
    """Rows at most, or nothing for all."""

    data: int | None

    def process_data(self, value: Any) -> None:
        """Take an earlier limit; what is none is left out."""
        try:
            self.data = self._number(value)
        except ValueError:
            self.data = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was sent; raises ValueError with the sentence for staff."""
        if valuelist:
            self.data = None
            self.data = self._number(valuelist[0] if len(valuelist) == 1 else valuelist)

    def _number(self, value: Any) -> int | None:
        text = value.strip() if isinstance(value, str) else value
        if text is None or text == "":
            return None
        is_number = isinstance(text, int) and not isinstance(text, bool)
        is_figures = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 19
        if not (is_number or is_figures) or not 1 <= int(text) <= LIMIT:
            raise ValueError(_("The most rows must be a whole number, 1 or more."))
        return int(text)

    def _value(self) -> str:
        typed_in = self.raw_data[0] if self.raw_data else self.data
        return "" if typed_in is None else str(typed_in)
