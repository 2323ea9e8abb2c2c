"""The rows of a CSV, with the one at fault named where it cannot be read."""

import csv
from collections.abc import Iterator
from functools import partial
from itertools import chain, islice
from operator import itemgetter, length_hint
from pathlib import Path
from typing import Final

from dashboard.formats.reading.delimiter import recognised_delimiter
from dashboard.formats.reading.encoding import recognised_encoding
from dashboard.formats.reading.limits import MOST_BATCH, MOST_CELL, MOST_COLUMNS, MOST_ROW
from dashboard.formats.reading.manner import ENCODINGS, FileManner
from dashboard.formats.reading.row import Row
from dashboard.formats.reading.text import EndlessRow, Text, ZeroByte
from dashboard.formats.reading.unreadable import Unreadable
from dashboard.words import gettext, reader

LAST: Final = 1 << 60  # a number that no row reaches
STEP: Final = 16  # rows that are read before their size is looked at

_cells_of = itemgetter(1)


class CsvRows:
    """The rows of the CSV at *path*; what *manner* leaves open is recognised.

    Raises Unreadable.
    """

    sheets: tuple[str, ...] = ()

    def __init__(self, path: Path, manner: FileManner) -> None:
        # The module's own limit, which holds for the whole process, is an eighth of this.
        csv.field_size_limit(MOST_CELL)
        self._file = path.open("rb")
        try:
            encoding = manner.encoding or recognised_encoding(self._file)
            self._file.seek(0)
            self._text = Text(self._file, encoding, path.stat().st_size)
            delimiter = manner.delimiter or recognised_delimiter(self._text.sample())
        except Unreadable:
            self.close()
            raise
        self.encoding, self.delimiter, self.sheet = encoding, delimiter, ""
        self._numbers = iter(range(1, LAST))
        lines = chain.from_iterable(self._text.blocks(self._number))
        cells = map(tuple, csv.reader(lines, delimiter=delimiter, strict=True))
        # All of this runs in C; an empty line is counted and left out.
        self._rows: Iterator[Row] = filter(
            _cells_of, map(partial(tuple.__new__, Row), zip(self._numbers, cells, strict=False))
        )

    def take(self, rows: int) -> list[Row]:
        """Gives the next rows, *rows* at most; none at the end."""
        taken: list[Row] = []
        start = self._text.given
        while len(taken) < rows and self._text.given - start < MOST_BATCH:
            more = self._more(min(STEP, rows - len(taken)))
            if not more:
                break
            taken += more
        if taken and max(map(len, map(_cells_of, taken))) > MOST_COLUMNS:
            self._refuse_width(taken)
        return taken

    def position(self) -> float:
        return self._text.position()

    def first_line(self) -> str:
        return self._text.first_line()

    def close(self) -> None:
        self._file.close()

    def _number(self) -> int:
        """Gives the number of the row that is being read."""
        return LAST - 1 - length_hint(self._numbers)

    def _more(self, rows: int) -> list[Row]:
        try:
            return list(islice(self._rows, rows))
        except UnicodeDecodeError:
            sentence = gettext(
                "Row %(row)s is not %(encoding)s. Choose the encoding that the file has; or, if it "
                "was put together from several, save it as a whole in UTF-8.",
                row=self._spoken_number(),
                encoding=gettext(ENCODINGS[self.encoding]),
            )
        except ZeroByte:
            sentence = gettext(
                "Row %(row)s holds a zero byte, which no text does. Save the file again in the "
                "program that made it.",
                row=self._spoken_number(),
            )
        except EndlessRow:
            sentence = gettext(
                "Row %(row)s has more than %(most)s characters. Perhaps this is no CSV, or a "
                "quotation mark that opens there is never closed.",
                row=self._spoken_number(),
                most=reader().number(MOST_ROW),
            )
        except csv.Error as error:
            sentence = self._broken_rule(str(error))
        raise Unreadable(sentence, first_line=self.first_line())

    def _broken_rule(self, rule: str) -> str:
        """Says which rule of CSV a row breaks, by what the reader calls it."""
        if rule.startswith("field larger"):
            return gettext(
                "Row %(row)s has a cell of more than %(most)s characters. Perhaps a quotation mark "
                "that opens there is never closed.",
                row=self._spoken_number(),
                most=reader().number(MOST_CELL),
            )
        if rule.startswith("unexpected end"):
            return gettext(
                "A quotation mark that opens in row %(row)s is never closed.",
                row=self._spoken_number(),
            )
        return gettext(
            "Row %(row)s has text behind the quotation mark that ends a cell. A quotation mark "
            "inside of a cell is written twice.",
            row=self._spoken_number(),
        )

    def _refuse_width(self, rows: list[Row]) -> None:
        row = next(row for row in rows if len(row.cells) > MOST_COLUMNS)
        raise Unreadable(
            gettext(
                "Row %(row)s has %(cells)s cells, but a table has %(most)s columns at most.",
                row=reader().number(row.number),
                cells=reader().number(len(row.cells)),
                most=reader().number(MOST_COLUMNS),
            ),
            first_line=self.first_line(),
        )

    def _spoken_number(self) -> str:
        return reader().number(self._number())
