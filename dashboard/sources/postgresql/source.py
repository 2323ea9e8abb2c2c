"""A PostgreSQL database as a source."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import URL

from dashboard.sources.postgresql import rights, tables
from dashboard.sources.postgresql.failures import explain
from dashboard.sources.postgresql.reading import PostgreSQLReading
from dashboard.sources.postgresql.session import connect
from dashboard.sources.source import Reading, Table

BRIEF: float = 30.0
"""Seconds for what the source asks for itself."""


class PostgreSQLSource:
    """Opens a connection for each reading, so nothing is shared between readings or processes."""

    dialect = "postgresql"

    def __init__(self, name: str, url: URL) -> None:
        self.name = name
        self._url = url

    @contextmanager
    def reading(self, *, timeout: float = 300.0) -> Iterator[Reading]:
        with self._connected(timeout) as connection:
            reading = PostgreSQLReading(self.name, connection, timeout)
            try:
                yield reading
            finally:
                reading.close()

    def check(self) -> list[str]:
        with self._asked() as connection:
            return rights.warnings(connection, self.name)

    def tables(self) -> list[Table]:
        with self._asked() as connection:
            return tables.readable(connection)

    def table(self, name: str) -> Table | None:
        with self._asked() as connection:
            return tables.named(connection, name)

    def dispose(self) -> None:
        """Do nothing: no connection outlives its reading."""

    @contextmanager
    def _asked(self) -> Iterator[psycopg.Connection]:
        with self._connected(BRIEF) as connection:
            try:
                yield connection
            except psycopg.Error as error:
                raise explain(self.name, error) from error

    @contextmanager
    def _connected(self, timeout: float) -> Iterator[psycopg.Connection]:
        try:
            connection = connect(self._url, timeout)
        except psycopg.Error as error:
            raise explain(self.name, error) from error
        try:
            yield connection
        finally:
            connection.close()
