"""The first rows of a table, as a page shows them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from dashboard.formats.display import display
from dashboard.formats.table import NUMERIC, Column

FIRST_ROWS: Final = 20
# A cell on a page is for a look; the whole text is in the files.
CELL_LIMIT: Final = 200  # characters


def shown(
    rows: Sequence[Sequence[object]], columns: Sequence[Column], zone: ZoneInfo
) -> list[tuple[str, ...]]:
    """Give *rows* as a page shows them."""
    return [
        tuple(
            _cell(display(value, column, zone)) for value, column in zip(row, columns, strict=True)
        )
        for row in rows
    ]


def numbers(rows: Sequence[Sequence[object]], columns: Sequence[Column]) -> list[bool]:
    """Say of each column whether it is one of numbers and *rows* hold nothing else in it.

    A database may give texts in a column that is said to hold numbers: they stay as they are.
    """
    return [
        column.type in NUMERIC and all(_is_number(row[index]) for row in rows)
        for index, column in enumerate(columns)
    ]


def _is_number(value: object) -> bool:
    return value is None or (
        isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    )


def _cell(text: str) -> str:
    return text if len(text) <= CELL_LIMIT else f"{text[: CELL_LIMIT - 1]}…"
