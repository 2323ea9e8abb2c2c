"""Rows that were checked, as a table that SQLite can read beside the one they go into."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import NoneType
from typing import Final

from dashboard.sources.writing.changes import Change
from dashboard.sources.writing.ready import Ready, ReadyChunk, ReadyColumn, ReadyFile
from dashboard.sources.writing.sqlite.kept import kept
from dashboard.sources.writing.target import Values

EXACT: Final = 15
"""Significant digits with which SQLite writes a floating point number into JSON."""

WHOLE: Final = 2.0**53
"""From here on, a floating point number does not hold each whole number."""


class ReadyRows(ReadyFile):
    """Keeps the rows in one table, by their numbers in the file."""

    def __init__(self, path: Path, width: int) -> None:
        columns = "".join(f", v{at}" for at in range(width))
        super().__init__(path, tables=f"CREATE TABLE rows (file_row INTEGER PRIMARY KEY{columns})")
        marks = ", ".join("?" * (width + 1))
        self._inserting = f"INSERT INTO rows VALUES ({marks})"

    def add(
        self,
        chunk: int,
        numbers: Sequence[int],
        columns: Sequence[ReadyColumn],
        updates: Sequence[bool] | None,
    ) -> None:
        if not self.is_whole:
            return
        try:
            found = list(map(_kept, columns))
            self.connection.executemany(self._inserting, zip(numbers, *found, strict=True))
        except (UnicodeEncodeError, OverflowError):
            self.is_whole = False
            return
        plain = all(map(_is_plain, found, columns))
        self.keep(chunk, numbers, columns, updates, plain=plain)


def changes_of(ready: Ready, known: ReadyChunk, before: Mapping[int, Values]) -> list[Change]:
    """Give the rows of a chunk with values as SQLite keeps them.

    *before* is what those that are in the table already were, by their rows in the file.
    """
    rows = ready.connection.execute(
        "SELECT * FROM rows WHERE file_row BETWEEN ? AND ? ORDER BY file_row",
        (known.first, known.last),
    )
    return [Change(row, tuple(values), before.get(row)) for row, *values in rows]


def _kept(column: ReadyColumn) -> Sequence[object]:
    """Give the values of one column as kept() does, at one go where they are all alike."""
    values, spelled, _ = column
    if column.is_text:
        return values
    kinds = set(map(type, values)) - {NoneType}
    if spelled is not None and (kinds == {date} or kinds == {datetime}):
        return spelled
    if spelled is not None and kinds == {int}:
        return values  # What is spelled so fits into 64 bits.
    if spelled is not None and kinds == {Decimal}:
        numbers = [None if text is None else float(text) for text in spelled]
        if all(-WHOLE < number < WHOLE for number in numbers if number is not None):
            return numbers
    return kept(values)


def _is_plain(values: Sequence[object], column: ReadyColumn) -> bool:
    """Say whether SQLite writes *values* of one column into JSON just as they are."""
    if column.is_text:
        return True
    kinds = set(map(type, values))
    if bytes in kinds:
        return False
    if float not in kinds:
        return True
    if column.spelled is not None:
        return max(map(len, filter(None, column.spelled))) <= EXACT
    return all(type(value) is not float or float(f"{value:.{EXACT}g}") == value for value in values)
