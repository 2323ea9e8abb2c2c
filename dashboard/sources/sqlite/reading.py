"""One snapshot of a SQLite file."""

import sqlite3
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import Final

from dashboard.sources.columns import refuse_twins
from dashboard.sources.errors import SourceInterrupted, SourceTimeout
from dashboard.sources.placeholders import parse
from dashboard.sources.source import CHUNK, SourceColumn
from dashboard.sources.spelling import lines
from dashboard.sources.sqlite.bound import bound
from dashboard.sources.sqlite.declared import read, read_for_csv, type_of
from dashboard.sources.sqlite.failures import explain
from dashboard.sources.sqlite.guard import shut
from dashboard.sources.sqlite.watch import Watch

CSV_BATCH: Final = 1000  # rows that are turned into CSV at once


class SQLiteReading:
    """Reads within one transaction, which is the snapshot."""

    def __init__(
        self, source: str, connect: Callable[[], sqlite3.Connection], timeout: float
    ) -> None:
        self._source = source
        self._connect = connect
        self._timeout = timeout
        try:
            self._connection = connect()
        except sqlite3.Error as error:
            raise explain(source, error) from error
        self._watch = Watch(self._connection)
        try:
            with self._asking(timeout):
                shut(self._connection)
        except BaseException:
            self.close()
            raise
        self.as_of = datetime.now(UTC)

    def close(self) -> None:
        """Give the snapshot up."""
        self._watch.close()

    def columns(self, query: str, params: Mapping[str, object]) -> list[SourceColumn]:
        """Give the columns with the types that the file declares for them.

        SQLite says them of a view only, so the query becomes one, on a connection of its own
        that may write nothing but its temporary names.
        """
        select = parse(query, "sqlite").spell(params, lambda _key, _value: "NULL")
        with self._asking(self._timeout), closing(self._connect()) as connection:
            connection.execute(f"CREATE TEMP VIEW bellhop_query AS {select}")
            described = connection.execute("PRAGMA temp.table_info(bellhop_query)").fetchall()
        names = [name for _, name, *_ in described]
        refuse_twins([_name_given(name, names, query) for name in names])
        return [SourceColumn(name, type_of(declared)) for _, name, declared, *_ in described]

    def count(
        self, query: str, params: Mapping[str, object], *, timeout: float | None = None
    ) -> int | None:
        select, values = _statement(query, params)
        try:
            with self._asking(self._timeout if timeout is None else timeout):
                cursor = self._connection.execute(f"SELECT count(*) FROM ({select})", values)
                (counted,) = cursor.fetchone()
                return int(counted)
        except SourceTimeout:
            return None

    def estimate(self, query: str, params: Mapping[str, object]) -> None:
        """Give None: SQLite's planner knows steps, not rows."""

    def rows(
        self, query: str, params: Mapping[str, object], *, batch: int = 1000
    ) -> Generator[list[tuple[object, ...]], None, None]:
        types = [column.type for column in self.columns(query, params)]
        for rows in self._batches(query, params, batch):
            yield list(zip(*read(rows, types), strict=True))

    def csv(
        self,
        query: str,
        params: Mapping[str, object],
        *,
        formula_safe: bool = True,
        null: str = "",
    ) -> Generator[tuple[bytes, int], None, None]:
        types = [column.type for column in self.columns(query, params)]
        chunk: list[bytes] = []
        size = counted = 0
        for rows in self._batches(query, params, CSV_BATCH):
            values = read_for_csv(rows, types)
            chunk.append(lines(values, formula_safe=formula_safe, null=null).encode())
            size += len(chunk[-1])
            counted += len(rows)
            if size >= CHUNK:
                yield b"".join(chunk), counted
                chunk, size, counted = [], 0, 0
        if chunk:
            yield b"".join(chunk), counted

    def interrupt(self) -> None:
        self._watch.tell()

    def _batches(
        self, query: str, params: Mapping[str, object], batch: int
    ) -> Iterator[list[tuple[object, ...]]]:
        select, values = _statement(query, params)
        seconds = self._timeout
        cursor = self._connection.cursor()
        try:
            began = time.monotonic()
            with self._asking(seconds):
                cursor.execute(select, values)
                refuse_twins([name for name, *_ in cursor.description])
            with self._asking(seconds - (time.monotonic() - began), rows=True):
                rows = cursor.fetchmany(batch)
            while rows:
                seconds -= time.monotonic() - began
                yield rows
                began = time.monotonic()
                with self._asking(seconds, rows=True):
                    rows = cursor.fetchmany(batch)
        finally:
            with suppress(sqlite3.ProgrammingError):  # The reading has ended before its rows.
                cursor.close()

    @contextmanager
    def _asking(self, seconds: float, *, rows: bool = False) -> Iterator[None]:
        """Let SQLite work for *seconds*, and say what goes wrong (with *rows*) as a SourceError."""
        if self._watch.told:
            raise self._interrupted()
        try:
            with self._watch.statement(seconds):
                yield
        except (sqlite3.Error, sqlite3.Warning) as error:
            if self._watch.told:
                raise self._interrupted() from error
            if self._watch.late:
                raise SourceTimeout(
                    f"The source “{self._source}” took longer than {self._timeout:g} seconds."
                ) from error
            raise explain(self._source, error, rows=rows) from error

    def _interrupted(self) -> SourceInterrupted:
        return SourceInterrupted(f"Reading from the source “{self._source}” was stopped.")


def _name_given(name: str, names: Sequence[str], query: str) -> str:
    """Give the name before SQLite changed it: in a view, the second "total" is "total:1".

    A column may truly be called that, but then the *query* says so.
    """
    first, _, number = name.rpartition(":")
    return first if number.isdecimal() and first in names and name not in query else name


def _statement(query: str, params: Mapping[str, object]) -> tuple[str, list[object]]:
    """Give *query* with SQLite's numbered marks, and the values in their order."""
    values: list[object] = []
    marks: dict[str, str] = {}

    def mark(key: str, value: object) -> str:
        if key not in marks:
            values.append(bound(value))
            marks[key] = f"?{len(values)}"
        return marks[key]

    return parse(query, "sqlite").spell(params, mark), values
