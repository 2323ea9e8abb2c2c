"""Rows of a table that are looked up by their keys."""

from collections.abc import Sequence
from sqlite3 import Connection

from dashboard.sources.sqlite.declared import read
from dashboard.sources.writing.shape import Shape
from dashboard.sources.writing.sqlite.kept import kept
from dashboard.sources.writing.sqlite.tables import quoted


class Looking:
    """Asks for the rows of one *shape*."""

    def __init__(self, connection: Connection, shape: Shape) -> None:
        self._connection = connection
        self._types = [column.type for column in shape.columns]
        self.on = " AND ".join(f"{quoted(name)} = ?" for name in shape.by)
        """The condition for a key."""
        columns = ", ".join(map(quoted, shape.names))
        self._asking = f"SELECT {columns} FROM {shape.table.quoted} WHERE {self.on}"

    def raw(self, key: Sequence[object]) -> tuple[object, ...] | None:
        """Give the row with *key* as SQLite keeps it; None for none. Raises sqlite3.Error."""
        try:
            row: tuple[object, ...] | None = self._connection.execute(
                self._asking, kept(key)
            ).fetchone()
        except (UnicodeEncodeError, OverflowError):  # No column holds such a value.
            return None
        return row

    def natural(self, rows: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
        """Give *rows* with the dates, times and booleans that their columns declare."""
        return list(zip(*read(rows, self._types), strict=True)) if rows else []
