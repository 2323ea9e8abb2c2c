"""How a file is to be read: what the desk recognises and a person may correct."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from dashboard.words import marked

Kind = Literal["csv", "xlsx"]

# By the name that a manner keeps, what people call it.
ENCODINGS: Final[Mapping[str, str]] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": marked("Windows-1252 (Western European)"),
}
DELIMITERS: Final[Mapping[str, str]] = {
    ",": marked("Comma"),
    ";": marked("Semicolon"),
    "\t": marked("Tab"),
    "|": marked("Vertical bar"),
}
# By the name that choices have in addresses and in jobs, the sign itself.
SIGNS: Final[Mapping[str, str]] = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


@dataclass(frozen=True)
class FileManner:
    """How to read a file.

    *encoding*, *delimiter* and *sheet* are "" where they are to be recognised or have no meaning;
    the first two are keys of ENCODINGS and DELIMITERS. With a *header* the first row that holds
    anything names the columns.
    """

    kind: Kind
    encoding: str = ""
    delimiter: str = ""
    header: bool = True
    sheet: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Gives the manner as JSON keeps it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "FileManner":
        """Gives the manner that as_dict() gave."""
        return cls(**kept)
