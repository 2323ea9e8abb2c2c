"""Databases for the tests of sources: each with an owner who writes and a source that reads."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from dashboard.sources import Reading, Source, from_url
from dashboard.sources.generic import GenericSource
from tests.servers import fresh_database
from tests.sources import mariadb

ENGINES = ("sqlite", "postgresql", "generic-sqlite", "generic-postgresql", "generic-mariadb")
"""The two native engines, the same databases as SQLAlchemy alone would read them, and another."""

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

    @property
    def is_postgresql(self) -> bool:
        return self.engine.endswith("postgresql")

    def say(self, *, sqlite: str, postgresql: str, mariadb: str | None = None) -> str:
        """Give the words of this database's own language; MariaDB's may be those of SQLite."""
        if self.is_sqlite:
            return sqlite
        return postgresql if self.is_postgresql else (mariadb or sqlite)


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


@contextmanager
def mariadb_database(server: str) -> Iterator[Database]:
    """Make an empty MariaDB database, whose source uses the role READER."""
    with mariadb.fresh_database(server) as owner:
        mariadb.execute(
            owner,
            f"CREATE OR REPLACE USER {READER}@localhost; "
            f"GRANT SELECT ON {owner.database}.* TO {READER}@localhost",
        )
        url = owner.set(username=READER).render_as_string(hide_password=False)
        source = from_url("shop", url)
        yield Database("generic-mariadb", source, url, partial(mariadb.execute, owner))


def everything(reading: Reading, query: str, **params: object) -> list[tuple[object, ...]]:
    """Give all rows of *query* at once."""
    return [row for rows in reading.rows(query, params) for row in rows]
