"""Rows of a table that are looked up by their keys, many at a time."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

from psycopg import Connection, sql

from dashboard.sources.postgresql.arrays import with_arrays
from dashboard.sources.postgresql.spelling import for_rows
from dashboard.sources.spelling import SPELLERS
from dashboard.sources.writing.postgresql import names
from dashboard.sources.writing.shape import Shape

AT_ONCE: Final = 10_000
"""Keys of one question: enough that asking costs nothing, and little for the server to hold."""

_ARRAY_TYPES: Final = """
SELECT format_type(oid, -1) || '[]'
FROM unnest(%s::oid[]) WITH ORDINALITY AS asked (oid, place) ORDER BY place
"""
# Nothing of the table's own has a say in a new row, so that it is what its line says.
_PLAIN: Final = """
SELECT c.relkind = 'r' AND NOT c.relhasrules AND NOT c.relrowsecurity
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal)
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          AND a.attname <> ALL(%s::text[])
          AND (a.atthasdef OR a.attidentity <> '' OR y.typdefault IS NOT NULL))
FROM pg_catalog.pg_class c WHERE c.oid = %s::regclass
"""


class Looking:
    """Asks for the rows of one *shape*."""

    def __init__(self, connection: Connection, shape: Shape) -> None:
        self._connection = connection
        self._shape = shape
        self.table = names.table(shape.table.quoted)
        self.columns = [sql.SQL("t.{}").format(names.column(name)) for name in shape.names]
        asking = sql.SQL("SELECT {} FROM {} t LIMIT 0").format(
            sql.SQL(", ").join(self.columns), self.table
        )
        described = connection.execute(asking, ()).description or []
        types = with_arrays(connection, [(one.name, one.type_code) for one in described])
        expressions = [
            for_rows(column.as_string(connection), oid)
            for column, (_, oid) in zip(self.columns, types, strict=True)
        ]
        self.values = sql.SQL(", ").join(map(sql.SQL, expressions))
        """The columns as rows() gives them, of a table that is called t."""
        self._key_types = self._types([described[at].type_code for at in shape.key_places])

    @cached_property
    def is_plain(self) -> bool:
        """Whether a new row is exactly its values, and has none in any other column."""
        given = [list(self._shape.names), self._shape.table.quoted]
        row = self._connection.execute(_PLAIN, given).fetchone()
        return bool(row and row[0])

    def rows(self, keys: Sequence[Sequence[object]]) -> list[tuple[int, tuple[Any, ...]]]:
        """Give the places in *keys* that have a row, each with the row. Raises psycopg.Error."""
        parts = [sql.Identifier(f"k{at}") for at in range(len(self._shape.by))]
        tables = sql.SQL(", ").join(
            sql.SQL("unnest(%s::{})").format(type_) for type_ in self._key_types
        )
        on = sql.SQL(" AND ").join(
            sql.SQL("t.{} = k.{}").format(names.column(column), part)
            for column, part in zip(self._shape.by, parts, strict=True)
        )
        asking = sql.SQL(
            "SELECT k.place, {} FROM ROWS FROM ({}) WITH ORDINALITY AS k ({}, place)"
            " JOIN {} t ON {}"
        ).format(self.values, tables, sql.SQL(", ").join(parts), self.table, on)
        given = [array(values) for values in zip(*keys, strict=True)]
        found = self._connection.execute(asking, given).fetchall()
        return [(row[0] - 1, row[1:]) for row in found]

    def _types(self, oids: Sequence[int]) -> list[sql.Composable]:
        # With the modifier -1, a text is not cut to a length, which would have it match others.
        found = self._connection.execute(_ARRAY_TYPES, [list(oids)])
        return [sql.SQL(name) for (name,) in found]


def array(values: Sequence[object]) -> str:
    """Give the literal of an array of *values*, of which none is null."""
    texts = [SPELLERS.get(type(value), str)(value) for value in values]
    joined = '","'.join(texts)
    if "\\" in joined or joined.count('"') > 2 * (len(texts) - 1):
        joined = '","'.join(text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return f'{{"{joined}"}}' if texts else "{}"
