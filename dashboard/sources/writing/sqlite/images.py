"""What rows were before an import, and after it: enough to take it back."""

import json
from collections.abc import Mapping, Sequence
from sqlite3 import Connection

from dashboard.sources.writing.shape import Shape
from dashboard.sources.writing.sqlite import tables
from dashboard.sources.writing.sqlite.tables import quoted

ROWID = "_rowid_"


class Images:
    """Keeps images of the rows of one table for the chunk *mark*, a run and a number."""

    def __init__(self, connection: Connection, shape: Shape, mark: tuple[str, int]) -> None:
        self._connection = connection
        self._shape = shape
        self._mark = mark
        self._key = shape.table.key or (ROWID,)
        self._has_rowid = tables.has_rowid(connection, shape.table)
        self._names = [column.name for column in shape.table.columns]
        extra = (ROWID,) if not shape.table.key else ()
        listed = ", ".join([*map(quoted, self._names), *extra])
        self._names += extra
        self._asking = f"SELECT {listed} FROM {shape.table.quoted} WHERE "

    def of(self, condition: str, values: Sequence[object] = ()) -> list[dict[str, object]]:
        """Give the rows for which *condition* holds. Raises sqlite3.Error."""
        rows = self._connection.execute(self._asking + condition, values)
        return [dict(zip(self._names, map(plain, row), strict=True)) for row in rows]

    def of_inserted(self, values: Mapping[int, object]) -> dict[str, object] | None:
        """Give the row that was just inserted with *values*, by their places in the shape."""
        if self._has_rowid:
            found = self.of(f"{ROWID} = last_insert_rowid()")
        else:
            names = self._shape.names
            condition = " AND ".join(f"{quoted(name)} = ?" for name in self._key)
            found = self.of(condition, [values.get(names.index(name)) for name in self._key])
        return found[0] if found else None

    def keep(
        self,
        file_row: int | None,
        before: dict[str, object] | None,
        after: dict[str, object] | None,
    ) -> None:
        """Keep what the row of *file_row* was, None for new, and is, None for deleted."""
        present = after or before or {}
        key = {name: present.get(name) for name in self._key}
        run, chunk = self._mark
        self._connection.execute(
            "INSERT INTO bellhop_import_before (run, chunk, file_row, target, key, before, after)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (run, chunk, file_row, self._shape.table.name, _json(key), _json(before), _json(after)),
        )


def plain(value: object) -> object:
    """Give *value* as JSON can hold it: bytes become their hex, told by where it stands."""
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def _json(image: dict[str, object] | None) -> str | None:
    return None if image is None else json.dumps(image, ensure_ascii=False)
