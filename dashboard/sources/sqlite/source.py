"""A SQLite file as a source."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import URL

from dashboard.sources.errors import SourceError, SourceUnavailable
from dashboard.sources.source import Reading, SourceColumn, Table
from dashboard.sources.sqlite.declared import type_of
from dashboard.sources.sqlite.failures import explain
from dashboard.sources.sqlite.reading import SQLiteReading

_NAMES: Final = (
    "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') "
    "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)

# Generated columns are hidden in a way, but not from SELECT *; those that are hidden fully are 1.
_COLUMNS: Final = "SELECT name, type, pk FROM pragma_table_xinfo(?) WHERE hidden <> 1"

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
        return self._tables(_NAMES + " ORDER BY name")

    def table(self, name: str) -> Table | None:
        return next(iter(self._tables(_NAMES + " AND name = ?", name)), None)

    def dispose(self) -> None:
        """Do nothing: no connection outlives its reading."""

    def _tables(self, query: str, *values: str) -> list[Table]:
        try:
            with closing(self._connect()) as connection:
                names = connection.execute(query, values).fetchall()
                found = [_table(connection, name, kind) for name, kind in names]
        except sqlite3.Error as error:
            raise explain(self.name, error) from error
        return [table for table in found if table is not None]

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


def _table(
    connection: sqlite3.Connection, name: str, kind: Literal["table", "view"]
) -> Table | None:
    """Give one table; None for a view of what has gone, which nobody can read."""
    quoted = '"' + name.replace('"', '""') + '"'
    try:
        described = connection.execute(_COLUMNS, (name,)).fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:
            return None
        raise
    columns = tuple(SourceColumn(column, type_of(type_)) for column, type_, _ in described)
    key = sorted((place, column) for column, _, place in described if place)
    return Table(name, quoted, columns, kind, tuple(column for _, column in key))
