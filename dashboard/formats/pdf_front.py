"""What stands before the table of a PDF: the title, the choices, the chart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.formats import provenance
from dashboard.formats.chart import layout
from dashboard.formats.fonts import Typeface, bold, regular
from dashboard.formats.pdf_chart import draw_picture
from dashboard.formats.pdf_paper import (
    BODY_SIZE,
    HEADING_SIZE,
    LEADING,
    MUTED,
    SMALL_SIZE,
    TEXT,
    TITLE_SIZE,
    Paper,
)
from dashboard.formats.pdf_pen import Anchor, Pen
from dashboard.formats.readable import Readable
from dashboard.formats.remarks import Remarks
from dashboard.formats.shapes import Picture
from dashboard.formats.table import Chart, Document, Series
from dashboard.formats.wrapping import wrap

CHART_HEIGHT = 170.0
CHART_TEXT = 7.0
FACT_WIDTH = 125.0  # the least width of a choice
GAP = 12.0
# What the head and the foot of the page say already.
ELSEWHERE = frozenset({"Number", "Times are in"})
MOST_TITLE_LINES = 4
MOST_FACT_LINES = 12


@dataclass(frozen=True)
class Text:
    """A line of text whose baseline is *down* points below the upper edge of its block."""

    x: float
    down: float
    text: str
    size: float
    face: Typeface
    color: str = TEXT
    anchor: Anchor = "start"


@dataclass(frozen=True)
class Block:
    """A part of the front that stays on one page."""

    height: float
    texts: Sequence[Text]
    picture: Picture | None = None
    side: float = 0.0  # where the picture begins, from the left
    down: float = 0.0  # where the picture begins, from the upper edge of the block

    def draw(self, pen: Pen, top: float) -> None:
        for text in self.texts:
            pen.text(
                text.x,
                top - text.down,
                text.text,
                text.size,
                face=text.face,
                color=text.color,
                anchor=text.anchor,
            )
        if self.picture:
            draw_picture(pen, self.picture, self.side, top - self.down, CHART_TEXT)


class Front:
    """Makes the blocks; what is too long for them is shortened with a remark."""

    def __init__(
        self, document: Document, paper: Paper, readable: Readable, remarks: Remarks
    ) -> None:
        self._document = document
        self._paper = paper
        self._readable = readable
        self._remarks = remarks

    def blocks(self, rows: int, chart: Chart | None) -> list[Block]:
        """Gives the blocks in their order, for a table of *rows* rows."""
        blocks = [self._title(), *self._facts(rows)]
        if chart:
            blocks.append(self._chart(chart))
        return [*blocks, Block(GAP, ())]

    def _title(self) -> Block:
        document, side, breadth = self._document, self._paper.side, self._paper.breadth
        texts, down = [], 0.0
        for text in self._wrap("Title", document.title, breadth, TITLE_SIZE, bold()):
            down += TITLE_SIZE * LEADING
            texts.append(Text(side, down, text, TITLE_SIZE, bold()))
        for text in self._wrap("Subtitle", document.subtitle, breadth, BODY_SIZE, regular()):
            down += BODY_SIZE * LEADING * 1.3
            texts.append(Text(side, down, text, BODY_SIZE, regular(), MUTED))
        return Block(down + GAP * 1.5, texts)

    def _facts(self, rows: int) -> list[Block]:
        """Gives the choices and the provenance, several beside one another in each block."""
        told = [fact for fact in provenance.facts(self._document, rows) if fact[0] not in ELSEWHERE]
        pairs = [*self._document.choices, *told]
        count = int(self._paper.breadth / FACT_WIDTH)
        return [self._fact_row(pairs[n : n + count], count) for n in range(0, len(pairs), count)]

    def _fact_row(self, pairs: Sequence[tuple[str, str]], count: int) -> Block:
        width = self._paper.breadth / count
        texts, height = [], 0.0
        for place, (label, value) in enumerate(pairs):
            x, down = self._paper.side + place * width, SMALL_SIZE * LEADING
            label = self._readable.text(label)
            (shown,) = wrap(label, (width - GAP) / SMALL_SIZE, regular(), 1).lines
            texts.append(Text(x, down, shown, SMALL_SIZE, regular(), MUTED))
            down += 2
            for line in self._wrap(label, value, width - GAP, BODY_SIZE, regular()):
                down += BODY_SIZE * LEADING
                texts.append(Text(x, down, line, BODY_SIZE, regular()))
            height = max(height, down)
        return Block(height + GAP, texts)

    def _chart(self, chart: Chart) -> Block:
        paper, down = self._paper, GAP + HEADING_SIZE
        unit = self._readable.text(chart.unit)
        room = paper.breadth - regular().width(unit) * BODY_SIZE - GAP
        (title, *_) = self._wrap("Chart", chart.title, room, HEADING_SIZE, bold())
        texts = [
            Text(paper.side, down, title, HEADING_SIZE, bold()),
            Text(paper.right, down, unit, BODY_SIZE - 1, regular(), MUTED, "end"),
        ]
        picture = layout(self._legible(chart), paper.breadth, CHART_HEIGHT, text=CHART_TEXT)
        down += GAP
        return Block(down + CHART_HEIGHT + GAP, texts, picture, paper.side, down)

    def _legible(self, chart: Chart) -> Chart:
        clean = self._readable.text
        return replace(
            chart,
            series=tuple(
                Series(clean(s.name), tuple((clean(label), value) for label, value in s.points))
                for s in chart.series
            ),
        )

    def _wrap(self, label: str, text: str, width: float, size: float, face: Typeface) -> list[str]:
        if not text:
            return []
        most = MOST_FACT_LINES if size == BODY_SIZE else MOST_TITLE_LINES
        wrapped = wrap(self._readable.text(text), width / size, face, most)
        if wrapped.is_cut:
            self._remarks.add("shortened-front", label)
        return wrapped.lines
