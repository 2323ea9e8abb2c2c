"""Text that the head calls a day or a time becomes one, so that a workbook can reckon with it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Final

from dashboard.formats import Column, ColumnType
from dashboard.jobs.glance import Rows

READERS: Final[Mapping[ColumnType, Callable[[str], object]]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}


class Recast:
    """Reads the text columns of *columns* that are days or times; *given* are the source's types.

    SQLite has no type for them, so max(day) is text. Text that does not read as one is left as
    it is.
    """

    def __init__(self, columns: Sequence[Column], given: Sequence[ColumnType | None]) -> None:
        self._readers = {
            index: READERS[column.type]
            for index, (column, kind) in enumerate(zip(columns, given, strict=True))
            if column.type in READERS and kind in (None, "text")
        }

    @property
    def is_needed(self) -> bool:
        """Whether there is any such column."""
        return bool(self._readers)

    def __call__(self, rows: Rows) -> Rows:
        """Give *rows* with those values read."""
        if not self._readers or not rows:
            return rows
        values = list(zip(*rows, strict=True))
        for index, read in self._readers.items():
            values[index] = tuple(_read(value, read) for value in values[index])
        return list(zip(*values, strict=True))


def _read(value: object, read: Callable[[str], object]) -> object:
    if not isinstance(value, str):
        return value
    try:
        return read(value)
    except ValueError:
        return value
