"""Why something cannot be written or sent as it stands, in words that pages translate."""

from typing import Final, Literal

from dashboard.words import gettext as _

Where = Literal["subject", "body", "html", "text"]
Value = str | int


class Refusal(ValueError):
    """*message* is a marked English sentence with %(name)s for *values*."""

    def __init__(self, message: str, **values: Value) -> None:
        super().__init__(message)
        self.message: Final = message
        self.values: Final = values

    def __str__(self) -> str:
        """Give the sentence for whoever reads."""
        return _(self.message, **self.values)


class Unwritable(Refusal):
    """A draft that cannot be compiled, *where* and in which *line* (from 1) of that text.

    *line* is 0 where no single line is at fault.
    """

    def __init__(self, message: str, *, where: Where, line: int, **values: Value) -> None:
        super().__init__(message, **values)
        self.where: Final = where
        self.line: Final = line


class BadLink(Refusal):
    """A link that is none once its fields are filled: not http:, https: or mailto:."""


class MissingField(LookupError):
    """There is no value for the field *name*."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name: Final = name
