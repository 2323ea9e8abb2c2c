"""Databases for the tests of sources: each with an owner who writes and a source that reads."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from dashboard.sources import Reading, Source, from_url
from dashboard.sources.generic import GenericSource
from tests.servers import fresh_database

ENGINES = ("sqlite", "postgresql", "generic-sqlite", "generic-postgresql")
"""The two native engines, and the same databases as SQLAlchemy alone would read them."""

READER = "reader"
"""The role that may only SELECT, as the documentation recommends."""


@dataclass(frozen=True)
class Database:
    """A database as its owner and as a source.

    *engine* is one of ENGINES.
    """

    engine: str
    source: Source
    url: str
    execute: Callable[[str], None]

    @property
    def is_sqlite(self) -> bool:
        return self.engine.endswith("sqlite")

    def say(self, *, sqlite: str, postgresql: str) -> str:
        """Give the words of this database's own language."""
        return sqlite if self.is_sqlite else postgresql


def sqlite_database(path: Path, *, generic: bool = False) -> Database:
    """Make an empty SQLite file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")

    def execute(script: str) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)

    url = f"sqlite:///{path}"
    if generic:
        return Database("generic-sqlite", GenericSource("shop", make_url(url)), url, execute)
    return Database("sqlite", from_url("shop", url), url, execute)


@contextmanager
def postgresql_database(server: str, *, generic: bool = False) -> Iterator[Database]:
    """Make an empty PostgreSQL database, whose source uses the role READER."""
    with fresh_database(server) as owner:
        dsn = make_url(owner).set(drivername="postgresql").render_as_string(hide_password=False)

        def execute(script: str) -> None:
            with psycopg.connect(dsn, autocommit=True) as connection:
                connection.execute(script.encode())

        execute(
            f"""
            DO $$ BEGIN CREATE ROLE {READER} LOGIN; EXCEPTION WHEN duplicate_object THEN END $$;
            ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {READER};
            """
        )
        url = make_url(owner).set(username=READER)
        spelled = url.render_as_string(hide_password=False)
        if generic:
            source: Source = GenericSource("shop", url)
            yield Database("generic-postgresql", source, spelled, execute)
        else:
            yield Database("postgresql", from_url("shop", spelled), spelled, execute)


def everything(reading: Reading, query: str, **params: object) -> list[tuple[object, ...]]:
    """Give all rows of *query* at once."""
    return [row for rows in reading.rows(query, params) for row in rows]
