"""The rows of a CSV letter by letter, as they stand in the file."""

import csv
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dashboard.formats.reading.encoding import codec_of
from dashboard.formats.reading.limits import MOST_CELL
from dashboard.formats.reading.manner import FileManner
from dashboard.formats.reading.text import HEAD, Text


class Record(NamedTuple):
    """A row: its *number*, how many *cells* it has, its *text* and how its last line *end*s.

    An empty line has no cells.
    """

    number: int
    cells: int
    text: str
    end: str


class CsvRecords:
    """The rows of a CSV that was read with the same manner before, so that nothing is amiss.

    *codec* is Python's name of its encoding, *mark* the bytes before its text.
    """

    def __init__(self, path: Path, manner: FileManner) -> None:
        csv.field_size_limit(MOST_CELL)
        self.delimiter = manner.delimiter
        self._file = path.open("rb")
        head = self._file.read(HEAD)
        self.codec, length = codec_of(manner.encoding, head)
        self.mark = head[:length]
        self._file.seek(0)
        self._text = Text(self._file, manner.encoding, path.stat().st_size)
        self._number = 0
        self._taken: list[str] = []

    def __iter__(self) -> Iterator[Record]:
        # The reader takes no more lines than make up a row.
        rows = csv.reader(self._lines(), delimiter=self.delimiter, strict=True)
        for self._number, cells in enumerate(rows, 1):
            text = "".join(self._taken)
            self._taken.clear()
            body = text[:-1] if text.endswith(("\n", "\r")) else text
            if text.endswith("\r\n"):
                body = text[:-2]
            yield Record(self._number, len(cells), body, text[len(body) :])

    def close(self) -> None:
        self._file.close()

    def _lines(self) -> Iterator[str]:
        for lines in self._text.blocks(lambda: self._number):
            for line in lines:
                self._taken.append(line)
                yield line


@contextmanager
def csv_records(path: Path, manner: FileManner) -> Iterator[CsvRecords]:
    """Opens the CSV at *path*, whose encoding and delimiter *manner* names."""
    with closing(CsvRecords(path, manner)) as records:
        yield records


def span_of(text: str, place: int, delimiter: str) -> tuple[int, int]:
    """Gives where in the *text* of a row the cell at *place* begins and ends."""
    cell = _cell(delimiter)
    start = 0
    for _ in range(place):
        start = _end(cell, text, start) + len(delimiter)
    return start, _end(cell, text, start)


@cache
def _cell(delimiter: str) -> re.Pattern[str]:
    return re.compile(rf'"[^"]*(?:""[^"]*)*"|[^{re.escape(delimiter)}]*')


def _end(cell: re.Pattern[str], text: str, start: int) -> int:
    found = cell.match(text, start)
    return found.end() if found else len(text)
