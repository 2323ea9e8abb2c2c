"""Which part of a PDF stands on which page, and what is around it on every page."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.formats.fonts import bold, regular
from dashboard.formats.pdf_front import Block
from dashboard.formats.pdf_paper import LEADING, MUTED, SMALL_SIZE, Paper
from dashboard.formats.pdf_pen import Pen
from dashboard.formats.pdf_table import Table
from dashboard.formats.wrapping import wrap

FEWEST_ROWS = 3  # A header with fewer rows below it goes to the next page.
MARK_SPACE = 90.0  # for "Page 1,999 of 2,000"
EDGE = 30.0  # from the edge of the paper to the running head and foot
RULE = 12.0  # from the foot to the line above it


@dataclass
class Page:
    """Blocks with the y of their upper edges, then rows of the table."""

    blocks: list[tuple[float, Block]] = field(default_factory=list)
    top: float | None = None  # the upper edge of the table, if it is on this page
    rows: int = 0
    has_totals: bool = False


def paginate(
    paper: Paper, blocks: Sequence[Block], table: Table, lines: Sequence[int], *, totals: bool
) -> list[Page]:
    """Gives the pages for *blocks* and a table whose rows have *lines* lines each."""
    pages, y = [Page()], paper.top
    for block in blocks:
        if y - block.height < paper.bottom and pages[-1].blocks:
            pages.append(Page())
            y = paper.top
        pages[-1].blocks.append((y, block))
        y -= block.height
    first = sum(map(table.height, lines[:FEWEST_ROWS])) or table.height(1)
    if y - table.header_height - first < paper.bottom:
        pages.append(Page())
        y = paper.top
    pages[-1].top = y
    y -= table.header_height
    heights = [0.0, *map(table.height, range(1, max(lines, default=1) + 1))]
    for height in (heights[count] for count in lines):
        if y - height < paper.bottom:
            pages.append(Page(top=paper.top))
            y = paper.top - table.header_height
        pages[-1].rows += 1
        y -= height
    if totals:
        if y - table.height(1) < paper.bottom:
            # The totals take the last row along, so as not to stand alone.
            moved = min(1, pages[-1].rows)
            pages[-1].rows -= moved
            pages.append(Page(top=paper.top, rows=moved))
        pages[-1].has_totals = True
    return pages


class Frame:
    """Draws what every page has around it."""

    def __init__(
        self, paper: Paper, pages: int, *, brand: str, number: str, title: str, line: str
    ) -> None:
        self._paper = paper
        self._pages = pages
        self._brand = brand
        self._number = number
        breadth = paper.breadth / SMALL_SIZE
        self._title = wrap(title, breadth * 0.7, regular(), 1).lines[0]
        self._foot = wrap(line, breadth - MARK_SPACE / SMALL_SIZE, regular(), 2).lines

    def draw_head(self, pen: Pen, page: int) -> None:
        """Draws the head of *page*, counted from 1."""
        paper = self._paper
        y = paper.height - EDGE - SMALL_SIZE
        if page == 1:
            pen.text(paper.side, y, self._brand, SMALL_SIZE + 1, face=bold())
        else:
            pen.text(paper.side, y, self._title, SMALL_SIZE, color=MUTED)
        pen.text(paper.right, y, self._number, SMALL_SIZE, color=MUTED, anchor="end")

    def draw_foot(self, pen: Pen, page: int) -> None:
        """Draws the foot of *page*, counted from 1."""
        paper = self._paper
        pen.rules(paper.side, paper.right, [EDGE + RULE])
        for number, text in enumerate(self._foot):
            down = number * SMALL_SIZE * LEADING
            pen.text(paper.side, EDGE - down, text, SMALL_SIZE, color=MUTED)
        mark = f"Page {page:,} of {self._pages:,}"
        pen.text(paper.right, EDGE, mark, SMALL_SIZE, color=MUTED, anchor="end")
