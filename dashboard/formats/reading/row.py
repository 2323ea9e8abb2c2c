"""A row as it stands in somebody's file."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

Cell = str | int | float | Decimal | bool | date | datetime | time | None


class Row(NamedTuple):
    """A row: *number* as a spreadsheet counts, where the first line of the file is row 1.

    A row of a CSV has texts only and as many as its line has, be it fewer or more than columns; ""
    is an empty cell. A row of a workbook is as wide as the columns, or wider where cells stand
    beside them; None is an empty cell. Rows without anything are left out and counted.
    """

    number: int
    cells: tuple[Cell, ...]
