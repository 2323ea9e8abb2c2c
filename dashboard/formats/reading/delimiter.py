"""Which delimiter parts the cells of a CSV."""

import csv
import re
from collections.abc import Sequence
from io import StringIO
from itertools import islice

from dashboard.formats.reading.limits import SAMPLE_ROWS
from dashboard.formats.reading.manner import DELIMITERS

_is_number = re.compile(r"[+-]?[\d.,' \u00a0]*\d").fullmatch
_has_delimiter = re.compile(f"[{re.escape(''.join(DELIMITERS))}]").search


def recognised_delimiter(sample: str) -> str:
    """Gives the delimiter that parts the lines of *sample* best; a comma where none does.

    That is the one which makes most rows as wide as the first; where several do so, the one whose
    cells hold fewest others, a decimal comma apart, and then the one which makes most cells.
    """
    return max(DELIMITERS, key=lambda delimiter: _fit(rows_of(sample, delimiter)))


def rows_of(sample: str, delimiter: str) -> list[list[str]]:
    """Gives the first rows of *sample*; fewer, or none, where they break the rules of CSV."""
    rows: list[list[str]] = []
    try:
        reader = csv.reader(StringIO(sample, newline=""), delimiter=delimiter, strict=True)
        rows.extend(islice(filter(None, reader), SAMPLE_ROWS))
    except csv.Error:
        pass
    return rows


def _fit(rows: Sequence[Sequence[str]]) -> tuple[bool, float, float, int]:
    if not rows:
        return False, 0.0, 0.0, 0
    width = len(rows[0])
    alike = sum(len(row) == width for row in rows) / len(rows)
    cells = [cell for row in rows for cell in row if cell]
    clean = sum(not _has_delimiter(cell) or bool(_is_number(cell)) for cell in cells)
    return width > 1, alike, clean / len(cells) if cells else 0.0, width
