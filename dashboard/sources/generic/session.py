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

MYSQL: Final = frozenset({"mariadb", "mysql"})

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
    if connection.dialect.name in MYSQL:
        return _quietly(_killer(connection))
    match driver:
        case psycopg.Connection():
            cancel: Any = driver.cancel_safe
        case sqlite3.Connection():
            cancel = driver.interrupt
        case _:
            cancel = getattr(driver, "cancel", None)  # psycopg2 and oracledb have it.
    return _quietly(cancel) if callable(cancel) else None


def reads_to_the_end(connection: Connection) -> bool:
    """Say whether to close a result reads all of its rows first, unless the statement is ended."""
    return connection.dialect.name in MYSQL


def forget_rest(cursor: Any) -> None:
    """Keep pymysql from reading on, where the connection was lost before the last row."""
    unread: Any = getattr(cursor, "_result", None)
    if getattr(unread, "unbuffered_active", False):
        unread.unbuffered_active = False


def _killer(connection: Connection) -> Callable[[], None]:
    """Give what has MySQL end the statement, which takes a second connection."""
    number = int(connection.exec_driver_sql("SELECT CONNECTION_ID()").scalar_one())
    connection.rollback()  # The snapshot is still to be begun.

    def kill() -> None:
        with connection.engine.connect() as other:
            other.exec_driver_sql(f"KILL QUERY {number:d}")

    return kill


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
