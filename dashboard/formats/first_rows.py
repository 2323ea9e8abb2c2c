"""The first rows of a table, as a page shows them."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from dashboard.formats.display import display
from dashboard.formats.table import Column

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


def _cell(text: str) -> str:
    return text if len(text) <= CELL_LIMIT else f"{text[: CELL_LIMIT - 1]}…"
