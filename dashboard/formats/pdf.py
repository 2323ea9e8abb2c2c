"""PDF: title, choices, chart and a table with a repeated header, made to be read and printed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Final, cast
from zoneinfo import ZoneInfo

from dashboard.formats.batch import check_count, turned
from dashboard.formats.display import display
from dashboard.formats.fonts import bold
from dashboard.formats.pdf_document import PdfDocument
from dashboard.formats.pdf_fit import Measure
from dashboard.formats.pdf_table import Row
from dashboard.formats.readable import Readable
from dashboard.formats.remarks import Remarks
from dashboard.formats.spool import Spool
from dashboard.formats.table import Column, Document, FormatError, Written
from dashboard.formats.totals import Totals
from dashboard.formats.writer import Stopped, Tell


class PdfWriter:
    """Writes a PDF.

    Rows are put aside first, so that the chart comes before the table, columns fit their contents
    and every page knows how many there are.
    """

    # Nobody reads more, and the engine holds all pages in memory until the end.
    MAX_PAGES: Final = 2_000
    # On upright A4, one line a row; wider tables have fewer and meet the limit in close().
    ROWS_A_PAGE: Final = 45

    def __init__(
        self, path: Path, columns: Sequence[Column], document: Document, *, scratch: Path
    ) -> None:
        self._path = path
        self._columns = columns
        self._document = document
        self._zone = ZoneInfo(document.zone)
        self._remarks = Remarks()
        self._readable = Readable()
        self._totals = Totals(columns, self._remarks)
        self._measures = [Measure(column) for column in columns]
        self._rows = 0
        self._done = 0
        self._tell: Tell | None = None
        self._is_closing = False
        self._stop = Event()
        self._refuse(document.rows or 0)
        self._spool = Spool(scratch)

    @classmethod
    def refusal(cls, rows: int) -> str | None:
        """Says why *rows* rows are too many for a PDF, or gives None where they are not."""
        pages = rows // cls.ROWS_A_PAGE
        if pages <= cls.MAX_PAGES:
            return None
        rounded = int(float(f"{pages:.2g}"))
        about = rounded if rounded > cls.MAX_PAGES else pages
        return cls._too_many(rows, f"about {about:,}")

    def write(self, rows: Sequence[Sequence[object]]) -> None:
        if self._stop.is_set():
            raise Stopped
        if not rows:
            return
        self._refuse(self._rows + len(rows))
        columns = turned(rows, self._columns, self._rows)
        texts = [self._texts(*pair) for pair in zip(self._columns, columns, strict=True)]
        for measure, column in zip(self._measures, texts, strict=True):
            measure.add(column)
        self._spool.add([*texts])
        self._totals.add(columns)
        self._rows += len(rows)

    def close(self, tell: Tell | None = None) -> Written:
        self._tell = tell
        self._is_closing = True
        try:
            check_count(self._rows, self._document.rows)
            written = self._close()
            if self._stop.is_set():
                raise Stopped
        except BaseException:
            self.abort()
            raise
        finally:
            self._spool.close()
        return written

    def abort(self) -> None:
        self._stop.set()
        if not self._is_closing:
            self._spool.close()
        self._path.unlink(missing_ok=True)

    def _close(self) -> Written:
        totals = {
            index: display(value, self._columns[index], self._zone)
            for index, value in self._totals.sums().items()
        }
        last = self._last_row(totals)
        for measure, text in zip(self._measures, last, strict=True):
            measure.reserve(bold().width(text))
        pdf = PdfDocument(
            self._document, self._measures, self._readable, self._remarks, self._batches
        )
        chart = self._document.chart() if self._document.chart else None
        pages = pdf.pages(chart, totals=bool(totals and self._rows))
        if len(pages) > self.MAX_PAGES:
            raise FormatError(self._too_many(self._rows, f"{len(pages):,}"), change=True)
        for done in pdf.save(self._path, pages, last):
            self._done = done
        return Written(
            self._rows,
            len(pages),
            (*self._remarks.sentences(), *self._readable.sentences()),
            tuple((self._columns[index].label, text) for index, text in totals.items()),
        )

    def _texts(self, column: Column, values: Sequence[object]) -> list[str]:
        readable, zone = self._readable.text, self._zone
        return ["" if value is None else readable(display(value, column, zone)) for value in values]

    def _batches(self) -> Iterator[list[Row]]:
        """Gives the texts that were put aside, as long as the PDF is wanted."""
        for columns in self._spool:
            if self._stop.is_set():
                raise Stopped
            if self._tell:
                self._tell(self._done)
            yield cast("list[Row]", columns)

    def _last_row(self, totals: dict[int, str]) -> list[str]:
        """Gives the last row of the table, which says Total in its first free column."""
        texts = [totals.get(index, "") for index in range(len(self._columns))]
        free = next((index for index in range(len(texts)) if index not in totals), None)
        if totals and free is not None:
            texts[free] = "Total"
        return texts

    def _refuse(self, rows: int) -> None:
        if refusal := self.refusal(rows):
            raise FormatError(refusal, change=True)

    @classmethod
    def _too_many(cls, rows: int, pages: str) -> str:
        return (
            f"A PDF of {rows:,} rows would have {pages} pages; the limit is {cls.MAX_PAGES:,}. "
            "Choose CSV or Excel, or a shorter period."
        )
