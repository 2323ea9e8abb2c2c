"""The tables and views that a role may read."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from psycopg import Connection

from dashboard.sources.postgresql.types import TYPES
from dashboard.sources.source import SourceColumn, Table

# A domain over a type counts as that type. The name is short where no schema is needed.
_QUERY: Final = """
SELECT * FROM (
    SELECT CASE WHEN pg_table_is_visible(c.oid) THEN c.relname
                ELSE n.nspname || '.' || c.relname END AS name,
           c.oid::regclass::text AS quoted,
           CASE WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END AS kind,
           a.attname AS column_name,
           CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END AS type_oid,
           array_position(k.conkey, a.attnum) AS place_in_key,
           cardinality(k.conkey) AS key_size
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
    WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p')
      AND NOT c.relispartition
      AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%%'
      AND has_schema_privilege(n.oid, 'USAGE')
      AND has_column_privilege(c.oid, a.attnum, 'SELECT')
      AND (%(endings)s::text[] IS NULL OR c.relname = ANY(%(endings)s))
    ORDER BY name, quoted, a.attnum
) AS found
WHERE %(name)s::text IS NULL OR name = %(name)s
"""


def readable(connection: Connection) -> list[Table]:
    """Give the tables of which the role may read at least one column, with those columns."""
    return _found(connection, None, None)


def named(connection: Connection, name: str) -> Table | None:
    """Give the one that readable() gives under *name*, without a look at the others."""
    # A dot may part the schema from the table, or belong to either.
    parts = name.split(".")
    endings = [".".join(parts[at:]) for at in range(len(parts))]
    return next(iter(_found(connection, name, endings)), None)


def _found(connection: Connection, name: str | None, endings: list[str] | None) -> list[Table]:
    rows = connection.execute(_QUERY, {"name": name, "endings": endings}).fetchall()
    return [_table(list(columns)) for _, columns in groupby(rows, key=lambda row: row[:2])]


def _table(rows: Sequence[tuple[Any, ...]]) -> Table:
    name, quoted, kind, *_, key_size = rows[0]
    columns = tuple(SourceColumn(row[3], TYPES.get(row[4], "text")) for row in rows)
    key = sorted((place, column) for *_, column, _type, place, _size in rows if place is not None)
    # A key of which a part may not be read is none to the reader.
    whole = len(key) == key_size
    return Table(name, quoted, columns, kind, tuple(column for _, column in key) if whole else ())
