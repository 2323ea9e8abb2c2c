"""What a connection to SQLite may still do once a query of somebody else runs on it."""

import sqlite3
from typing import Final

READING: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_FUNCTION}
)

OUTWARD_FUNCTIONS: Final = frozenset(
    {"edit", "fts3_tokenizer", "load_extension", "readfile", "writefile"}
)
"""Functions that leave the database, where an operator's SQLite has them at all."""


def shut(connection: sqlite3.Connection) -> None:
    """Leave *connection* nothing but reading one snapshot of its own file, with no way back.

    Each layer holds without the others: the file itself is opened with mode=ro, query_only
    refuses every write, the limit every ATTACH, and the authorizer whatever is not reading.
    """
    connection.execute("PRAGMA query_only = 1")
    # Views and virtual tables of the file may then not call functions with side effects.
    connection.execute("PRAGMA trusted_schema = 0")
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.execute("BEGIN")
    # The snapshot is taken by the first look at the file, not by BEGIN.
    connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    connection.set_authorizer(authorize)


def authorize(
    action: int, first: str | None, second: str | None, database: str | None, _: str | None
) -> int:
    """Answer SQLite's question whether a statement may do *action*."""
    allowed = (
        (action in READING and second not in OUTWARD_FUNCTIONS)
        # Full-text search asks this of its own tables.
        or (action == sqlite3.SQLITE_PRAGMA and first == "data_version" and second is None)
        # The first use of a virtual table declares its columns, and that looks like this; a
        # true change of sqlite_master is refused by SQLite itself.
        or (action == sqlite3.SQLITE_UPDATE and first == "sqlite_master" and database == "main")
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
