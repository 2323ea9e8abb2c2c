"""Lines of a header: not longer than 78 columns where they can be folded (RFC 5322, 2.2.3)."""

from collections.abc import Iterable
from typing import Final

from dashboard.mail.mime.bad import CONTROL, TOO_LONG, BadHeader, has_control
from dashboard.mail.mime.encoded import encoded, looks_encoded
from dashboard.mail.mime.packing import packed

COLUMNS: Final = 78
LONGEST_WORD: Final = 990  # characters; a line has at most 998 (RFC 5322, 2.1.1)


def text_field(name: str, text: str) -> str:
    """Give the header *name* for people to read, with its CRLF: encoded where it must be.

    Raises BadHeader for a control character.
    """
    return _field(name, text, COLUMNS - 1)


def token_field(name: str, value: str) -> str:
    """Give the header *name* for programs to read, with its CRLF: long words stay whole.

    Only what is not ASCII is encoded. Raises BadHeader for a control character or where a word
    is longer than a line.
    """
    if value.isascii() and any(len(word) > LONGEST_WORD for word in value.split(" ")):
        raise BadHeader(TOO_LONG, field=name)
    return _field(name, value, LONGEST_WORD)


def folded(name: str, words: Iterable[str]) -> str:
    """Give the header *name* of *words*, which one blank parts, with its CRLF."""
    lines = packed([f" {word}" for word in words], COLUMNS - len(name) - 1, COLUMNS)
    return f"{name}:" + "\r\n".join(lines) + "\r\n"


def _field(name: str, value: str, longest: int) -> str:
    if has_control(value):
        raise BadHeader(CONTROL, field=name)
    room = COLUMNS - len(name) - 2
    if value.isascii() and not looks_encoded(value) and value == value.strip(" "):
        if len(value) <= room:
            return f"{name}: {value}\r\n"
        words = value.split(" ")
        # A line of nothing but blanks is none, so several blanks in a row are not folded.
        if "" not in words and max(map(len, words)) <= longest:
            return folded(name, words)
    return f"{name}: {encoded(value, room)}\r\n"
