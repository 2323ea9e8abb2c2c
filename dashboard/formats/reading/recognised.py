"""What is seen of a file before it is read."""

from dataclasses import dataclass

from dashboard.formats.reading.manner import FileManner
from dashboard.formats.reading.row import Row


@dataclass(frozen=True)
class Recognised:
    """A file at first sight.

    *sheets* are the names of a workbook's sheets; *columns* the cells of the header as texts, or
    "Column 1" and so on where there is none; they need not be distinct. *first* are the first rows
    below the header, ten at most.
    """

    manner: FileManner
    sheets: tuple[str, ...]
    columns: tuple[str, ...]
    first: tuple[Row, ...]
