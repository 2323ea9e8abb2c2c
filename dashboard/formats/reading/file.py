"""A file that somebody sent in: what it seems to be, and its rows."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Protocol

from dashboard.formats.reading.csv_rows import CsvRows
from dashboard.formats.reading.header import columns_of, has_header
from dashboard.formats.reading.limits import FIRST_ROWS, SAMPLE_ROWS
from dashboard.formats.reading.manner import FileManner, Kind
from dashboard.formats.reading.recognised import Recognised
from dashboard.formats.reading.row import Row
from dashboard.formats.reading.signature import kind_of
from dashboard.formats.reading.unreadable import Unreadable
from dashboard.formats.reading.xlsx_rows import XlsxRows
from dashboard.words import gettext


class Rows(Protocol):
    """The rows of one kind of file, and how they are read."""

    encoding: str
    delimiter: str
    sheet: str
    sheets: tuple[str, ...]

    def __init__(self, path: Path, manner: FileManner) -> None: ...

    def take(self, rows: int, /) -> list[Row]:
        """Gives the next rows, *rows* at most; none at the end. Raises Unreadable."""

    def position(self) -> float: ...

    def close(self) -> None: ...


READERS: Final[dict[Kind, type[Rows]]] = {"csv": CsvRows, "xlsx": XlsxRows}


class ReadFile:
    """A file whose rows are being read: *batches* gives those below the header, once."""

    def __init__(self, rows: Rows, kind: Kind, *, header: bool, batch: int) -> None:
        self._rows = rows
        sample = rows.take(SAMPLE_ROWS)
        self.columns = columns_of(sample, header=header)
        self._pad = kind == "xlsx"
        self.batches = self._batches(sample[header:], batch)

    def position(self) -> float:
        """Gives how much of the file is read, 0 to 1."""
        return self._rows.position()

    def _batches(self, sample: list[Row], batch: int) -> Iterator[list[Row]]:
        for start in range(0, len(sample), batch):
            yield self._whole(sample[start : start + batch])
        while rows := self._rows.take(batch):
            yield self._whole(rows)
            del rows  # The next batch takes its place in memory.

    def _whole(self, rows: list[Row]) -> list[Row]:
        """Gives *rows* of a workbook at least as wide as the table is: it keeps no empty cells."""
        width = len(self.columns)
        return [padded(row, width) for row in rows] if self._pad else rows


def padded(row: Row, width: int) -> Row:
    missing = width - len(row.cells)
    return Row(row.number, row.cells + (None,) * missing) if missing > 0 else row


def recognise(path: Path, name: str, *, manner: FileManner | None = None) -> Recognised:
    """Gives what the file at *path*, which its owner calls *name*, seems to be.

    What *manner* says wins over what is recognised. Raises Unreadable.
    """
    kind = kind_of(path)
    with closing(READERS[kind](path, manner or FileManner(kind))) as rows:
        sample = rows.take(SAMPLE_ROWS)
        if not sample:
            raise Unreadable(gettext("%(name)s is empty.", name=name))
        header = has_header(sample) if manner is None else manner.header
        columns = columns_of(sample, header=header)
        first = sample[header:][:FIRST_ROWS]
        return Recognised(
            FileManner(kind, rows.encoding, rows.delimiter, header, rows.sheet),
            rows.sheets,
            columns,
            tuple(padded(row, len(columns)) if kind == "xlsx" else row for row in first),
        )


@contextmanager
def reading(path: Path, manner: FileManner, *, batch: int = 1000) -> Iterator[ReadFile]:
    """Opens the file at *path*; batches have *batch* rows at most, fewer where rows are long.

    Raises Unreadable, then or from the batches.
    """
    kind = kind_of(path)
    with closing(READERS[kind](path, manner)) as rows:
        yield ReadFile(rows, kind, header=manner.header, batch=batch)
