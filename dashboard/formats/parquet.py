"""Parquet: typed columns for programs that analyse data; needs the extra "parquet"."""

import pickle
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Event
from typing import Any

from dashboard.formats.batch import check_count, turned
from dashboard.formats.parquet_columns import ParquetColumn
from dashboard.formats.remarks import Remarks
from dashboard.formats.spool import Spool
from dashboard.formats.table import Column, Document, Written
from dashboard.formats.writer import Stopped, Tell


def is_there() -> bool:
    """Whether the engine is installed; it is not loaded for that."""
    return find_spec("pyarrow") is not None


class ParquetWriter:
    """Writes Parquet.

    Rows are put aside first, because only all values of a column say which type holds them.
    """

    def __init__(
        self, path: Path, columns: Sequence[Column], document: Document, *, scratch: Path
    ) -> None:
        self._path = path
        self._labelled = columns
        self._document = document
        self._remarks = Remarks()
        self._columns = [ParquetColumn(column, self._remarks) for column in columns]
        self._rows = 0
        self._is_closing = False
        self._stop = Event()
        # Only what this writer has put there comes back out of the nameless file.
        self._spool = Spool(scratch, pickle)

    def write(self, rows: Sequence[Sequence[object]]) -> None:
        if self._stop.is_set():
            raise Stopped
        if not rows:
            return
        columns = turned(rows, self._labelled, self._rows)
        pairs = zip(self._columns, columns, strict=True)
        self._spool.add([column.take(values) for column, values in pairs])
        self._rows += len(rows)

    def close(self, tell: Tell | None = None) -> Written:
        self._is_closing = True
        try:
            check_count(self._rows, self._document.rows)
            self._save(tell)
            if self._stop.is_set():
                raise Stopped
        except BaseException:
            self.abort()
            raise
        finally:
            self._spool.close()
        return Written(self._rows, warnings=self._remarks.sentences())

    def abort(self) -> None:
        self._stop.set()
        if not self._is_closing:
            self._spool.close()
        self._path.unlink(missing_ok=True)

    def _save(self, tell: Tell | None) -> None:
        # The engine takes long to load and much memory: only a process that writes Parquet pays.
        from dashboard.formats import parquet_file

        for done in parquet_file.save(self._path, self._columns, self._batches()):
            if tell:
                tell(done)

    def _batches(self) -> Iterator[Sequence[Sequence[Any]]]:
        """Gives the values that were put aside, as long as the file is wanted."""
        for columns in self._spool:
            if self._stop.is_set():
                raise Stopped
            yield columns
