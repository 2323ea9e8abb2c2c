"""In which encoding a text file is written."""

import codecs
import re
from typing import BinaryIO

from dashboard.formats.reading.unreadable import Unreadable, first_line_of
from dashboard.words import gettext

BLOCK = 1 << 20  # bytes

# Of texts in UTF-16 without a mark, every second byte of what is plain ASCII is zero.
ZEROS = 0.3  # of the bytes on one side, at least
OTHER_ZEROS = 0.02  # of the bytes on the other side, at most

_has_controls = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]").search


def recognised_encoding(file: BinaryIO) -> str:
    """Gives the key of ENCODINGS for *file*, which is read from its beginning.

    The first megabyte with anything but plain ASCII decides. Where it is UTF-8 but for some bytes,
    it is UTF-8, so that reading names the row at fault instead of taking every letter for two.
    Raises Unreadable.
    """
    block = file.read(BLOCK)
    if utf_16_codec(block):
        return "utf-16"
    if block.startswith(codecs.BOM_UTF8):
        return "utf-8"
    while block and block.isascii():
        block = file.read(BLOCK)
    if not block or b"\0" in block:
        return "utf-8"  # Reading names the row with the zero byte.
    return _eight_bit(block, is_last=len(block) < BLOCK)


def codec_of(encoding: str, head: bytes) -> tuple[str, int]:
    """Gives Python's name for *encoding*, and of how many bytes the mark in *head* is."""
    if encoding == "utf-16":
        codec = utf_16_codec(head) or "utf-16-le"
        return codec, 2 if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else 0
    if encoding == "utf-8":
        return encoding, 3 if head.startswith(codecs.BOM_UTF8) else 0
    return encoding, 0


def utf_16_codec(head: bytes) -> str:
    """Gives which UTF-16 a text that begins with *head* is in, or "" where it is none."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    pairs = len(head) // 2
    if not pairs:
        return ""
    even = head[0::2].count(0) / pairs
    odd = head[1::2].count(0) / pairs
    if odd >= ZEROS and even <= OTHER_ZEROS:
        return "utf-16-le"
    return "utf-16-be" if even >= ZEROS and odd <= OTHER_ZEROS else ""


def _eight_bit(block: bytes, *, is_last: bool) -> str:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(block, final=is_last)
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    text = block.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= letter <= "\udcff" for letter in text)
    if len(text) - broken - sum(map(str.isascii, text)) > broken:
        return "utf-8"
    try:
        western = block.decode("cp1252")
    except UnicodeDecodeError:
        western = "\0"
    if _has_controls(western):
        raise Unreadable(
            gettext(
                "This is neither UTF-8, UTF-16 nor Windows-1252 text, or no text at all. Save the "
                "file as CSV in UTF-8, or as XLSX."
            ),
            first_line=first_line_of(block.decode("utf-8", "replace")),
        )
    return "cp1252"
