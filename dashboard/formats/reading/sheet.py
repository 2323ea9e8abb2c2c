"""The rows of a sheet, as its XML comes in."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from dashboard.formats.reading.limits import MOST_CELL, MOST_COLUMNS
from dashboard.formats.reading.places import Places, letters_of
from dashboard.formats.reading.plain_values import iso_moment, number_of
from dashboard.formats.reading.row import Cell, Row
from dashboard.formats.reading.serial import Temporal, moment
from dashboard.formats.reading.shared_strings import SharedStrings
from dashboard.formats.reading.string_table import TooLong, unescaped
from dashboard.formats.reading.unreadable import Unreadable
from dashboard.formats.reading.xml_stream import LocalNames, Malformed, XmlStream
from dashboard.words import gettext, reader

DIGITS: Final = "0123456789"


class Sheet:
    """Makes rows of the XML of a sheet; *temporals* tells which styles are dates and times."""

    def __init__(
        self, strings: SharedStrings, temporals: Mapping[str, Temporal], *, from_1904: bool
    ) -> None:
        self._strings = strings
        self._temporals = temporals
        self._from_1904 = from_1904
        self._local = LocalNames()
        self._places = Places()
        self._found: list[Row] = []
        self._number = 0
        self._cells: list[Cell] = []
        self._place = -1
        self._cell: dict[str, str] = {}
        self._value: str | None = None
        self._has_formula = False
        self._pieces: list[str] = []  # of the text that is being read
        self._in_text = False
        self._runs: list[str] = []  # of a text that stands in the cell itself
        self._is_reading = False  # aloud, which no cell shows

    def rows(self, chunks: Iterable[bytes]) -> Iterator[Row]:
        """Gives the rows that hold anything. Raises Unreadable, Malformed."""
        stream = XmlStream()
        stream.parser.StartElementHandler = self._start
        stream.parser.EndElementHandler = self._end
        stream.parser.CharacterDataHandler = self._pieces.append
        for data in chain(chunks, (b"",)):
            try:
                stream.feed(data)
                self._check_length()
            except TooLong:
                raise _too_long(*self._here()) from None
            yield from self._found
            self._found.clear()

    def _check_length(self) -> None:
        if not self._in_text:
            self._pieces.clear()
        if sum(map(len, self._pieces)) + sum(map(len, self._runs)) > MOST_CELL:
            raise TooLong

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._local[name]
        if tag == "c":
            self._cell = attributes
            self._value = None
            self._has_formula = False
            reference = attributes.get("r")
            self._place = self._places[reference.rstrip(DIGITS)] if reference else self._place + 1
        elif tag in ("v", "t"):
            self._pieces.clear()
            self._in_text = True
        elif tag == "f":
            self._has_formula = True
        elif tag == "row":
            number = attributes.get("r")
            self._number = _index(number) if number else self._number + 1
            self._cells = []
            self._place = -1
        elif tag == "is":
            self._runs.clear()
        elif tag == "rPh":
            self._is_reading = True

    def _end(self, name: str) -> None:
        tag = self._local[name]
        if tag == "v":
            self._value = "".join(self._pieces)
            self._in_text = False
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            if self._cells:
                self._found.append(Row(self._number, tuple(self._cells)))
        elif tag == "t":
            self._in_text = False
            if not self._is_reading:
                self._runs.extend(self._pieces)
        elif tag == "is":
            self._value = unescaped("".join(self._runs))
            self._runs.clear()
        elif tag == "rPh":
            self._is_reading = False

    def _end_cell(self) -> None:
        if not self._value:
            # The result of a formula that gives an empty text is called a text.
            if self._has_formula and self._cell.get("t") != "str":
                raise _never_calculated(*self._here())
            return
        cell = self._converted(self._value)
        if cell == "":
            return
        missing = self._place - len(self._cells)
        if missing < 0:
            raise Malformed("The cells of a row are not in order.")
        if self._place >= MOST_COLUMNS:
            raise _too_wide(self._number)
        self._cells.extend([None] * missing)
        self._cells.append(cell)

    def _converted(self, value: str) -> Cell:
        sort = self._cell.get("t", "n")
        if sort == "s":
            return self._strings[_index(value)]
        if sort == "n":
            number = number_of(value)
            temporal = self._temporals.get(self._cell.get("s", ""))
            if temporal and not isinstance(number, str):
                return moment(number, temporal, from_1904=self._from_1904)
            return number
        if sort == "b":
            return value.strip() in ("1", "true")
        if sort == "d":
            return iso_moment(value)
        return unescaped(value) if sort == "str" else value

    def _here(self) -> tuple[str, str]:
        """Gives row and column as people call them."""
        return reader().number(self._number), letters_of(self._place)


def _index(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Malformed(str(error)) from error


def _never_calculated(row: str, column: str) -> Unreadable:
    return Unreadable(
        gettext(
            "Row %(row)s, column %(column)s holds a formula that was never calculated. Open the "
            "workbook in a spreadsheet program, save it there and send it again.",
            row=row,
            column=column,
        )
    )


def _too_long(row: str, column: str) -> Unreadable:
    return Unreadable(
        gettext(
            "Row %(row)s, column %(column)s holds more than %(most)s characters.",
            row=row,
            column=column,
            most=reader().number(MOST_CELL),
        )
    )


def _too_wide(row: int) -> Unreadable:
    return Unreadable(
        gettext(
            "Row %(row)s goes on beyond the %(most)s columns that a table has at most.",
            row=reader().number(row),
            most=reader().number(MOST_COLUMNS),
        )
    )
