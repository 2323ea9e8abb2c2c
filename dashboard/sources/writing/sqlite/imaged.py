"""Compares the rows of a table with their images, and brings these back."""

import json
from collections.abc import Mapping, Sequence
from sqlite3 import Connection
from typing import Any, Final

from dashboard.sources.errors import QueryError
from dashboard.sources.writing.shape import Shape
from dashboard.sources.writing.sqlite import cascading, pointing, tables
from dashboard.sources.writing.sqlite.images import ROWID, plain
from dashboard.sources.writing.sqlite.refusing import LeftOut
from dashboard.sources.writing.sqlite.tables import quoted
from dashboard.sources.writing.table import TargetTable
from dashboard.sources.writing.undoing import Image, Seen

_KEY: Final = "SELECT key FROM bellhop_import_before WHERE run = ? AND target = ? LIMIT 1"
NO_KEY: Final = "The rows of the table “{}” have no key by which they could be found again."
OTHER_KEY: Final = "The key of the table “{}” is not what it was when the rows were imported."


class PointsNowhere(LeftOut):
    """A row would point nowhere, which SQLite would say only at the end, and of no row."""


class Imaged:
    """Looks at and writes rows of *table*. Raises sqlite3.Error, QueryError."""

    def __init__(self, connection: Connection, table: TargetTable, run: str, target: str) -> None:
        self._connection = connection
        self._table = table
        self._names = [column.name for column in table.columns]
        self._fixed = {column.name for column in table.columns if column.generated}
        key = _key_of(connection, run, target) or table.key
        if not key:
            raise QueryError(NO_KEY.format(table.name))
        is_numbered = tuple(key) == (ROWID,) and tables.has_rowid(connection, table)
        if not (is_numbered or table.tells_apart(key)):
            raise QueryError(OTHER_KEY.format(table.name))
        self._key = tuple(key)
        self._on = " AND ".join(f"{quoted(name)} = ?" for name in self._key)
        extra = [name for name in self._key if name not in self._names]
        self._read = [*self._names, *extra]
        listed = ", ".join(map(quoted, self._read))
        self._unpointed = "".join(
            f" AND NOT EXISTS ({one})" for one in cascading.pointing(connection, table)
        )
        shape = Shape(table, table.columns, ())
        are_deferred = pointing.are_deferred(connection, shape)
        self._deferred = pointing.foreign_keys(connection, shape) if are_deferred else []
        self._asking = f"SELECT {listed} FROM {table.quoted} WHERE {self._on}"

    def now(self, key: Image) -> Image | None:
        """Give the row with *key* as it is now."""
        row = self._connection.execute(self._asking, self._bound(key, self._key)).fetchone()
        return None if row is None else dict(zip(self._read, map(plain, row), strict=True))

    def are_same(self, one: Image, other: Image) -> bool:
        """Say whether two images are alike in the columns that both have."""
        if one == other:
            return True
        return all(other[name] == value for name, value in one.items() if name in other)

    def do(self, act: str, seen: Seen) -> int:
        """Bring one row back to what it was; gives how many rows that has written, one or none.

        Raises PointsNowhere.
        """
        table = self._table.quoted
        if act == "delete":
            key = self._bound(_present(seen.now), self._key)
            return self._run(f"DELETE FROM {table} WHERE {self._on}{self._unpointed}", key)
        before = _present(seen.before)
        self._refuse_nowhere(before)
        given = [name for name in self._read if name in before and name not in self._fixed]
        if act == "insert":
            columns = ", ".join(map(quoted, given))
            marks = ", ".join("?" * len(given))
            statement = f"INSERT OR ABORT INTO {table} ({columns}) VALUES ({marks})"
            return self._run(statement, self._bound(before, given))
        now = _present(seen.now)
        given = [name for name in given if now[name] != before[name]]
        if not given:
            return 1
        settings = ", ".join(f"{quoted(name)} = ?" for name in given)
        statement = f"UPDATE OR ABORT {table} SET {settings} WHERE {self._on}"
        return self._run(statement, [*self._bound(before, given), *self._bound(now, self._key)])

    def _refuse_nowhere(self, image: Image) -> None:
        values = [_natural(image.get(name)) for name in self._names] if self._deferred else []
        if any(key.points_nowhere(self._connection, values) for key in self._deferred):
            raise PointsNowhere

    def _run(self, statement: str, values: Sequence[object]) -> int:
        return self._connection.execute(statement, values).rowcount

    def _bound(self, image: Image, names: Sequence[str]) -> list[object]:
        return [_natural(image[name]) for name in names]


def _key_of(connection: Connection, run: str, target: str) -> list[str]:
    found = connection.execute(_KEY, (run, target)).fetchone()
    return list(json.loads(found[0])) if found else []


def _present(image: Image | None) -> Image:
    assert image is not None
    return image


def _natural(value: Any) -> object:
    return bytes.fromhex(value["hex"]) if isinstance(value, Mapping) else value
