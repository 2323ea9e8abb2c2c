"""The fonts of PDF files: which one draws a character, and how wide it is.

Helvetica, which every reader has, draws Western letters; DejaVu Sans the rest of Latin, Greek and
Cyrillic; WenQuanYi Micro Hei Chinese, Japanese and Korean.
"""

from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple
from unicodedata import bidirectional, category

from reportlab.pdfbase.pdfmetrics import getFont, registerFont
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).parent / "fonts"
FILES = {
    "DejaVuSans": "DejaVuSans.ttf",
    "DejaVuSans-Bold": "DejaVuSans-Bold.ttf",
    "WenQuanYiMicroHei": "wqy-microhei.ttc",
}
EAST = "WenQuanYiMicroHei"

# DejaVu Sans has larger letters than Helvetica; so it looks equal beside it.
SCALES = {"DejaVuSans": 0.93, "DejaVuSans-Bold": 0.93}

# The characters that Helvetica has; 0xAD is the soft hyphen, which shows only where words break.
WESTERN = frozenset(
    bytes([*range(0x20, 0x7F), *range(0x80, 0xAD), *range(0xAE, 0x100)]).decode("cp1252", "ignore")
)

REPLACEMENT = "\ufffd"
LAST_OF_FIRST_PLANE = "\uffff"


@cache
def loaded(name: str) -> TTFont:
    """Gives one of our own fonts, read when it is first needed."""
    font = TTFont(name, FOLDER / FILES[name])
    registerFont(font)
    return font


def holds(name: str, character: str) -> bool:
    """Whether one of our own fonts has a shape for *character*."""
    return ord(character) in loaded(name).face.charToGlyph


class Run(NamedTuple):
    """A part of a text that one font draws, in *scale* of the wanted size."""

    font: str
    text: str
    scale: float


class Typeface:
    """One weight of the fonts."""

    def __init__(self, western: str, other: str) -> None:
        self.western = western
        self.other = other
        self._fonts = Chosen(western, other)
        self._widths = {name: Widths(name) for name in (western, other, EAST)}

    def width(self, text: str) -> float:
        """Gives the width of one line, in heights of the font."""
        if WESTERN.issuperset(text):
            return sum(map(self._widths[self.western].__getitem__, text))
        return sum(map(self.run_width, self.runs(text)))

    def run_width(self, run: Run) -> float:
        """Gives the width of a part of a line, in heights of the font that was wanted."""
        return run.scale * sum(map(self._widths[run.font].__getitem__, run.text))

    def runs(self, text: str) -> list[Run]:
        """Gives *text* in runs of one font each."""
        fonts = list(map(self._fonts.__getitem__, text))
        if self.other in fonts and self.western in fonts:
            # Words that mix the shapes of two fonts are ugly: DejaVu Sans draws them whole.
            pairs = zip(fonts, text, strict=True)
            if any(font == self.other and c.isalpha() for font, c in pairs):
                fonts = [self.other if font == self.western else font for font in fonts]
        if len(set(fonts)) == 1:
            return [Run(fonts[0], text, SCALES.get(fonts[0], 1.0))]
        groups = groupby(zip(fonts, text, strict=True), itemgetter(0))
        return [
            Run(font, "".join(c for _, c in group), SCALES.get(font, 1.0)) for font, group in groups
        ]


class Chosen(dict[str, str]):
    """The font that draws a character, found out when it is first met."""

    def __init__(self, western: str, other: str) -> None:
        super().__init__(dict.fromkeys(WESTERN, western))
        self._other = other

    def __missing__(self, character: str) -> str:
        font = self[character] = self._other if holds(self._other, character) else EAST
        return font


class Widths(dict[str, float]):
    """The widths of characters in one font, in heights of the font."""

    def __init__(self, font: str) -> None:
        super().__init__()
        self._font = font

    def __missing__(self, character: str) -> float:
        font = loaded(self._font) if self._font in FILES else getFont(self._font)
        width = self[character] = font.stringWidth(character, 1)
        return width


@cache
def regular() -> Typeface:
    return Typeface("Helvetica", "DejaVuSans")


@cache
def bold() -> Typeface:
    return Typeface("Helvetica-Bold", "DejaVuSans-Bold")


def is_drawn(character: str) -> bool:
    """Whether a PDF shows *character* as it should look.

    Scripts from right to left need shaping, which the PDF engine does not do, and it spells
    characters beyond the first plane wrongly, so that texts could not be found or copied.
    """
    if character in WESTERN:
        return True
    if character > LAST_OF_FIRST_PLANE:
        return False
    if category(character) in {"Cc", "Co", "Cn"} or bidirectional(character) in {"R", "AL", "AN"}:
        return False
    weights = all(holds(face.other, character) for face in (regular(), bold()))
    return weights or holds(EAST, character)
