"""The texts that cells of a workbook share: read as far as is needed, kept on disk beyond a few."""

import marshal
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from tempfile import SpooledTemporaryFile
from typing import Final

from dashboard.formats.reading.string_table import StringTable
from dashboard.formats.reading.xml_stream import Malformed

BLOCK_TEXTS: Final = 1024
BLOCK_SIZE: Final = 1 << 18  # characters
BLOCKS_AT_HAND: Final = 16
IN_MEMORY: Final = 1 << 22  # bytes; more goes to disk


class SharedStrings:
    """The texts of a part, by their places in it."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._unread = StringTable().texts(chunks)
        self._starts = array("Q", [0])  # the place of each block's first text
        self._offsets = array("Q", [0])
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # It lives on.
        self._block = lru_cache(BLOCKS_AT_HAND)(self._load)
        self._first, self._texts = 0, list[str]()

    def __getitem__(self, place: int) -> str:
        """Raises Malformed where there is no such text, TooLong where it is too long."""
        at = place - self._first
        if not 0 <= at < len(self._texts):
            at = self._turn_to(place)
        return self._texts[at]

    def close(self) -> None:
        self._file.close()

    def _turn_to(self, place: int) -> int:
        """Makes the block with *place* the one at hand and gives where in it that is."""
        while self._starts[-1] <= place:
            self._read_block()
        block = bisect_right(self._starts, place) - 1
        if block < 0:
            raise Malformed("A cell names no text.")
        self._first, self._texts = self._starts[block], self._block(block)
        return place - self._first

    def _read_block(self) -> None:
        texts: list[str] = []
        size = 0
        for text in self._unread:
            texts.append(text)
            size += len(text)
            if len(texts) == BLOCK_TEXTS or size > BLOCK_SIZE:
                break
        if not texts:
            raise Malformed("A cell names a text that is not there.")
        self._file.seek(self._offsets[-1])
        self._file.write(marshal.dumps(texts))
        self._offsets.append(self._file.tell())
        self._starts.append(self._starts[-1] + len(texts))

    def _load(self, block: int) -> list[str]:
        start, end = self._offsets[block], self._offsets[block + 1]
        self._file.seek(start)
        texts: list[str] = marshal.loads(self._file.read(end - start))
        return texts
