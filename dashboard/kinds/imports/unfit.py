"""Why a cell cannot be imported, in words that pages say in the language of whoever reads."""

from collections.abc import Mapping
from typing import Any, Self

from dashboard.words import gettext as _


class Unfit(ValueError):
    """A cell that does not fit its column.

    *message* is English with %(name)s for *values*; what is kept of it is translated when shown.
    """

    def __init__(self, message: str, **values: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        """Give the sentence for whoever reads."""
        return _(self.message, **self.values)

    def as_json(self) -> list[Any]:
        """Give it as findings keep it."""
        return [self.message, self.values]

    @classmethod
    def from_json(cls, kept: tuple[str, Mapping[str, Any]] | list[Any]) -> Self:
        """Give what as_json gave."""
        message, values = kept
        return cls(message, **values)
