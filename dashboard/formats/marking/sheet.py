"""A workbook with one sheet, written row by row.

The engine of reports colours whole columns only. XlsxWriter colours cells, but rounds numbers to 16
digits and takes a text between <r> and </r> for markup of its own; these are texts of strangers.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Final
from zipfile import ZIP64_LIMIT, ZIP_DEFLATED, ZipFile

from dashboard.formats.marking.sheet_parts import SHEET, begin, end, parts
from dashboard.formats.marking.sheet_styles import HEADER, style_of
from dashboard.formats.reading import Cell
from dashboard.formats.reading.places import letters_of
from dashboard.formats.table import FormatError
from dashboard.formats.xlsx_cells import LEAST_LONG, MOST_CHARACTERS, serial_of

BATCH: Final = 1 << 18  # characters
MOST_BYTES: Final = ZIP64_LIMIT  # Not every spreadsheet program reads larger parts.

# What XML has signs for, what it cannot hold, and what would be taken for such a sign.
_special = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x(?=[0-9A-Fa-f]{4}_)").sub
SIGNS: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_x": "_x005F_x"}


@dataclass(frozen=True)
class Frame:
    """A sheet without its rows: *header* is the number of that row or 0, *widths* in characters."""

    name: str
    header: int
    widths: Sequence[int]


class SheetFile:
    """The workbook at *path*, which is whole once it is finished and closed."""

    def __init__(self, path: Path, frame: Frame) -> None:
        self._frame = frame
        self._zip = ZipFile(path, "w", ZIP_DEFLATED)
        for name, text in parts(frame.name).items():
            self._zip.writestr(name, text)
        self._part = self._zip.open(SHEET, "w")
        self._rows = [begin(frame.header, frame.widths)]
        self._size = 0  # characters of rows that are not sent yet
        self._sent = 0  # bytes
        self._last = 0

    def write(self, number: int, cells: Sequence[Cell], bad: Collection[int] = ()) -> None:
        """Writes the row *number*; the places of its wrong cells are in *bad*.

        Raises FormatError for what no workbook holds.
        """
        is_header = number == self._frame.header
        row = "".join(
            _cell(number, at, cell, bad=at in bad, is_header=is_header)
            for at, cell in enumerate(cells)
            if cell is not None or at in bad
        )
        self._rows.append(f'<row r="{number}">{row}</row>')
        self._size += len(row)
        self._last = number
        if self._size > BATCH:
            self._send()

    def finish(self) -> None:
        """Writes what comes behind the last row."""
        letters = _letters(len(self._frame.widths) - 1)
        self._rows.append(end(self._frame.header, self._last, letters))
        self._send()

    def close(self) -> None:
        self._part.close()
        self._zip.close()

    def _send(self) -> None:
        data = "".join(self._rows).encode()
        self._sent += len(data)
        if self._sent > MOST_BYTES:
            raise FormatError("The sheet is too large for a workbook. Send it as CSV.")
        self._part.write(data)
        self._rows.clear()
        self._size = 0


def _cell(number: int, at: int, cell: Cell, *, bad: bool, is_header: bool) -> str:
    sort, kind, value = _spelled(number, at, cell)
    style = HEADER if is_header else style_of(sort, bad=bad)
    return f'<c r="{_letters(at)}{number}" s="{style}"{kind}>{value}</c>'


def _spelled(number: int, at: int, cell: Cell) -> tuple[str, str, str]:
    """Gives the sort of *cell* among the styles, the attribute of its type, and its value."""
    if cell is None:
        return "general", "", ""
    if isinstance(cell, bool):
        return "general", ' t="b"', f"<v>{cell:d}</v>"
    if isinstance(cell, float) or (isinstance(cell, int) and -LEAST_LONG < cell < LEAST_LONG):
        return "general", "", f"<v>{cell!r}</v>"
    if isinstance(cell, date | time) and (serial := serial_of(cell)) is not None:
        return type(cell).__name__, "", f"<v>{serial!r}</v>"
    text = str(cell)
    if len(text) > MOST_CHARACTERS // 2 and len(text.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
        raise FormatError(
            f"Row {number:,}, column {_letters(at)}: the text has {len(text):,} characters, but a "
            f"cell of a workbook holds {MOST_CHARACTERS:,}. Send the rows as CSV."
        )
    return "text", ' t="inlineStr"', f'<is><t xml:space="preserve">{_escaped(text)}</t></is>'


def _escaped(text: str) -> str:
    return _special(lambda found: SIGNS.get(found[0]) or f"_x{ord(found[0]):04X}_", text)


_letters = cache(letters_of)
