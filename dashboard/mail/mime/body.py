"""The text of a message as a part: quoted-printable, or base64 where that is shorter (RFC 2045)."""

from binascii import b2a_base64, b2a_qp
from functools import lru_cache
from typing import Final

COLUMNS: Final = 76  # of a line of either encoding
KEPT_LINES: Final = 2048  # Most lines of a mailing are the same in each of its messages.
LONGEST_KEPT: Final = 1024  # bytes


def text_part(text: str, kind: str) -> bytes:
    """Give *text* with the headers of a text/*kind* part, all lines ending in CRLF.

    Whatever ends its lines, they end in CRLF there, the last one also. Halves of characters,
    which nobody can write, become “?”.
    """
    raw = text.encode("utf-8", "replace")
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if raw and not raw.endswith(b"\n"):
        raw += b"\n"
    way, lines = "quoted-printable", quoted_printable(raw)
    # Base64 makes four octets of three, so that it is not worth a try below that.
    if len(lines) * 3 > len(raw) * 4:
        others = base64_lines(raw.replace(b"\n", b"\r\n"))
        if len(others) < len(lines):
            way, lines = "base64", others
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {way}\r\n\r\n"
    return head.encode() + lines


def quoted_printable(raw: bytes) -> bytes:
    """Give *raw*, whose lines end in LF, with lines of at most 76 columns that end in CRLF."""
    # Line by line also because in the middle of a text the encoder makes lines of 78 columns of
    # blanks at a line's end.
    lines = raw.split(b"\n")
    return b"\r\n".join(
        [_known(line) if len(line) <= LONGEST_KEPT else _quoted(line) for line in lines]
    )


def _quoted(line: bytes) -> bytes:
    return b2a_qp(line).replace(b"\n", b"\r\n")


_known = lru_cache(KEPT_LINES)(_quoted)


def base64_lines(content: bytes) -> bytes:
    """Give *content* as lines of 76 columns, each with its CRLF."""
    long = b2a_base64(content, newline=False)
    lines = [long[begin : begin + COLUMNS] for begin in range(0, len(long), COLUMNS)]
    return b"".join([line + b"\r\n" for line in lines])
