"""Long texts in lines of a given width."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from dashboard.formats.fonts import Typeface

ELLIPSIS = "…"

# Western texts break at spaces and behind the signs of paths and addresses, East Asian anywhere.
EAST_ASIAN = "\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
SIGNS = "/@._-"
_words = re.compile(
    rf"\s+|[{EAST_ASIAN}]|[^\s{EAST_ASIAN}{SIGNS}]*[{SIGNS}]+|[^\s{EAST_ASIAN}{SIGNS}]+"
).findall

# The narrowest letter, in heights of the font: no more of them fit into a line than that.
NARROWEST = 0.19


class Wrapped(NamedTuple):
    """The lines of a text, and whether some of it had to be left out."""

    lines: list[str]
    is_cut: bool


def wrap(text: str, width: float, typeface: Typeface, most: int) -> Wrapped:
    """Gives *text* in at most *most* lines of *width*, measured in heights of the font.

    What is left out is marked by an ellipsis.
    """
    # More than that cannot be shown, and a huge text need not be looked at as a whole.
    bound = most * (int(width / NARROWEST) + 1)
    lines: list[str] = []
    for line in _lines(text[:bound].rstrip(), width, typeface):
        if len(lines) == most:
            return Wrapped([*lines[:-1], _marked(lines[-1], width, typeface)], is_cut=True)
        lines.append(line)
    if len(text) > bound:
        return Wrapped([*lines[:-1], _marked(lines[-1], width, typeface)], is_cut=True)
    return Wrapped(lines, is_cut=False)


def _lines(text: str, width: float, typeface: Typeface) -> Iterator[str]:
    """Gives lines that are each measured as a whole, as one letter may change the font of all."""
    for paragraph in text.split("\n"):
        line = ""
        for word in _words(paragraph.rstrip()):
            if typeface.width(line + word) <= width:
                line += word
                continue
            if line.strip():
                yield line.rstrip()
            *full, line = [""] if word.isspace() else _pieces(word, width, typeface)
            yield from full
        yield line.rstrip()


def _pieces(word: str, width: float, typeface: Typeface) -> list[str]:
    """Gives a word in pieces that fit, each with one character at least."""
    pieces = [""]
    for character in word:
        if pieces[-1] and typeface.width(pieces[-1] + character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _marked(line: str, width: float, typeface: Typeface) -> str:
    while line and typeface.width(line + ELLIPSIS) > width:
        line = line[:-1]
    return line.rstrip() + ELLIPSIS
