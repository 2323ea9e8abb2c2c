"""Excel workbooks: a cover sheet and typed, filterable sheets of rows."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from zoneinfo import ZoneInfo

from dashboard.formats.batch import check_count, turned
from dashboard.formats.display import display
from dashboard.formats.remarks import Remarks
from dashboard.formats.spool import Plain, Spool
from dashboard.formats.table import Column, Document, FormatError, Written
from dashboard.formats.temporary import spooling_in
from dashboard.formats.totals import Totals
from dashboard.formats.writer import Stopped, Tell
from dashboard.formats.xlsx_cells import XlsxColumn
from dashboard.formats.xlsx_workbook import SAMPLE_ROWS, SHEET_COLUMNS, Workbook

TELL_SECONDS = 0.1
# How long an abort waits for the engine, which cannot be stopped while it packs the file.
ABORT_SECONDS = 1.0


class XlsxWriter:
    """Writes an Excel workbook.

    Rows are put aside first: the cover comes before the data and the engine wants to know the
    number of sheets, the widths and the formats beforehand. The engine then runs in a thread, so
    that *tell* is heard while it works.
    """

    def __init__(
        self, path: Path, columns: Sequence[Column], document: Document, *, scratch: Path
    ) -> None:
        if len(columns) > SHEET_COLUMNS:
            raise FormatError(
                f"An Excel workbook holds {SHEET_COLUMNS:,} columns, not {len(columns):,}.",
                change=True,
            )
        self._path = path
        self._scratch = scratch
        self._columns = columns
        self._document = document
        self._zone = ZoneInfo(document.zone)
        self._remarks = Remarks()
        self._cells = [XlsxColumn(column, self._zone, self._remarks) for column in columns]
        self._totals = Totals(columns, self._remarks)
        self._sample: list[tuple[object, ...]] = [() for _ in columns]
        self._rows = 0
        self._spool = Spool(scratch)
        self._done = 0
        self._stop = Event()
        self._thread: Thread | None = None
        self._failure: BaseException | None = None

    def write(self, rows: Sequence[Sequence[object]]) -> None:
        if self._stop.is_set():
            raise Stopped
        if not rows:
            return
        columns = turned(rows, self._columns, self._rows)
        if not self._rows:
            self._sample = [values[:SAMPLE_ROWS] for values in columns]
        cells = [
            cells.cells(values, self._rows)
            for cells, values in zip(self._cells, columns, strict=True)
        ]
        self._spool.add(cells)
        self._totals.add(columns)
        self._rows += len(rows)

    def close(self, tell: Tell | None = None) -> Written:
        try:
            check_count(self._rows, self._document.rows)
            self._thread = Thread(target=self._run, name="xlsx", daemon=True)
            self._thread.start()
            while self._thread.is_alive():
                self._thread.join(TELL_SECONDS)
                if tell:
                    tell(self._done)
            if self._failure:
                raise self._failure
            if self._stop.is_set():
                raise Stopped
        except BaseException:
            self.abort()
            raise
        totals = tuple(
            (self._columns[index].label, display(value, self._columns[index], self._zone))
            for index, value in self._totals.sums().items()
        )
        return Written(self._rows, warnings=self._remarks.sentences(), totals=totals)

    def abort(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(ABORT_SECONDS)
        else:
            self._spool.close()
        self._path.unlink(missing_ok=True)

    def _run(self) -> None:
        """Lets the engine write, in its own thread."""
        workbook = Workbook(self._columns, self._document, self._sample)
        try:
            with closing(self._spool), spooling_in(self._scratch):
                workbook.save(
                    self._path,
                    self._lines(),
                    self._rows,
                    totals=self._totals.sums(),
                    notes=self._remarks.sentences(),
                )
        except RuntimeError as error:
            self._failure = FormatError(f"The Excel workbook could not be written: {error}")
        except BaseException as error:
            self._failure = error
        if self._stop.is_set():
            self._path.unlink(missing_ok=True)

    def _lines(self) -> Iterator[tuple[Plain, ...]]:
        """Gives the rows that were put aside, as long as the workbook is wanted."""
        for columns in self._spool:
            if self._stop.is_set():
                raise Stopped
            yield from zip(*columns, strict=True)
            self._done += len(columns[0])
