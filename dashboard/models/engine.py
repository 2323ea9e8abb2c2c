"""How the ledger's engine is set up: SQLite in WAL mode, PostgreSQL with an end to idleness."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, event

PRAGMAS = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # In KiB, for each connection, and each thread of a web process may hold one: 2 MiB as SQLite
    # has it is a lot. What is read often lies in the system's cache, once for all.
    "PRAGMA cache_size = -512",
)

# Longer than any transaction of ours does nothing; a frozen process would keep its locks for ever.
IDLE_SECONDS = 60


def prepare(engine: Engine) -> None:
    """Set up every connection of *engine*.

    On SQLite it begins transactions by itself, as the sqlite3 module's own mode reads stale: a
    read-then-write transaction on SQLite fails at once when another writer came between,
    whatever the timeout; so writers begin with BEGIN IMMEDIATE (see base.transaction) and wait.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _connect)
        event.listen(engine, "begin", _begin)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _limit_idleness)


def _connect(connection: sqlite3.Connection, record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _limit_idleness(connection: Any, record: Any) -> None:
    """Let the server end a transaction whose process was frozen in it, locks and all."""
    connection.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")
    connection.commit()


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
