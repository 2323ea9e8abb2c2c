"""A PDF that knows all its rows: first its pages are planned, then they are drawn."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from reportlab import rl_config

from dashboard.formats import provenance
from dashboard.formats.pdf_canvas import PageCanvas
from dashboard.formats.pdf_fit import Measure, fit
from dashboard.formats.pdf_front import Front
from dashboard.formats.pdf_pages import Frame, Page, paginate
from dashboard.formats.pdf_pen import Pen
from dashboard.formats.pdf_table import Row, Table
from dashboard.formats.readable import Readable
from dashboard.formats.remarks import Remarks
from dashboard.formats.table import Chart, Document

# Gives the texts of all rows anew, in batches of columns.
Batches = Callable[[], Iterator[Sequence[Row]]]


class PdfDocument:
    """Sets a table of texts; raises FormatError where its columns fit on no paper."""

    def __init__(
        self,
        document: Document,
        measures: Sequence[Measure],
        readable: Readable,
        remarks: Remarks,
        batches: Batches,
    ) -> None:
        self._document = document
        self._readable = readable
        self._remarks = remarks
        self._batches = batches
        self._setting = fit(measures)
        self._table = Table(measures, self._setting, readable, remarks)
        self._lines = array("B")

    def pages(self, chart: Chart | None, *, totals: bool) -> list[Page]:
        """Plans the pages."""
        paper = self._setting.paper
        for columns in self._batches():
            self._lines.extend(self._table.lines(columns))
        front = Front(self._document, paper, self._readable, self._remarks)
        blocks = front.blocks(len(self._lines), chart)
        return paginate(paper, blocks, self._table, self._lines, totals=totals)

    def save(self, path: Path, pages: Sequence[Page], totals: Row) -> Iterator[int]:
        """Draws *pages* to *path*; gives the number of rows drawn after each page."""
        frame = self._frame(len(pages))
        rows = chain.from_iterable(zip(*columns, strict=True) for columns in self._batches())
        numbered = zip(rows, self._lines, strict=True)
        done = 0
        # Given a path, the engine would leave the file open where the disk is full.
        with path.open("wb") as file:
            canvas = self._canvas(file)
            pen = Pen(canvas)
            for number, page in enumerate(pages, 1):
                frame.draw_head(pen, number)
                self._draw(pen, page, islice(numbered, page.rows), totals)
                frame.draw_foot(pen, number)
                canvas.showPage()
                done += page.rows
                yield done
            canvas.save()

    def _draw(self, pen: Pen, page: Page, rows: Iterator[tuple[Row, int]], totals: Row) -> None:
        """Draws the body of *page*."""
        for top, block in page.blocks:
            block.draw(pen, top)
        if page.top is None:
            return
        y = self._table.draw_header(pen, page.top)
        y = self._table.draw_rows(pen, y, rows)
        if not self._lines:
            self._table.draw_emptiness(pen, y)
        if page.has_totals:
            self._table.draw_totals(pen, y, totals)

    def _canvas(self, file: BinaryIO) -> PageCanvas:
        paper = self._setting.paper
        # A form of compression for printers of the past, which takes time and a quarter more room.
        rl_config.useA85 = 0
        canvas = PageCanvas(file, pagesize=(paper.width, paper.height), pageCompression=1)
        readable = self._readable.text
        canvas.setTitle(readable(self._document.title))
        canvas.setAuthor(readable(self._document.made_by))
        canvas.setSubject(readable(provenance.line(self._document, len(self._lines))))
        canvas.setCreator(readable(self._document.brand))
        return canvas

    def _frame(self, pages: int) -> Frame:
        document, readable = self._document, self._readable.text
        return Frame(
            self._setting.paper,
            pages,
            brand=readable(document.brand),
            number=readable(document.number),
            title=readable(document.title),
            line=readable(provenance.line(document, len(self._lines))),
        )
