"""The texts of a workbook's string table, as its XML comes in."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from dashboard.formats.reading.limits import MOST_CELL
from dashboard.formats.reading.xml_stream import LocalNames, XmlStream

# Excel writes characters that XML cannot hold by their number: _x000D_ (ECMA-376 22.4.2.4). Zeros
# and halves of characters are left as they are written, for no text holds them.
_escaped = re.compile("_x(?!0000|[Dd][89A-Fa-f])([0-9A-Fa-f]{4})_").sub


class TooLong(Exception):
    """A text is longer than a cell may be."""


class StringTable:
    """Makes texts of the XML of a string table; runs of letters in one text are put together."""

    def __init__(self) -> None:
        self._local = LocalNames()
        self._found: list[str] = []
        self._runs: list[str] = []
        self._pieces: list[str] = []
        self._is_reading = False  # aloud, which no cell shows

    def texts(self, chunks: Iterable[bytes]) -> Iterator[str]:
        """Gives the texts in their order. Raises Malformed, TooLong."""
        stream = XmlStream()
        stream.parser.StartElementHandler = self._start
        stream.parser.EndElementHandler = self._end
        stream.parser.CharacterDataHandler = self._pieces.append
        for data in chain(chunks, (b"",)):
            stream.feed(data)
            if sum(map(len, self._runs)) + sum(map(len, self._pieces)) > MOST_CELL:
                raise TooLong
            yield from self._found
            self._found.clear()

    def _start(self, name: str, _: dict[str, str]) -> None:
        tag = self._local[name]
        if tag in ("t", "si"):
            self._pieces.clear()
        elif tag == "rPh":
            self._is_reading = True

    def _end(self, name: str) -> None:
        tag = self._local[name]
        if tag == "t":
            if not self._is_reading:
                self._runs.extend(self._pieces)
        elif tag == "rPh":
            self._is_reading = False
        elif tag == "si":
            self._found.append(unescaped("".join(self._runs)))
            self._runs.clear()


def unescaped(text: str) -> str:
    return _escaped(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
