"""The connection on which a source is read: what is set before any query of somebody else."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import psycopg
from psycopg import IsolationLevel
from sqlalchemy import URL

from dashboard.sources.postgresql.types import register_loaders

CONNECT_LIMIT: Final = 10
"""Seconds to wait for the server, unless the reading has less of them or the address says
otherwise (connect_timeout=…)."""

LEAST_CONNECT_LIMIT: Final = 2  # libpq takes less for this.

LOCK_LIMIT: Final = 10_000
"""Milliseconds to wait for a table that somebody is just changing."""

IDLE_LIMIT: Final = 15 * 60 * 1000
"""Milliseconds after which the server gives up a reader that asks for nothing more. It must
outlast whatever is done with one batch of rows."""

SETTINGS: Final[Mapping[str, str | int]] = {
    "lock_timeout": LOCK_LIMIT,
    "idle_in_transaction_session_timeout": IDLE_LIMIT,
    # All rows will be read, not just the first tenth that a cursor is planned for.
    "cursor_tuple_fraction": 1,
    # The scanner of placeholders relies on it: a backslash ends no string.
    "standard_conforming_strings": "on",
    # How values are spelled.
    "bytea_output": "hex",
    "datestyle": "ISO",
    "extra_float_digits": 1,
    "intervalstyle": "postgres",
    "timezone": "UTC",
}
"""They hold for the transaction alone: a pooler may give the connection to others later."""


def connect(url: URL, timeout: float) -> psycopg.Connection:
    """Begin a read-only transaction whose statements may take *timeout* seconds.

    Its snapshot is taken by the first statement that follows. Raises psycopg.Error.
    """
    dialect = url.set(drivername="postgresql+psycopg").get_dialect()()
    _, arguments = dialect.create_connect_args(url)
    defaults: dict[str, Any] = {
        "application_name": "Bellhop",
        "connect_timeout": min(CONNECT_LIMIT, max(LEAST_CONNECT_LIMIT, int(timeout))),
        # A server that vanished without a word is noticed after a minute.
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    }
    connection = psycopg.connect(
        prepare_threshold=None, **{**defaults, **arguments, "client_encoding": "UTF8"}
    )
    try:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        settings = {**SETTINGS, "statement_timeout": milliseconds(timeout)}
        connection.execute(
            "; ".join(f"SET LOCAL {k} = '{v}'" for k, v in settings.items()).encode()
        )
        # The server then notices within seconds that its reader was killed. Not every system has
        # it, and reading goes without.
        with suppress(psycopg.Error), connection.transaction():
            connection.execute("SET LOCAL client_connection_check_interval = '5s'")
        register_loaders(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def milliseconds(seconds: float) -> int:
    """Give *seconds* as PostgreSQL's timeouts want them; zero would mean no limit."""
    return min(max(int(seconds * 1000), 1), 2**31 - 1)
