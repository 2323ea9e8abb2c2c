"""Deletes the rows of a table whose key is not among given ones."""

import sqlite3
from collections.abc import Iterable, Sequence
from sqlite3 import Connection

from dashboard.sources.errors import QueryError
from dashboard.sources.sqlite.bound import bound
from dashboard.sources.writing import refusals
from dashboard.sources.writing.changes import Counts, Missing, Written
from dashboard.sources.writing.shape import NO_KEYS, OTHERS_MISSING, Shape
from dashboard.sources.writing.sqlite import refusing
from dashboard.sources.writing.sqlite.images import Images
from dashboard.sources.writing.sqlite.tables import quoted
from dashboard.sources.writing.target import Key


def missing(
    connection: Connection, shape: Shape, keys: Iterable[Key], columns: Sequence[str], limit: int
) -> Missing:
    """Count the rows that have a key, but none of *keys*; give *limit* of them as they are kept.

    Raises sqlite3.Error, QueryError.
    """
    condition = _staged(connection, shape, keys)
    of_them = f"FROM {shape.table.quoted} WHERE {condition}"
    (count,) = connection.execute(f"SELECT count(*) {of_them}").fetchone()
    listed = ", ".join(map(quoted, columns))
    rows = connection.execute(f"SELECT {listed} {of_them} LIMIT ?", (limit,)).fetchall()
    return Missing(count, rows)


def delete_missing(
    connection: Connection,
    shape: Shape,
    images: Images | None,
    keys: Iterable[Key],
    expect: int | None,
) -> Written:
    """Delete the rows that have a key, but none of *keys*. Raises sqlite3.Error, QueryError."""
    table = shape.table.quoted
    condition = _staged(connection, shape, keys)
    if images is not None:
        for before in images.of(condition):
            images.keep(None, before, None)
    try:
        deleted = connection.execute(f"DELETE FROM {table} WHERE {condition}").rowcount
    except sqlite3.IntegrityError as error:
        is_pointed_to = refusing.name_of(error) == refusing.FOREIGN_KEY
        why = refusals.POINTED_TO if is_pointed_to else refusing.told(error)[1]
        raise QueryError(f"Nothing was deleted: {why}", detail=str(error)) from error
    if expect is not None and deleted != expect:
        raise QueryError(OTHERS_MISSING)
    return Written(Counts(deleted=deleted))


def _within(shape: Shape) -> list[str]:
    """Give the condition that a row belongs to this part of its table, where there are parts."""
    if shape.table.within is None:
        return []
    name, number = shape.table.within
    return [f"{quoted(name)} = {number:d}"]


def _staged(connection: Connection, shape: Shape, keys: Iterable[Key]) -> str:
    """Bring *keys* into a temporary table; give the condition on rows that have none of them.

    Raises QueryError for no keys.
    """
    connection.execute("DROP TABLE IF EXISTS temp.bellhop_staged")
    # A copy has the affinities of the table, without which SQLite could not use the index.
    columns = ", ".join(f"{quoted(name)} AS k{at}" for at, name in enumerate(shape.by))
    connection.execute(
        f"CREATE TEMPORARY TABLE bellhop_staged AS SELECT {columns} FROM {shape.table.quoted}"
        " WHERE 0"
    )
    marks = ", ".join("?" * len(shape.by))
    connection.executemany(
        f"INSERT INTO temp.bellhop_staged VALUES ({marks})",
        ([bound(part) for part in key] for key in keys),
    )
    if connection.execute("SELECT 1 FROM temp.bellhop_staged").fetchone() is None:
        raise QueryError(NO_KEYS)
    indexed = ", ".join(f"k{at}" for at in range(len(shape.by)))
    connection.execute(f"CREATE INDEX temp.bellhop_staged_key ON bellhop_staged ({indexed})")
    names = [f"{shape.table.quoted}.{quoted(name)}" for name in shape.by]
    there = " AND ".join(f"{name} = s.k{at}" for at, name in enumerate(names))
    return " AND ".join(
        [
            *(f"{name} IS NOT NULL" for name in names),
            f"NOT EXISTS (SELECT 1 FROM temp.bellhop_staged s WHERE {there})",
            *_within(shape),
        ]
    )
