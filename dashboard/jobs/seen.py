"""What a page shows of the rows that go by while they are written: how many, and the first ones."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.formats import Column
from dashboard.formats.first_rows import FIRST_ROWS, numbers, shown


class Seen:
    """Grows batch by batch and stays small, however many rows go by."""

    def __init__(self, columns: Sequence[Column], zone: ZoneInfo) -> None:
        self.columns = tuple(columns)
        self.rows = 0
        self._zone = zone
        self._first: list[tuple[str, ...]] = []
        self._numbers = numbers([], columns)

    def add(self, rows: Sequence[Sequence[object]]) -> None:
        """Take a batch of rows."""
        self.rows += len(rows)
        self._show(rows[: FIRST_ROWS - len(self._first)])

    def pass_over(self, count: int, first: Sequence[Sequence[object]]) -> None:
        """Count rows whose values nobody needs; *first* are those to be shown."""
        self.rows += count
        self._show(first)

    def _show(self, rows: Sequence[Sequence[object]]) -> None:
        self._first += shown(rows, self.columns, self._zone)
        found = zip(self._numbers, numbers(rows, self.columns), strict=True)
        self._numbers = [before and now for before, now in found]

    def as_json(self) -> dict[str, Any]:
        """Give rows and preview for the job's result."""
        return {
            "rows": self.rows,
            "preview": {
                "columns": [[column.label, column.type] for column in self.columns],
                "rows": [list(row) for row in self._first],
                "numbers": self._numbers,
            },
        }
