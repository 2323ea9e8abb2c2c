"""One snapshot, or the nearest to it, of any database."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    CursorResult,
    TextClause,
    bindparam,
    func,
    select,
    text,
    types,
)
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from dashboard.sources.columns import refuse_twins
from dashboard.sources.errors import SourceError, SourceInterrupted, SourceTimeout
from dashboard.sources.generic.cells import natural
from dashboard.sources.generic.deadline import Deadline
from dashboard.sources.generic.failures import explain
from dashboard.sources.generic.session import (
    begin,
    canceller,
    closer,
    forget_rest,
    reads_to_the_end,
)
from dashboard.sources.interruption import Interruption
from dashboard.sources.placeholders import parse
from dashboard.sources.source import SourceColumn

Params = Mapping[str, object]


class GenericReading:
    """Reads within one transaction that is never committed."""

    def __init__(self, source: str, connection: Connection, timeout: float) -> None:
        self._source = source
        self._connection = connection
        self._timeout = timeout
        self._canceller = canceller(connection)
        self._stop = self._canceller or closer(connection)
        self._interruption = Interruption(self._stop)
        self._unread: dict[CursorResult[Any], Any] = {}
        with self._asking(timeout):
            begin(connection)
        self.as_of = datetime.now(UTC)

    def close(self) -> None:
        """Stop what the database may still be working on."""
        for result in list(self._unread):
            self._leave(result)

    def columns(self, query: str, params: Params) -> list[SourceColumn]:
        """Give the names; drivers say too little of the types."""
        asked = self._statement(query, params).columns().subquery("asked")
        with self._aside(self._timeout):
            nothing = select(text("*")).select_from(asked).where(text("1 = 0"))
            result = self._connection.execute(nothing)
            names = list(result.keys())
            result.close()
        refuse_twins(names)
        return [SourceColumn(name, None) for name in names]

    def count(self, query: str, params: Params, *, timeout: float | None = None) -> int | None:
        if self._canceller is None:
            return None  # What cannot be stopped, other than with the reading, is not begun.
        asked = self._statement(query, params).columns().subquery("asked")
        try:
            with self._aside(self._timeout if timeout is None else timeout):
                counted = self._connection.scalar(select(func.count()).select_from(asked))
        except SourceTimeout:
            return None
        return counted

    def estimate(self, query: str, params: Params) -> None:
        """Give None: each database tells what its planner thinks in a way of its own."""

    def rows(
        self, query: str, params: Params, *, batch: int = 1000
    ) -> Generator[list[tuple[object, ...]], None, None]:
        statement = self._statement(query, params)
        streamed = {"stream_results": True, "yield_per": batch}
        seconds = self._timeout
        began = monotonic()
        with self._asking(seconds):
            result = self._connection.execute(statement, execution_options=streamed)
        self._unread[result] = result.cursor
        try:
            refuse_twins(list(result.keys()))
            while True:
                with self._asking(seconds):
                    rows = result.fetchmany(batch)
                seconds -= monotonic() - began
                if not rows:
                    del self._unread[result]
                    return
                yield natural(rows)
                began = monotonic()
        finally:
            self._leave(result)

    def csv(self, query: str, params: Params, *, formula_safe: bool = True, null: str = "") -> None:
        """Give None: there is no faster way than rows()."""

    def interrupt(self) -> None:
        self._interruption.ask()

    def _statement(self, query: str, params: Params) -> TextClause:
        """Give *query* for SQLAlchemy, which is to see no placeholders but ours."""
        dialect = self._connection.dialect.name
        values: list[BindParameter[Any]] = []
        marks: dict[str, str] = {}

        def mark(key: str, value: object) -> str:
            if key not in marks:
                name = f"p{len(marks)}"
                marks[key] = f"\0{name}"
                # SQLAlchemy would cast it to VARCHAR, but a text is to take its column's type.
                untyped = dialect == "postgresql" and isinstance(value, str)
                values.append(bindparam(name, value, types.NullType() if untyped else None))
            return marks[key]

        spelled = parse(query, dialect).spell(params, mark)
        # A colon of the query's own is made plain to SQLAlchemy by a backslash.
        return text(spelled.replace(":", "\\:").replace("\0", ":")).bindparams(*values)

    def _leave(self, result: CursorResult[Any]) -> None:
        """Give up a *result*, whose rows may not all have been read."""
        cursor = self._unread.pop(result, None)
        if cursor is not None and reads_to_the_end(self._connection):
            self._stop()
        # Where its connection was lost or is closed, a driver may raise anything.
        with suppress(Exception):
            result.close()
        forget_rest(cursor)

    @contextmanager
    def _aside(self, seconds: float) -> Iterator[None]:
        """Ask in a savepoint, so that the reading goes on after a failure."""
        with self._asking(seconds), self._connection.begin_nested():
            yield

    @contextmanager
    def _asking(self, seconds: float) -> Iterator[None]:
        """Let the database work for *seconds*, and say what goes wrong as a SourceError."""
        deadline = Deadline(seconds, self._stop)
        try:
            with self._interruption.statement(self._stopped), deadline:
                yield
        except SourceError:
            raise
        except Exception as error:
            # A driver whose connection is closed under it may raise anything.
            if self._interruption.asked:
                raise self._stopped() from error
            if deadline.passed:
                raise SourceTimeout(
                    f"The source “{self._source}” took longer than {self._timeout:g} seconds."
                ) from error
            if isinstance(error, DBAPIError | PendingRollbackError):
                raise explain(self._source, error) from error
            raise

    def _stopped(self) -> SourceError:
        return SourceInterrupted(f"Reading from the source “{self._source}” was stopped.")
