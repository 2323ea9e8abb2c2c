"""Draws on the pages of a PDF with the right font for each character."""

from collections.abc import Iterable
from typing import Literal

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from dashboard.formats.fonts import WESTERN, Typeface, regular
from dashboard.formats.pdf_paper import LINE, TEXT

HAIRLINE = 0.5

Anchor = Literal["start", "middle", "end"]
SHARES: dict[Anchor, float] = {"start": 0.0, "middle": 0.5, "end": 1.0}

# Western letters as a PDF spells them in Helvetica's encoding.
ESCAPES = {
    ord(c): f"\\{c.encode('cp1252')[0]:03o}" for c in WESTERN if c in "()\\" or not c.isascii()
}


class Texts:
    """Lines of one colour and weight, which are drawn together, as that is much faster."""

    def __init__(self, canvas: Canvas, face: Typeface, size: float, color: str) -> None:
        self._canvas = canvas
        self._face = face
        self._size = size
        self._western: list[str] = []
        canvas.setFillColor(HexColor(color))

    def add(self, x: float, y: float, text: str) -> None:
        """Adds a line that begins at (*x*, *y*)."""
        if WESTERN.issuperset(text):
            shown = text.translate(ESCAPES)
            self._western.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm ({shown}) Tj")
            return
        self.draw()  # What was added first comes first for those who copy or listen.
        drawn = self._canvas.beginText()
        for run in self._face.runs(text):
            drawn.setFont(run.font, self._size * run.scale)
            drawn.setTextOrigin(x, y)
            drawn.textOut(run.text)
            x += self._face.run_width(run) * self._size
        self._canvas.drawText(drawn)

    def draw(self) -> None:
        """Draws what has been added; must come before anything else is drawn."""
        if self._western:
            self._canvas.setFont(self._face.western, self._size)
            self._canvas.addLiteral(f"BT {' '.join(self._western)} ET")
            self._western.clear()


class Pen:
    """Draws texts and lines; all lengths are in points."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def texts(self, size: float, face: Typeface, color: str = TEXT) -> Texts:
        """Begins a collection of lines, which are only seen once it is drawn."""
        return Texts(self.canvas, face, size, color)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        face: Typeface | None = None,
        color: str = TEXT,
        anchor: Anchor = "start",
    ) -> None:
        """Draws one line whose baseline is at *y* and whose start, middle or end is at *x*."""
        face = face or regular()
        texts = self.texts(size, face, color)
        texts.add(x - SHARES[anchor] * face.width(text) * size, y, text)
        texts.draw()

    def rules(self, x1: float, x2: float, heights: Iterable[float], color: str = LINE) -> None:
        """Draws hairlines from *x1* to *x2* at each y of *heights*."""
        self.canvas.setStrokeColor(HexColor(color))
        self.canvas.setLineWidth(HAIRLINE)
        paths = " ".join(f"{x1:.2f} {y:.2f} m {x2:.2f} {y:.2f} l" for y in heights)
        self.canvas.addLiteral(f"n {paths} S")
