"""What an undo would do, as its page shows it: one sort of row at a time."""

import json
from dataclasses import dataclass
from typing import Any, Final

from dashboard.formats.spelling import spell
from dashboard.kinds.imports.review import CELL_LIMIT, PAGE, Cell
from dashboard.kinds.imports.undo.seen import SHOWN, Kept, Sight
from dashboard.sources.writing import OUTLOOKS, Outlook, Seen
from dashboard.words import gettext as _

FIRST: Final[tuple[Outlook, ...]] = ("changed", "gone", "restore", *OUTLOOKS)
"""What a page shows first: what is to be decided."""


@dataclass(frozen=True)
class Line:
    """A row: the number by which it is chosen, and that of the file, None for a missing one.

    It *would_go* where the import has added it, somebody has changed it, and it were restored.
    """

    number: int
    row: int | None
    cells: list[Cell]
    would_go: bool = False


@dataclass(frozen=True)
class Review:
    """The rows of one page; *after* is where the next one begins, or None."""

    show: Outlook
    columns: list[str]
    lines: list[Line]
    after: int | None
    is_cut: bool = False


def review(sight: Sight, outlook: Outlook, *, after: int, count: int) -> Review:
    """Give the rows of a sort behind the number *after*; there are *count* of them in all."""
    columns = sight.told()["columns"]
    kept = sight.of(outlook, after=after, limit=PAGE + 1)
    more = len(kept) > PAGE
    lines = [_line(one, columns) for one in kept[:PAGE]]
    return Review(
        outlook,
        columns,
        lines,
        lines[-1].number if more else None,
        is_cut=not more and count > SHOWN,
    )


def first_shown(counts: dict[str, int]) -> Outlook:
    """Give what a page shows first."""
    return next((outlook for outlook in FIRST if counts.get(outlook)), "restore")


def _line(kept: Kept, columns: list[str]) -> Line:
    seen = kept.seen
    would_go = seen.outlook == "changed" and seen.before is None
    return Line(kept.number, seen.row, _cells(seen, columns), would_go)


def _cells(seen: Seen, columns: list[str]) -> list[Cell]:
    """Give the values of a row before the import, each with what stands there now if that differs.

    Where there was no row before, those of now or, if that is gone, those that were imported.
    """
    if seen.before is None or seen.now is None:
        only = seen.before or seen.now or seen.after or {}
        return [Cell(_text(only.get(name))) for name in columns]
    cells = []
    for name in columns:
        was, now = _text(seen.before.get(name)), _text(seen.now.get(name))
        cells.append(Cell(was, now if was != now and name in seen.before else None))
    return cells


def _text(value: Any) -> str:
    if value is None:
        return _("no value")
    if isinstance(value, dict | list):
        text = json.dumps(value, ensure_ascii=False)
        if isinstance(value, dict) and set(value) == {
            "hex"
        }:  # Bytes, as SQLite's images have them.
            text = f"\\x{value['hex']}"
    else:
        text = spell(value)
    return text if len(text) <= CELL_LIMIT else f"{text[: CELL_LIMIT - 1]}…"
