"""The foreign keys of a table, and what they would point to."""

from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Final

from dashboard.sources.writing.shape import Shape
from dashboard.sources.writing.sqlite.tables import quoted

_KEYS: Final = 'SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq'
_PRIMARY: Final = "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk"
_SQL: Final = "SELECT sql FROM sqlite_master WHERE type = 'table' AND lower(name) = lower(?)"


@dataclass(frozen=True)
class ForeignKey:
    """One foreign key: the *places* of its values in a chunk, and what looks its row up."""

    column: str
    places: tuple[int, ...]
    looking: str

    def points_nowhere(self, connection: Connection, values: Sequence[object]) -> bool:
        """Say whether there is no row that *values*, as SQLite keeps them, point to."""
        pointing = [values[place] for place in self.places]
        if None in pointing:
            return False
        return connection.execute(self.looking, pointing).fetchone() is None


def foreign_keys(connection: Connection, shape: Shape) -> list[ForeignKey]:
    """Give the foreign keys of the table whose columns are all written. Raises sqlite3.Error."""
    names = [name.lower() for name in shape.names]
    parts: dict[int, list[tuple[str, str, str | None]]] = {}
    for number, table, column, to in connection.execute(_KEYS, (shape.table.name,)):
        parts.setdefault(number, []).append((table, column, to))
    found = []
    for pairs in parts.values():
        table = pairs[0][0]
        columns = [column for _, column, _ in pairs]
        if not {column.lower() for column in columns} <= set(names):
            continue
        # Where nothing else is said, a foreign key points to the primary key.
        primary = [name for (name,) in connection.execute(_PRIMARY, (table,))]
        to = [named or primary[at] for at, (_, _, named) in enumerate(pairs)]
        condition = " AND ".join(f"{quoted(name)} = ?" for name in to)
        found.append(
            ForeignKey(
                columns[0] if len(columns) == 1 else "",
                tuple(names.index(column.lower()) for column in columns),
                f"SELECT 1 FROM {quoted(table)} WHERE {condition}",
            )
        )
    return found


def are_deferred(connection: Connection, shape: Shape) -> bool:
    """Say whether foreign keys of the table may be looked at when it is too late to say which row.

    It is asked for a word, which may stand there for something else: then it only costs time.
    """
    row = connection.execute(_SQL, (shape.table.name,)).fetchone()
    return row is not None and "DEFERRED" in row[0].upper()
