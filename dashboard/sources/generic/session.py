"""A connection of any dialect, made as read-only as its database can be told to."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import psycopg
from sqlalchemy import Connection

_MYSQL: Final = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
)

READ_ONLY: Final[Mapping[str, Sequence[str]]] = {
    "mariadb": _MYSQL,
    "mysql": _MYSQL,
    "oracle": ("SET TRANSACTION READ ONLY",),
    "postgresql": (
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        "SET LOCAL TimeZone = 'UTC'",
        "SELECT 1",  # Takes the snapshot.
    ),
    "sqlite": ("PRAGMA query_only = 1", "BEGIN", "SELECT 1 FROM sqlite_master LIMIT 1"),
}
"""What begins a read-only snapshot, where the database has one."""


def begin(connection: Connection) -> None:
    """Begin a read-only snapshot on *connection*, as far as its dialect knows one."""
    for statement in READ_ONLY.get(connection.dialect.name, ()):
        connection.exec_driver_sql(statement).close()


def canceller(connection: Connection) -> Callable[[], None] | None:
    """Give what ends the statement in progress from another thread and nothing else.

    None where the driver has no such thing.
    """
    driver: Any = connection.connection.driver_connection
    match driver:
        case psycopg.Connection():
            cancel: Any = driver.cancel_safe
        case sqlite3.Connection():
            cancel = driver.interrupt
        case _:
            cancel = getattr(driver, "cancel", None)  # psycopg2 and oracledb have it.
    return _quietly(cancel) if callable(cancel) else None


def closer(connection: Connection) -> Callable[[], None]:
    """Give what ends a statement together with its connection, the last resort."""
    driver: Any = connection.connection.driver_connection
    return _quietly(driver.close)


def _quietly(stop: Callable[[], None]) -> Callable[[], None]:
    """Give *stop* without its complaints: what it stops may just have ended by itself."""

    def quiet() -> None:
        with suppress(Exception):
            stop()

    return quiet
