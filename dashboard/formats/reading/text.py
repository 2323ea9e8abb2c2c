"""The lines of a text file, of which little is held at once."""

import codecs
from collections.abc import Callable, Iterator
from io import StringIO
from typing import BinaryIO

from dashboard.formats.reading.encoding import codec_of
from dashboard.formats.reading.limits import MOST_ROW
from dashboard.formats.reading.unreadable import first_line_of

BLOCK = 1 << 17  # bytes
HEAD = 1 << 16  # bytes


class ZeroByte(Exception):
    """The text holds a zero character."""


class EndlessRow(Exception):
    """A row is longer than any row is."""


class Text:
    """The text of *file*, which is *size* bytes long, in an *encoding* of ENCODINGS.

    *given* is the number of characters that were handed out.
    """

    def __init__(self, file: BinaryIO, encoding: str, size: int) -> None:
        self._file = file
        self._size = size
        self._read = 0
        self.given = 0
        self._head = file.read(HEAD)
        self.codec, self._mark = codec_of(encoding, self._head)

    def sample(self) -> str:
        """Gives the first lines, as well as they can be decoded."""
        text = self._head[self._mark :].decode(self.codec, "replace").replace("\0", "\ufffd")
        if len(self._head) < HEAD:
            return text
        return text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text

    def first_line(self) -> str:
        return first_line_of(self.sample())

    def position(self) -> float:
        return min(1.0, self._read / self._size) if self._size else 1.0

    def blocks(self, row: Callable[[], int]) -> Iterator[list[str]]:
        """Gives lines with their ends; *row* tells in which row the reader of them is.

        All whole lines before a fault come first. Raises UnicodeDecodeError, ZeroByte and
        EndlessRow.
        """
        decoder = codecs.getincrementaldecoder(self.codec)()
        data = self._head[self._mark :]
        self._read = len(self._head)
        in_row, since, rest, is_last = 0, 0, "", False
        while not is_last:
            # One block is read ahead, so that the last is known to be the last.
            ahead = self._file.read(BLOCK)
            is_last = not ahead
            text, fault = _decoded(decoder, data, is_last=is_last)
            before = self.given
            text = rest + text
            lines = StringIO(text, newline="").readlines()
            # The last line goes on in the next block, and a CR may be the first half of a CRLF.
            rest = lines.pop() if lines and lines[-1][-1] != "\n" and not is_last else ""
            if fault and is_last and lines and lines[-1][-1] not in "\r\n":
                lines.pop()
            self.given += len(text) - len(rest)
            if lines:
                yield lines
            if fault:
                raise fault
            if (now := row()) != in_row:
                in_row, since = now, before
            if self.given - since + len(rest) > MOST_ROW:
                raise EndlessRow
            self._read += len(ahead)
            data = ahead


def _decoded(
    decoder: codecs.IncrementalDecoder, data: bytes, *, is_last: bool
) -> tuple[str, Exception | None]:
    """Gives the text of *data* up to the first fault, and the fault."""
    state = decoder.getstate()
    fault: Exception | None = None
    try:
        text = decoder.decode(data, final=is_last)
    except UnicodeDecodeError as error:
        fault = error
        decoder.setstate(state)
        text = decoder.decode(data[: max(0, error.start - len(state[0]))])
    if "\0" in text:
        return text[: text.index("\0")], ZeroByte()
    return text, fault
