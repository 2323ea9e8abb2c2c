"""The connection on which a SQLite file is written."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from dashboard.sources.errors import (
    SourceError,
    SourceInterrupted,
    SourceTimeout,
    SourceUnavailable,
    WriteRefused,
)
from dashboard.sources.sqlite.failures import explain
from dashboard.sources.sqlite.watch import Watch

LOCK_PATIENCE: Final = 10.0
"""Seconds to wait for another that is just writing, such as another import its chunk."""


class Session:
    """One connection; *timeout* is for what is done at one go, in seconds.

    Read-only, it is one snapshot from the beginning. Raises SourceError.
    """

    def __init__(self, name: str, path: Path, timeout: float, *, read_only: bool = False) -> None:
        self._name = name
        self._timeout = timeout
        self._read_only = read_only
        if not path.is_file():
            raise SourceUnavailable(
                f"The file of the target “{name}” is missing.", detail=str(path)
            )
        try:
            self.connection = sqlite3.connect(
                f"{path.as_uri()}?mode={'ro' if read_only else 'rw'}",
                uri=True,
                timeout=LOCK_PATIENCE,
                isolation_level=None,  # Transactions are begun by hand.
                check_same_thread=False,  # Another thread interrupts.
            )
        except sqlite3.Error as error:
            raise explain(name, error) from error
        self._watch = Watch(self.connection)
        try:
            with self.asking():
                self._set_up()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give up what was not committed."""
        self._watch.close()

    def interrupt(self) -> None:
        """End the statement in progress, and every later one."""
        self._watch.tell()

    def begin(self) -> None:
        """Begin a transaction that will write; nobody else can meanwhile. Raises sqlite3.Error."""
        self.connection.execute("BEGIN IMMEDIATE")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold one transaction, which is committed at the end. Raises SourceError."""
        with self.asking():
            if self._read_only:
                yield self.connection
                return
            try:
                self.begin()
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Let SQLite work, and say what goes wrong as a SourceError."""
        if self._watch.told:
            raise self._stopped()
        try:
            with self._watch.statement(self._timeout):
                yield
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise self._explained(error) from error

    def _set_up(self) -> None:
        if self._read_only:
            self.connection.execute("PRAGMA query_only = 1")
            self.connection.execute("BEGIN")
            # The snapshot is taken by the first look at the file, not by BEGIN.
            self.connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
        else:
            self.connection.execute("PRAGMA foreign_keys = 1")

    def _explained(self, error: sqlite3.Error | sqlite3.Warning) -> SourceError:
        if self._watch.told:
            return self._stopped()
        if self._watch.late:
            return SourceTimeout(
                f"The target “{self._name}” took longer than {self._timeout:g} seconds."
            )
        explained = explain(self._name, error)
        if type(explained) is WriteRefused:
            return WriteRefused(f"The target “{self._name}” is read only.", detail=explained.detail)
        return explained

    def _stopped(self) -> SourceError:
        return SourceInterrupted(f"Writing to “{self._name}” was stopped.")
