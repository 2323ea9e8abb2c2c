"""Inserts all ready rows of a chunk at one go, and keeps their images likewise."""

import sqlite3
from collections.abc import Sequence
from sqlite3 import Connection
from typing import Final

from dashboard.sources.writing.ready import ReadyChunk
from dashboard.sources.writing.shape import Shape
from dashboard.sources.writing.sqlite import pointing, refusing, tables
from dashboard.sources.writing.sqlite.images import ROWID
from dashboard.sources.writing.sqlite.tables import quoted

READY: Final = "bellhop_ready"
"""As what the file with the ready rows is attached."""

MOST_COLUMNS: Final = 60
"""A function of SQLite takes 127 arguments, two for each column."""

LAST_ROWID: Final = 2**62
"""Far from the end of the numbers that SQLite gives to rows one after the other."""

_WITHIN: Final = "file_row BETWEEN :first AND :last"


def insert_all(
    connection: Connection, shape: Shape, mark: tuple[str, int] | None, ready: ReadyChunk
) -> bool:
    """Try to insert all rows of a chunk; False where one of them needs a look.

    With a *mark*, a run and a number, what they are afterwards is kept. Raises sqlite3.Error.
    """
    places = ready.inserted_places(shape)
    if ready.updates or places is None or not _may(connection, shape, ready, places, mark):
        return False
    connection.execute("SAVEPOINT bellhop_all")
    try:
        done = _insert(connection, shape, mark, ready, places)
    except sqlite3.Error as error:
        # Such as a value that JSON does not take; one by one is another way.
        is_wrong = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
        if not (is_wrong or refusing.is_about_row(error)):
            raise
        done = False
    if not done:
        connection.execute("ROLLBACK TO bellhop_all")
    connection.execute("RELEASE bellhop_all")
    return done


def _may(
    connection: Connection,
    shape: Shape,
    ready: ReadyChunk,
    places: Sequence[int],
    mark: tuple[str, int] | None,
) -> bool:
    table = shape.table
    if tables.has_triggers(connection, table) or pointing.are_deferred(connection, shape):
        return False
    if mark is None:
        return True
    given = {shape.names[at] for at in places}
    # What the table itself makes up may have more digits than SQLite writes into JSON.
    is_plain = ready.plain and all(
        column.name in given or column.type not in ("number", None) for column in table.columns
    )
    return is_plain and len(table.columns) <= MOST_COLUMNS


def _insert(
    connection: Connection,
    shape: Shape,
    mark: tuple[str, int] | None,
    ready: ReadyChunk,
    places: Sequence[int],
) -> bool:
    table = shape.table
    names = {shape.names[at]: f"v{at}" for at in places}
    values: dict[str, object] = {"first": ready.first, "last": ready.last}
    has_key = bool(table.key) and set(table.key) <= names.keys()
    if mark is not None and not has_key:
        if not tables.has_rowid(connection, table):
            return False
        asking = f"SELECT coalesce(max({ROWID}), 0) FROM {table.quoted}"
        (before,) = connection.execute(asking).fetchone()
        if not 0 <= before < LAST_ROWID:
            return False
        values["before"] = before
    # Whatever the table itself says about conflicts, no other row may go for this one.
    inserted = connection.execute(
        f"INSERT OR ABORT INTO {table.quoted} ({', '.join(map(quoted, names))})"
        f" SELECT {', '.join(names.values())} FROM {READY}.rows WHERE {_WITHIN} ORDER BY file_row",
        values,
    ).rowcount
    if inserted != ready.rows or mark is None:
        return inserted == ready.rows
    if has_key:
        on = " AND ".join(f"t.{quoted(name)} = r.{names[name]}" for name in table.key)
        rows = f"FROM {READY}.rows r CROSS JOIN {table.quoted} t ON {on} WHERE r.{_WITHIN}"
    else:
        rows = (
            f"FROM (SELECT file_row, row_number() OVER (ORDER BY file_row) AS turn"
            f" FROM {READY}.rows WHERE {_WITHIN}) r JOIN {table.quoted} t"
            f" ON t.{ROWID} = :before + r.turn WHERE true"
        )
    key = table.key or (ROWID,)
    imaged = [*(column.name for column in table.columns), *(() if table.key else (ROWID,))]
    values |= {"run": mark[0], "chunk": mark[1], "target": table.name}
    kept = connection.execute(
        "INSERT INTO bellhop_import_before (run, chunk, file_row, target, key, after)"
        f" SELECT :run, :chunk, r.file_row, :target, {_object(key)}, {_object(imaged)} {rows}"
        " ORDER BY r.file_row",
        values,
    ).rowcount
    return kept == ready.rows


def _object(names: Sequence[str]) -> str:
    pairs = (f"'{name.replace(chr(39), chr(39) * 2)}', t.{quoted(name)}" for name in names)
    return f"json_object({', '.join(pairs)})"
