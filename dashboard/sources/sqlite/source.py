"""A SQLite file as a source."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from dashboard.sources.errors import SourceError, SourceUnavailable
from dashboard.sources.source import Reading, SourceColumn, Table
from dashboard.sources.sqlite.declared import type_of
from dashboard.sources.sqlite.failures import explain
from dashboard.sources.sqlite.reading import SQLiteReading

LOCK_PATIENCE: Final = 5.0
"""Seconds to wait for a program that is just writing to the file."""


class SQLiteSource:
    """Opens the file anew for each reading, so nothing is shared between processes."""

    dialect = "sqlite"

    def __init__(self, name: str, url: URL) -> None:
        """Raises SourceError where *url* names no file, as `sqlite:////var/shop.db` does."""
        if not url.database or url.database == ":memory:":
            raise SourceError(f"The address of the source “{name}” names no file.")
        self.name = name
        self._path = Path(url.database).expanduser().absolute()

    @contextmanager
    def reading(self, *, timeout: float = 300.0) -> Iterator[Reading]:
        reading = SQLiteReading(self.name, self._connect, timeout)
        try:
            yield reading
        finally:
            reading.close()

    def check(self) -> list[str]:
        with self.reading():
            return []

    def tables(self) -> list[Table]:
        try:
            with closing(self._connect()) as connection:
                names = connection.execute(
                    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
                    "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
                )
                return [_table(connection, name) for (name,) in names.fetchall()]
        except sqlite3.Error as error:
            raise explain(self.name, error) from error

    def dispose(self) -> None:
        """Do nothing: no connection outlives its reading."""

    def _connect(self) -> sqlite3.Connection:
        """Open the file for reading only. Raises SourceUnavailable where there is none."""
        if not self._path.is_file():
            raise SourceUnavailable(
                f"The file of the source “{self.name}” is missing.", detail=str(self._path)
            )
        return sqlite3.connect(
            f"{self._path.as_uri()}?mode=ro",
            uri=True,
            timeout=LOCK_PATIENCE,
            isolation_level=None,  # The transaction is begun by hand.
            check_same_thread=False,  # Another thread interrupts.
        )


def _table(connection: sqlite3.Connection, name: str) -> Table:
    quoted = '"' + name.replace('"', '""') + '"'
    described = connection.execute("SELECT name, type FROM pragma_table_info(?)", (name,))
    columns = tuple(SourceColumn(column, type_of(type_)) for column, type_ in described)
    return Table(name, quoted, columns)
