"""The table of a PDF: its header, its rows, its totals."""

from collections.abc import Iterable, Sequence

from dashboard.formats.fonts import Typeface, bold, regular
from dashboard.formats.pdf_fit import Fit, Measure
from dashboard.formats.pdf_paper import LEADING, LINE, MUTED, STRONG_LINE
from dashboard.formats.pdf_pen import Pen, Texts
from dashboard.formats.readable import Readable
from dashboard.formats.remarks import Remarks
from dashboard.formats.wrapping import Wrapped, wrap

MOST_LINES = 6  # of a cell; more would tear the table apart
MOST_LABEL_LINES = 4
PAD = 0.6  # above and below the lines of a row together, in heights of the font
# Rounding must not wrap the very text that a column was made for.
TOLERANCE = 1e-6

Row = Sequence[str]


class Table:
    """Draws parts of the table where the pages want them; lengths are in points."""

    def __init__(
        self, measures: Sequence[Measure], setting: Fit, readable: Readable, remarks: Remarks
    ) -> None:
        self._setting = setting
        self._size = setting.size
        self._remarks = remarks
        self._labels = [m.column.label for m in measures]
        self._right = [m.is_right for m in measures]
        self._ems = [width / setting.size + TOLERANCE for width in setting.widths]
        self._wrapping = [
            index
            for index, measure in enumerate(measures)
            if measure.breaks or measure.widest > self._ems[index]
        ]
        self._header = [
            wrap(readable.text(label), em, bold(), MOST_LABEL_LINES)
            for label, em in zip(self._labels, self._ems, strict=True)
        ]

    @property
    def header_height(self) -> float:
        return self.height(max(len(label.lines) for label in self._header))

    def height(self, lines: int) -> float:
        """Gives the height of a row of *lines* lines."""
        return self._size * (lines * LEADING + PAD)

    def lines(self, columns: Sequence[Row]) -> list[int]:
        """Gives how many lines each row of a batch needs, and remarks what will be cut."""
        counts = [1] * len(columns[0])
        width = regular().width
        for index in self._wrapping:
            em, cut = self._ems[index], 0
            for row, text in enumerate(columns[index]):
                if "\n" in text or width(text) > em:
                    wrapped = self._wrap(text, index)
                    counts[row] = max(counts[row], len(wrapped.lines))
                    cut += wrapped.is_cut
            self._remarks.add("shortened", self._labels[index], cut)
        return counts

    def draw_header(self, pen: Pen, top: float) -> float:
        """Draws the header below *top* and gives the y below it."""
        texts = pen.texts(self._size, bold(), MUTED)
        bottom = top - self.header_height
        for index, label in enumerate(self._header):
            # Labels stand on the line, however many lines the longest has.
            for line, text in enumerate(reversed(label.lines)):
                y = bottom + self._size * (line * LEADING + PAD)
                self._put(texts, index, y, text, bold())
        texts.draw()
        self._rule(pen, [bottom], STRONG_LINE)
        return bottom

    def draw_rows(self, pen: Pen, top: float, rows: Iterable[tuple[Row, int]]) -> float:
        """Draws rows, each with the number of its lines, and gives the y below them."""
        texts = pen.texts(self._size, regular())
        rules = []
        for row, lines in rows:
            first = top - self._size * (LEADING + PAD * 0.3)
            top -= self.height(lines)
            rules.append(top)
            for index, text in enumerate(row):
                if not text:
                    continue
                if lines == 1:
                    self._put(texts, index, first, text, regular())
                    continue
                for line, part in enumerate(self._wrap(text, index).lines):
                    y = first - line * self._size * LEADING
                    self._put(texts, index, y, part, regular())
        texts.draw()
        self._rule(pen, rules, LINE)
        return top

    def draw_emptiness(self, pen: Pen, top: float) -> None:
        """Says below *top* that there are no rows."""
        y = top - self._size * (LEADING + PAD)
        side = self._setting.paper.side
        pen.text(side, y, "No rows match these choices.", self._size, color=MUTED)

    def draw_totals(self, pen: Pen, top: float, row: Row) -> None:
        """Draws the totals below *top*."""
        texts = pen.texts(self._size, bold())
        y = top - self._size * (LEADING + PAD * 0.5)
        for index, text in enumerate(row):
            self._put(texts, index, y, text, bold())
        texts.draw()
        self._rule(pen, [top], STRONG_LINE)

    def _put(self, texts: Texts, index: int, y: float, text: str, face: Typeface) -> None:
        x = self._setting.lefts[index]
        if self._right[index]:
            x += self._setting.widths[index] - face.width(text) * self._size
        texts.add(x, y, text)

    def _wrap(self, text: str, index: int) -> Wrapped:
        return wrap(text, self._ems[index], regular(), MOST_LINES)

    def _rule(self, pen: Pen, heights: Sequence[float], color: str) -> None:
        paper = self._setting.paper
        pen.rules(paper.side, paper.right, heights, color)
