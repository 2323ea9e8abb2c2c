"""The tables and views that a role may read."""

from collections.abc import Iterable
from itertools import groupby

from psycopg import Connection

from dashboard.sources.postgresql.types import TYPES
from dashboard.sources.source import SourceColumn, Table

# A domain over a type counts as that type. The name is short where no schema is needed.
_QUERY = """
SELECT CASE WHEN pg_table_is_visible(c.oid) THEN c.relname
            ELSE n.nspname || '.' || c.relname END AS name,
       c.oid::regclass::text AS quoted,
       a.attname AS column_name,
       CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END AS type_oid
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p')
  AND NOT c.relispartition
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
  AND has_schema_privilege(n.oid, 'USAGE')
  AND has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY name, quoted, a.attnum
"""


def readable(connection: Connection) -> list[Table]:
    """Give the tables of which the role may read at least one column, with those columns."""
    rows: Iterable[tuple[str, str, str, int]] = connection.execute(_QUERY).fetchall()
    found: list[Table] = []
    for (name, quoted), columns in groupby(rows, key=lambda row: row[:2]):
        described = (SourceColumn(column, TYPES.get(oid, "text")) for _, _, column, oid in columns)
        found.append(Table(name, quoted, tuple(described)))
    return found
