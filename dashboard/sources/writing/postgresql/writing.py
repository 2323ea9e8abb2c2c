"""Writes for one run to a PostgreSQL database."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import psycopg
from psycopg import sql

from dashboard.sources.errors import QueryError, SourceUnavailable
from dashboard.sources.writing.changes import Change, Counts, Missing, Refusal, Written
from dashboard.sources.writing.postgresql import marks, packed
from dashboard.sources.writing.postgresql.chunk import Chunk
from dashboard.sources.writing.postgresql.looking import AT_ONCE, Looking
from dashboard.sources.writing.postgresql.ready import block_of
from dashboard.sources.writing.postgresql.session import CONTENDED, TRIES, Session
from dashboard.sources.writing.ready import Ready
from dashboard.sources.writing.shape import Shape, key_shape, shape
from dashboard.sources.writing.table import TargetTable
from dashboard.sources.writing.target import Key, Values


class PostgreSQLWriting:
    """Writes chunk by chunk, each in its own transaction or *at_once* all in one."""

    def __init__(self, session: Session, run: str, *, prepared: bool, at_once: bool) -> None:
        self._session = session
        self._run = run
        self._prepared = prepared
        self._at_once = at_once
        self._begun = False
        self._packs: bool | None = None
        self._lookings: dict[tuple[str, Shape], Looking] = {}

    def is_empty(self, table: TargetTable) -> bool:
        asking = sql.SQL("SELECT NOT EXISTS (SELECT FROM {})").format(sql.SQL(table.quoted))
        with self._transaction() as connection:
            row = connection.execute(asking).fetchone()
        return bool(row and row[0])

    def present(
        self, table: TargetTable, by: Sequence[str], columns: Sequence[str], keys: Sequence[Key]
    ) -> dict[Key, Values]:
        asked = shape(table, columns, by)
        whole = [key for key in keys if None not in key]
        found: dict[Key, Values] = {}
        with self._transaction() as connection:
            looking = self._looking(connection, asked)
            for start in range(0, len(whole), AT_ONCE):
                found.update(_found(connection, looking, whole[start : start + AT_ONCE]))
        return found

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
        self._refuse_unprepared(keep_before)
        return self._tried(
            chunk,
            lambda connection: self._chunk(connection, asked, chunk, keep_before).write(
                changes, overwrite=overwrite
            ),
        )

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
        self._refuse_unprepared(keep_before)
        known, block = ready.chunk(chunk), block_of(ready, chunk)
        return self._tried(
            chunk,
            lambda connection: self._chunk(connection, asked, chunk, keep_before).write_ready(
                known, block, before, overwrite=overwrite
            ),
        )

    def _tried(self, chunk: int, work: Callable[[psycopg.Connection], Written]) -> Written:
        """Do *work* as _marked() does, again where others held what it needs."""
        for _ in range(TRIES - 1):
            try:
                return self._marked(chunk, work)
            except SourceUnavailable as error:
                if self._at_once or not isinstance(error.__cause__, CONTENDED):
                    raise
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
        keyed, asked = key_shape(table, by), shape(table, columns, by)
        with self._transaction() as connection:
            values = self._looking(connection, asked).values
            return self._chunk(connection, keyed, 0, False).missing(keys, values, limit)

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
        self._refuse_unprepared(keep_before)
        return self._marked(
            chunk,
            lambda connection: self._chunk(connection, asked, chunk, keep_before).delete_missing(
                keys, expect
            ),
        )

    def commit(self) -> None:
        if self._begun:
            with self._session.asking():
                self._session.connection.commit()
            self._begun = False

    def interrupt(self) -> None:
        self._session.interrupt()

    def _chunk(self, connection: psycopg.Connection, asked: Shape, chunk: int, kept: bool) -> Chunk:
        looking = self._looking(connection, asked)
        if self._packs is None:
            self._packs = packed.is_there(connection)
        mark = self._run, chunk
        return Chunk(connection, asked, looking, mark, kept=kept, packs=self._packs)

    def _marked(self, chunk: int, work: Callable[[psycopg.Connection], Written]) -> Written:
        """Do *work* in one transaction with the mark of *chunk*, unless it was done before."""
        with self._transaction() as connection:
            if self._prepared and not marks.begin(connection, self._run, chunk):
                return marks.written(connection, self._run)[chunk]
            written = work(connection)
            if self._prepared:
                marks.end(connection, self._run, chunk, written)
            return written

    def _written(self) -> dict[int, Written]:
        if not self._prepared:
            return {}
        with self._transaction() as connection:
            return marks.written(connection, self._run)

    def _refuse_unprepared(self, keep_before: bool) -> None:
        if keep_before and not self._prepared:
            raise QueryError("Only a target with the table bellhop_import keeps what was before.")

    def _looking(self, connection: psycopg.Connection, asked: Shape) -> Looking:
        """Give what looks rows of this shape up; what it learns of the table is kept."""
        key = asked.table.fingerprint, asked
        if key not in self._lookings:
            self._lookings[key] = Looking(connection, asked)
        return self._lookings[key]

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Connection]:
        if not self._at_once:
            with self._session.transaction() as connection:
                yield connection
            return
        with self._session.asking():
            if not self._begun:
                self._session.begin()
                self._begun = True
            yield self._session.connection


def _found(
    connection: psycopg.Connection, looking: Looking, keys: Sequence[Key]
) -> dict[Key, Values]:
    """Look *keys* up; one that its column could not hold has no row, and the others still may."""
    try:
        with connection.transaction():
            return {keys[place]: row for place, row in looking.rows(keys)}
    except (psycopg.DataError, UnicodeEncodeError):
        if len(keys) == 1:
            return {}
    middle = len(keys) // 2
    return {
        **_found(connection, looking, keys[:middle]),
        **_found(connection, looking, keys[middle:]),
    }
