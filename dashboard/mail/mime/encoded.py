"""Text beyond ASCII in a header, as encoded words (RFC 2047)."""

from binascii import b2a_base64
from typing import Final

from dashboard.mail.mime.packing import packed

LONGEST: Final = 75  # columns of one encoded word
FRAME: Final = len("=?utf-8?q??=")

# What RFC 2047 (5.3) leaves as it is wherever an encoded word may stand.
_safe: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/"
_signs: Final = tuple(
    "_" if byte == 0x20 else chr(byte) if byte in _safe else f"={byte:02X}" for byte in range(256)
)


def looks_encoded(text: str) -> bool:
    """Say whether plain *text* would be taken for an encoded word."""
    return "=?" in text


def encoded(text: str, room: int) -> str:
    """Give *text* as encoded words on as many lines as it takes, parted by CRLF and a blank.

    *room* is the number of columns left on the first line, at least 24. No character is divided.
    """
    raw = text.encode()
    first, rest = min(room, LONGEST) - FRAME, LONGEST - FRAME
    length = len(raw) + 2 * len(raw.translate(None, _safe + b" "))
    if length <= (len(raw) + 2) // 3 * 4:
        return _quoted(text, raw, length, first, rest)
    return _base64(text, raw, first // 4 * 3, rest // 4 * 3)


def _quoted(text: str, raw: bytes, length: int, first: int, rest: int) -> str:
    if length <= first:
        lines = ["".join([_signs[byte] for byte in raw])]
    else:
        signs = ["".join([_signs[byte] for byte in sign.encode()]) for sign in text]
        lines = packed(signs, first, rest)
    return "\r\n ".join([f"=?utf-8?q?{line}?=" for line in lines])


def _base64(text: str, raw: bytes, first: int, rest: int) -> str:
    lines = [raw] if len(raw) <= first else packed([sign.encode() for sign in text], first, rest)
    return "\r\n ".join(
        [f"=?utf-8?b?{b2a_base64(line, newline=False).decode()}?=" for line in lines]
    )
