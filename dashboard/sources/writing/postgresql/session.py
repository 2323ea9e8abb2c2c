"""The connection on which a target is written."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from time import monotonic
from typing import Final

import psycopg
from psycopg import IsolationLevel, errors
from psycopg.adapt import Dumper
from sqlalchemy import URL

from dashboard.sources.errors import (
    SourceError,
    SourceInterrupted,
    SourceTimeout,
    SourceUnavailable,
    WriteRefused,
)
from dashboard.sources.interruption import Interruption
from dashboard.sources.postgresql.failures import explain
from dashboard.sources.postgresql.session import SETTINGS, connect, milliseconds
from dashboard.sources.spelling import SPELLERS

TRIES: Final = 5
"""How often a chunk is begun that another program's locks made the server give up."""

CONTENDED: Final = (errors.DeadlockDetected, errors.SerializationFailure)

READING: Final[Mapping[str, str | int]] = {"enable_seqscan": "off", "random_page_cost": "1.1"}
WRITING: Final[Mapping[str, str | int]] = {"random_page_cost": "1.1"}
"""Keys are looked up by an index, for there always is one. Left alone, the planner would rather
read the whole table for each few thousand keys. Triggers of the table should notice little."""


class Session:
    """One connection; *timeout* is for one statement, in seconds.

    Read-only, it is one transaction from the first statement to the last. Raises SourceError.
    """

    def __init__(self, name: str, url: URL, timeout: float, *, read_only: bool = False) -> None:
        self._name = name
        self._timeout = timeout
        self._read_only = read_only
        self._interruption = Interruption(self._cancel)
        try:
            self.connection = connect(url, timeout)
            self.connection.adapters.register_dumper(datetime, _MomentDumper)
            if read_only:
                self.connection.execute(_local(READING))
            else:
                self._turn(IsolationLevel.READ_COMMITTED, read_only=False)
        except psycopg.Error as error:
            raise explain(name, error) from error

    def freeze(self) -> None:
        """Write no more: from the next statement on it is one snapshot. Raises SourceError."""
        with self.asking():
            self._turn(IsolationLevel.REPEATABLE_READ, read_only=True)
            timeout = milliseconds(self._timeout)
            self.connection.execute(_local({**SETTINGS, **READING, "statement_timeout": timeout}))
        self._read_only = True

    def close(self) -> None:
        """Give up what was not committed."""
        if self.connection.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
            self._cancel()
        self.connection.close()

    def interrupt(self) -> None:
        """End the statement in progress, and every later one."""
        self._interruption.ask()

    def begin(self) -> None:
        """Begin a transaction that may write. Raises psycopg.Error."""
        timeout = milliseconds(self._timeout)
        self.connection.execute(_local({**SETTINGS, **WRITING, "statement_timeout": timeout}))
        # What a constraint refuses is told at once, while it is known which rows it was.
        self.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Connection]:
        """Hold one transaction, which is committed at the end. Raises SourceError."""
        if self._read_only:
            with self.asking(), self.connection.transaction():
                yield self.connection
            return
        with self.asking():
            try:
                self.begin()
                yield self.connection
                self.connection.commit()
            except BaseException:
                with suppress(psycopg.Error):
                    self.connection.rollback()
                raise

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Let the server work, and say what goes wrong as a SourceError."""
        began = monotonic()
        try:
            with self._interruption.statement(self._stopped):
                yield
        except psycopg.Error as error:
            raise self._explained(error, monotonic() - began) from error

    def _turn(self, level: IsolationLevel, *, read_only: bool) -> None:
        self.connection.rollback()
        self.connection.read_only = read_only
        self.connection.isolation_level = level

    def _explained(self, error: psycopg.Error, seconds: float) -> SourceError:
        if self._interruption.asked:
            return self._stopped()
        if isinstance(error, errors.QueryCanceled):
            if seconds > 0.9 * self._timeout:
                return SourceTimeout(
                    f"The target “{self._name}” took longer than {self._timeout:g} seconds."
                )
            return SourceUnavailable(f"The target “{self._name}” ended the import’s statement.")
        explained = explain(self._name, error)
        if type(explained) is WriteRefused:
            return WriteRefused(f"The target “{self._name}” is read only.", detail=explained.detail)
        return explained

    def _cancel(self) -> None:
        with suppress(psycopg.Error):
            self.connection.cancel_safe(timeout=1.0)

    def _stopped(self) -> SourceError:
        return SourceInterrupted(f"Writing to “{self._name}” was stopped.")


def _local(settings: Mapping[str, str | int]) -> bytes:
    """Give the statements that make *settings* for a transaction."""
    return "; ".join(f"SET LOCAL {key} = '{value}'" for key, value in settings.items()).encode()


class _MomentDumper(Dumper):
    """Gives moments with a zone in UTC: a column without zones would keep the hours as they are."""

    def dump(self, obj: datetime) -> bytes:
        return SPELLERS[datetime](obj).encode()
