"""Whether the first row of a file names its columns."""

import re
from collections.abc import Sequence

from dashboard.formats.reading.limits import MOST_COLUMNS
from dashboard.formats.reading.row import Cell, Row

MOST_NAME = 100  # characters; longer texts are prose

# Numbers with or without a currency or a percent sign, dates and times.
_is_figure = re.compile(
    r"[^\w\s]?\s?[+-]?\s?\d[\d.,:/\-+' \u00a0TZ]*\s?(%|[^\w\s]|[A-Z]{3})?"
).fullmatch
_is_address = re.compile(r"\S+@\S+\.\w+|https?://\S+").fullmatch
WORDS = frozenset({"true", "false", "yes", "no", "null", "n/a", "\\n"})


def has_header(rows: Sequence[Row]) -> bool:
    """Whether the first of *rows* is a header: distinct names, none of which is met again below."""
    if not rows:
        return True
    head, below = rows[0].cells, [row.cells for row in rows[1:]]
    names = [cell for cell in head if not is_empty(cell)]
    if len(names) * 2 < len(head) or not all(map(_is_name, names)):
        return False
    if any(_is_met(cell, at, below) for at, cell in enumerate(head) if not is_empty(cell)):
        return False
    if len({_plain(cell) for cell in names}) == len(names):
        return True
    return any(_are_figures(at, below) for at in range(len(head)))


def columns_of(rows: Sequence[Row], *, header: bool) -> tuple[str, ...]:
    """Gives the names of the columns; those that have none are called by their place.

    That name is the same for readers of all languages, because choices are remembered by it.
    """
    if not rows:
        return ()
    cells = rows[0].cells if header else (None,) * max(len(row.cells) for row in rows)
    return tuple(
        f"Column {at}" if is_empty(cell) else " ".join(str(cell).split())
        for at, cell in enumerate(cells, 1)
    )[:MOST_COLUMNS]


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _plain(cell: Cell) -> str:
    return str(cell).strip().casefold()


def _is_name(cell: Cell) -> bool:
    if not isinstance(cell, str) or len(cell) > MOST_NAME:
        return False
    text = cell.strip()
    return not (_is_figure(text) or _is_address(text) or text.lower() in WORDS)


def _is_met(cell: Cell, at: int, below: Sequence[tuple[Cell, ...]]) -> bool:
    plain = _plain(cell)
    return any(at < len(cells) and _plain(cells[at]) == plain for cells in below)


def _are_figures(at: int, below: Sequence[tuple[Cell, ...]]) -> bool:
    cells = [cells[at] for cells in below if at < len(cells) and not is_empty(cells[at])]
    return bool(cells) and not any(isinstance(cell, str) and _is_name(cell) for cell in cells)
