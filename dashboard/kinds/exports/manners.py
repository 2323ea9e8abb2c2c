"""The manners of CSV: for people who open it, and for programs that take it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard.words import marked

CSV: Final = frozenset({"csv", "csv.gz"})


@dataclass(frozen=True)
class Manner:
    """How values are written; *null* is how CSV spells nothing."""

    label: str
    hint: str
    formula_safe: bool
    null: str


SPREADSHEET: Final = "spreadsheet"
MANNERS: Final[Mapping[str, Manner]] = {
    SPREADSHEET: Manner(
        marked("To open in a spreadsheet"),
        marked("A text that would be a formula has a ' in front; nothing stands for null."),
        formula_safe=True,
        null="",
    ),
    "re-import": Manner(
        marked("To import again"),
        marked("Every value as it is, even a formula; \\N stands for null."),
        formula_safe=False,
        null="\\N",
    ),
}


def manner_of(params: Mapping[str, Any]) -> Manner:
    """Give the manner that was chosen."""
    return MANNERS[params["manner"]]
