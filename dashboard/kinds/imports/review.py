"""What a check has found, as its page shows it: one sort of row at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from dashboard.formats.spelling import spell
from dashboard.kinds.imports.comparing import BAD, CHANGED, GONE, Fate, differing
from dashboard.kinds.imports.findings import FATES, SHOWN, Findings
from dashboard.words import gettext as _

PAGE: Final = 50  # rows
CELL_LIMIT: Final = 200  # characters of a cell on the page

SHOW: Final[dict[str, Fate]] = {
    "new": "n",
    "changed": "c",
    "same": "s",
    "left": "l",
    "bad": "b",
    "gone": "d",
}
NAMES: Final = {fate: name for name, fate in SHOW.items()}


class Cell(NamedTuple):
    """A cell: its text, what it was before where that differs, and what is wrong with it."""

    text: str
    was: str | None = None
    fault: str = ""


class Line(NamedTuple):
    """A row of the file with its number there, or of the table with any.

    *fault* is wrong with no single cell.
    """

    number: int
    cells: list[Cell]
    fault: str = ""


@dataclass(frozen=True)
class Review:
    """The rows of one page; *after* is where the next one begins, or None."""

    fate: Fate
    columns: list[str]
    lines: list[Line]
    after: int | None
    is_cut: bool = False

    @property
    def show(self) -> str:
        """The name of this sort of row in addresses."""
        return NAMES[self.fate]


def review(found: Findings, fate: Fate, *, after: int, count: int) -> Review:
    """Give the rows of *fate* behind the row *after*; there are *count* of them in the file."""
    columns = found.told()["columns"]
    lines = READ[fate](found, columns, after)
    more = len(lines) > PAGE
    lines = lines[:PAGE]
    return Review(
        fate,
        columns,
        lines,
        lines[-1].number if more else None,
        is_cut=fate not in (BAD, CHANGED) and not more and count > SHOWN,
    )


def first_shown(counts: dict[str, int]) -> Fate:
    """Give what a page shows first: what is to be put right, else what would be changed."""
    return next((fate for fate in (BAD, GONE, CHANGED, *FATES) if counts.get(fate)), BAD)


def _bad(found: Findings, columns: list[str], after: int) -> list[Line]:
    lines = []
    for row, cells, faults in found.bad(after=after, limit=PAGE + 1):
        told = {fault.column: str(fault.unfit) for fault in faults}
        lines.append(
            Line(
                row,
                [
                    Cell(_short(text), fault=told.get(name, ""))
                    for name, text in zip(columns, cells, strict=True)
                ],
                told.get("", ""),
            )
        )
    return lines


def _changed(found: Findings, columns: list[str], after: int) -> list[Line]:
    lines = []
    for row, was, becomes in found.changed(after=after, limit=PAGE + 1):
        different = set(differing(becomes, was))
        cells = [
            Cell(_short(_spelled(value)), _short(_spelled(was[at])) if at in different else None)
            for at, value in enumerate(becomes)
        ]
        lines.append(Line(row, cells))
    return lines


def _others(fate: Fate) -> Callable[[Findings, list[str], int], list[Line]]:
    def read(found: Findings, columns: list[str], after: int) -> list[Line]:
        rows = found.shown(fate, after=after, limit=PAGE + 1)
        return [
            Line(number, [Cell(_short(_spelled(value))) for value in values])
            for number, values in rows
        ]

    return read


READ: Final[dict[Fate, Callable[[Findings, list[str], int], list[Line]]]] = {
    BAD: _bad,
    CHANGED: _changed,
    **{fate: _others(fate) for fate in (*FATES, GONE) if fate not in (BAD, CHANGED)},
}


def _spelled(value: Any) -> str:
    return _("no value") if value is None else spell(value)


def _short(text: str) -> str:
    return text if len(text) <= CELL_LIMIT else f"{text[: CELL_LIMIT - 1]}…"
