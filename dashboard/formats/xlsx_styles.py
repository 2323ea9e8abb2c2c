"""How a workbook looks: number formats and widths of its columns."""

from collections.abc import Sequence
from decimal import Decimal
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from rustpy_xlsxwriter import Format

from dashboard.formats.display import MOST_DECIMALS, decimals, display, is_grouped
from dashboard.formats.table import Column

HEADER_FILL = "#F3F3F0"
HEADER_LINE = "#D6D5D0"

# Widths in characters: the arrow of the filter needs room, and a long text must not fill a screen.
LEAST_WIDTH, MOST_WIDTH, FILTER_WIDTH = 8, 60, 3

NUMBER_FORMATS = {
    "money": "#,##0.00",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm:ss",
    "time": "hh:mm:ss",
}


def header_format() -> Format:
    header = Format().set_bold().set_background_color(HEADER_FILL)
    return header.set_border_bottom("thin").set_border_bottom_color(HEADER_LINE)


def number_format(column: Column, sample: Sequence[object]) -> str | None:
    """Gives Excel's format for the numbers or dates of *column*; *sample* shows the decimals."""
    if column.type == "integer":
        return "#,##0" if is_grouped(column) else "0"
    if column.type != "number":
        return NUMBER_FORMATS.get(column.type)
    numbers = [value for value in sample if isinstance(value, int | float | Decimal)]
    places = max(map(decimals, numbers), default=0)
    if places > MOST_DECIMALS or any(isinstance(number, float) for number in numbers):
        return "#,##0.00##"
    return "#,##0." + "0" * places if places else "#,##0"


def column_width(column: Column, sample: Sequence[object], zone: ZoneInfo) -> float:
    """Gives the width that shows the label and all values of *sample*, within limits."""
    longest = max((_width(display(value, column, zone)) for value in sample), default=0)
    return min(max(longest + 1, _width(column.label) + FILTER_WIDTH, LEAST_WIDTH), MOST_WIDTH)


def _width(text: str) -> int:
    """Gives the width of the longest line of *text* in characters of the Latin alphabet."""
    if text.isascii() and "\n" not in text:
        return len(text)
    return max(
        (sum(1 + (east_asian_width(c) in "WF") for c in line) for line in text.splitlines()),
        default=0,
    )
