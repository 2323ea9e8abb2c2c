"""One snapshot of a PostgreSQL database."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from time import monotonic

import psycopg
from psycopg import RawCursor, RawServerCursor, errors, pq, sql

from dashboard.sources.columns import refuse_twins
from dashboard.sources.errors import (
    SourceError,
    SourceInterrupted,
    SourceTimeout,
    SourceUnavailable,
)
from dashboard.sources.interruption import Interruption
from dashboard.sources.postgresql.arrays import with_arrays
from dashboard.sources.postgresql.copying import gather
from dashboard.sources.postgresql.failures import explain
from dashboard.sources.postgresql.session import milliseconds
from dashboard.sources.postgresql.spelling import for_csv, for_rows
from dashboard.sources.postgresql.statement import bound, pasted, wrapped
from dashboard.sources.postgresql.types import TYPES
from dashboard.sources.source import CHUNK, SourceColumn

Params = Mapping[str, object]


class PostgreSQLReading:
    """Reads within one read-only transaction, which is the snapshot and is never committed.

    *connection* has just begun it.
    """

    def __init__(self, source: str, connection: psycopg.Connection, timeout: float) -> None:
        self._source = source
        self._connection = connection
        self._timeout = timeout
        self._interruption = Interruption(self._cancel)
        self._cursor_names = (f"bellhop_{number}" for number in count())
        with self._asking(timeout):
            # The first statement takes the snapshot; after it, PostgreSQL also refuses to turn
            # the transaction into one that may write.
            row = connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        self.as_of: datetime = row[0].astimezone(UTC)

    def close(self) -> None:
        """Give the snapshot up, and stop what the server may still be working on."""
        if self._connection.pgconn.transaction_status == pq.TransactionStatus.ACTIVE:
            self._cancel()
        self._connection.close()

    def columns(self, query: str, params: Params) -> list[SourceColumn]:
        return [
            SourceColumn(name, TYPES.get(oid, "text"))
            for name, oid in self._described(query, params)
        ]

    def count(self, query: str, params: Params, *, timeout: float | None = None) -> int | None:
        select, values = bound(query, params)
        counting = b"SELECT count(*) FROM (%b) AS asked" % select
        seconds = self._timeout if timeout is None else timeout
        try:
            with self._aside(seconds), self._cursor() as cursor:
                # Where it fails, the savepoint takes the shorter limit back as well.
                self._limit(seconds)
                row = cursor.execute(counting, values).fetchone()
                self._limit(self._timeout)
        except SourceTimeout:
            return None
        assert row is not None
        return int(row[0])

    def estimate(self, query: str, params: Params) -> int | None:
        """Give what EXPLAIN expects, which plans the query and runs nothing of it."""
        # The server has first understood the query as one SELECT; and in the extended protocol,
        # which binary results need, EXPLAIN takes one statement only.
        self._described(query, params)
        select, values = bound(query, params)
        explaining = b"EXPLAIN (FORMAT JSON) " + select
        with self._aside(self._timeout), RawCursor(self._connection) as cursor:
            row = cursor.execute(explaining, values, binary=True).fetchone()
        assert row is not None
        return int(row[0][0]["Plan"]["Plan Rows"])

    def rows(
        self, query: str, params: Params, *, batch: int = 1000
    ) -> Generator[list[tuple[object, ...]], None, None]:
        columns = self._described(query, params)
        select, values = bound(query, params)
        names = [f"c{place}" for place in range(len(columns))]
        expressions = [for_rows(name, oid) for name, (_, oid) in zip(names, columns, strict=True)]
        if expressions != names:
            select = wrapped(select, names, expressions)
        seconds = self._timeout
        with self._cursor() as cursor:
            with self._asking(seconds):
                cursor.execute(select, values)
            while True:
                began = monotonic()
                with self._asking(seconds):
                    rows = cursor.fetchmany(batch)
                # statement_timeout is for one batch; what all of them cost is counted here.
                seconds -= monotonic() - began
                if seconds < 0:
                    raise self._late()
                if not rows:
                    return
                yield rows

    def csv(
        self, query: str, params: Params, *, formula_safe: bool = True, null: str = ""
    ) -> Generator[tuple[bytes, int], None, None]:
        """Stream what COPY writes.

        COPY is one statement, so the limit counts the time in which nobody takes a chunk too.
        """
        # What is within the brackets of COPY below has been understood by the server as one
        # complete SELECT before, when it described its columns.
        columns = self._described(query, params)
        names = [f"c{place}" for place in range(len(columns))]
        expressions = [
            for_csv(name, oid, formula_safe=formula_safe)
            for name, (_, oid) in zip(names, columns, strict=True)
        ]
        select = wrapped(pasted(query, params, self._connection), names, expressions)
        spelled = sql.Literal(null).as_bytes(self._connection)
        command = b"COPY (%b) TO STDOUT (FORMAT csv, NULL %b)" % (select, spelled)
        began = monotonic()
        with ExitStack() as stack:
            with self._asking(self._timeout):
                # To leave in the middle cancels COPY, which only a savepoint outlives.
                stack.enter_context(self._connection.transaction())
                cursor = stack.enter_context(self._connection.cursor())
                copy = stack.enter_context(cursor.copy(command))
            ended = False
            while not ended:
                with self._asking(self._timeout, began):
                    chunk, rows = gather(copy, self._connection.pgconn, CHUNK)
                ended = len(chunk) < CHUNK
                if rows:
                    yield bytes(chunk), rows
            with self._asking(self._timeout):
                stack.close()

    def interrupt(self) -> None:
        self._interruption.ask()

    def _described(self, query: str, params: Params) -> list[tuple[str, int]]:
        """Give name and type of each column, without a row being worked out.

        DECLARE takes exactly one SELECT, bound values included, by PostgreSQL's extended
        protocol; this is where anything else fails.
        """
        select, values = bound(query, params)
        with self._aside(self._timeout):
            with self._cursor() as cursor:
                cursor.execute(select, values)
                columns = [(column.name, column.type_code) for column in cursor.description or ()]
            refuse_twins([name for name, _ in columns])
            return with_arrays(self._connection, columns)

    @contextmanager
    def _cursor(self) -> Iterator[RawServerCursor]:
        cursor = RawServerCursor(self._connection, next(self._cursor_names))
        try:
            yield cursor
        finally:
            # The server forgets it with the transaction in any case. Where its own CLOSE fails,
            # a second one closes what Python holds.
            for _ in range(2):
                with suppress(psycopg.Error):
                    cursor.close()

    def _limit(self, seconds: float) -> None:
        self._connection.execute(f"SET LOCAL statement_timeout = {milliseconds(seconds)}".encode())

    @contextmanager
    def _aside(self, seconds: float) -> Iterator[None]:
        """Ask in a savepoint, so that the reading goes on after a failure."""
        with self._asking(seconds), self._connection.transaction():
            yield

    @contextmanager
    def _asking(self, seconds: float, began: float | None = None) -> Iterator[None]:
        """Let the server work, and say what goes wrong as a SourceError.

        *seconds* is the limit of the statement, which *began* earlier or begins now.
        """
        began = monotonic() if began is None else began
        try:
            with self._interruption.statement(self._stopped):
                yield
        except psycopg.Error as error:
            if self._interruption.asked:
                raise self._stopped() from error
            if isinstance(error, errors.QueryCanceled):
                late = monotonic() - began > 0.9 * seconds
                raise (self._late() if late else self._cancelled()) from error
            raise explain(self._source, error) from error

    def _cancel(self) -> None:
        with suppress(psycopg.Error):
            self._connection.cancel_safe(timeout=1.0)

    def _stopped(self) -> SourceError:
        return SourceInterrupted(f"Reading from the source “{self._source}” was stopped.")

    def _late(self) -> SourceError:
        return SourceTimeout(
            f"The source “{self._source}” took longer than {self._timeout:g} seconds."
        )

    def _cancelled(self) -> SourceError:
        return SourceUnavailable(f"The source “{self._source}” ended the query.")
