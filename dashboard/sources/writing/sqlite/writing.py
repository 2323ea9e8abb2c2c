"""Writes for one run to a SQLite file."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from dashboard.sources.errors import QueryError
from dashboard.sources.writing.changes import Change, Counts, Missing, Refusal, Written
from dashboard.sources.writing.ready import Ready
from dashboard.sources.writing.shape import Shape, key_shape, shape
from dashboard.sources.writing.sqlite import deleting, marks
from dashboard.sources.writing.sqlite.chunk import Chunk
from dashboard.sources.writing.sqlite.images import Images
from dashboard.sources.writing.sqlite.inserting import READY, insert_all
from dashboard.sources.writing.sqlite.looking import Looking
from dashboard.sources.writing.sqlite.ready import changes_of
from dashboard.sources.writing.sqlite.session import Session
from dashboard.sources.writing.table import TargetTable
from dashboard.sources.writing.target import Key, Values


class SQLiteWriting:
    """Writes chunk by chunk, each in its own transaction or *at_once* all in one."""

    def __init__(self, session: Session, run: str, *, prepared: bool, at_once: bool) -> None:
        self._session = session
        self._run = run
        self._prepared = prepared
        self._at_once = at_once
        self._begun = False
        self._attached: Path | None = None

    def is_empty(self, table: TargetTable) -> bool:
        with self._session.asking():
            asking = f"SELECT NOT EXISTS (SELECT 1 FROM {table.quoted})"
            return bool(self._session.connection.execute(asking).fetchone()[0])

    def present(
        self, table: TargetTable, by: Sequence[str], columns: Sequence[str], keys: Sequence[Key]
    ) -> dict[Key, Values]:
        asked = shape(table, columns, by)
        with self._session.asking():
            looking = Looking(self._session.connection, asked)
            found = {key: row for key in keys if (row := looking.raw(key)) is not None}
            return dict(zip(found, looking.natural(list(found.values())), strict=True))

    def marks(self) -> dict[int, Counts]:
        return {chunk: written.counts for chunk, written in self._written().items()}

    def refused(self) -> list[Refusal]:
        return sorted(one for written in self._written().values() for one in written.refused)

    def write(
        self,
        table: TargetTable,
        chunk: int,
        columns: Sequence[str],
        by: Sequence[str],
        changes: Sequence[Change],
        *,
        keep_before: bool = False,
        overwrite: bool = False,
    ) -> Written:
        asked = shape(table, columns, by)

        def work(connection: sqlite3.Connection) -> Written:
            images = self._images(connection, asked, chunk, keep_before)
            return Chunk(connection, asked, images).write(changes, overwrite=overwrite)

        return self._marked(chunk, work)

    def write_ready(
        self,
        table: TargetTable,
        chunk: int,
        columns: Sequence[str],
        by: Sequence[str],
        ready: Ready,
        before: Mapping[int, Values],
        *,
        keep_before: bool = False,
        overwrite: bool = False,
    ) -> Written:
        asked = shape(table, columns, by)
        known = ready.chunk(chunk)
        self._attach(ready)

        def work(connection: sqlite3.Connection) -> Written:
            mark = (self._run, chunk) if keep_before else None
            images = self._images(connection, asked, chunk, keep_before)
            if not overwrite and insert_all(connection, asked, mark, known):
                return Written(Counts(known.rows))
            changes = changes_of(ready, known, before)
            return Chunk(connection, asked, images).write(changes, overwrite=overwrite)

        return self._marked(chunk, work)

    def missing(
        self,
        table: TargetTable,
        by: Sequence[str],
        columns: Sequence[str],
        keys: Iterable[Key],
        *,
        limit: int,
    ) -> Missing:
        asked = shape(table, columns, by)
        with self._transaction() as connection:
            count, rows = deleting.missing(
                connection, key_shape(table, by), keys, asked.names, limit
            )
            return Missing(count, Looking(connection, asked).natural(rows))

    def delete_missing(
        self,
        table: TargetTable,
        chunk: int,
        by: Sequence[str],
        keys: Iterable[Key],
        *,
        keep_before: bool = False,
        expect: int | None = None,
    ) -> Written:
        asked = key_shape(table, by)

        def work(connection: sqlite3.Connection) -> Written:
            images = self._images(connection, asked, chunk, keep_before)
            return deleting.delete_missing(connection, asked, images, keys, expect)

        return self._marked(chunk, work)

    def commit(self) -> None:
        if self._begun:
            with self._session.asking():
                self._session.connection.execute("COMMIT")
            self._begun = False

    def interrupt(self) -> None:
        self._session.interrupt()

    def _marked(self, chunk: int, work: Callable[[sqlite3.Connection], Written]) -> Written:
        """Do *work* in one transaction with the mark of *chunk*, unless it was done before."""
        with self._transaction() as connection:
            if self._prepared and not marks.begin(connection, self._run, chunk):
                return marks.written(connection, self._run)[chunk]
            written = work(connection)
            if self._prepared:
                marks.end(connection, self._run, chunk, written)
            return written

    def _attach(self, ready: Ready) -> None:
        """Let the connection read the *ready* rows; they are the same all the time."""
        if self._attached is None:
            uri = f"{ready.path.absolute().as_uri()}?mode=ro&immutable=1"
            with self._session.asking():
                self._session.connection.execute(f"ATTACH DATABASE ? AS {READY}", (uri,))
            self._attached = ready.path
        assert self._attached == ready.path

    def _written(self) -> dict[int, Written]:
        if not self._prepared:
            return {}
        with self._session.asking():
            return marks.written(self._session.connection, self._run)

    def _images(
        self, connection: sqlite3.Connection, asked: Shape, chunk: int, kept: bool
    ) -> Images | None:
        if kept and not self._prepared:
            raise QueryError("Only a target with the table bellhop_import keeps what was before.")
        return Images(connection, asked, (self._run, chunk)) if kept else None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if not self._at_once:
            with self._session.transaction() as connection:
                yield connection
            return
        with self._session.asking():
            if not self._begun:
                self._session.begin()
                self._begun = True
            yield self._session.connection
