"""The tables that a role may write: their columns, keys and constraints."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import namedtuple_row

from dashboard.sources.postgresql.types import INT2, INT4, INT8, NUMERIC, TYPES
from dashboard.sources.writing.table import TargetColumn, TargetTable

BPCHAR: Final = 1042
VARCHAR: Final = 1043

HEADER: Final = 4
"""What PostgreSQL adds to the length in a type's modifier."""

BOUNDS: Final[Mapping[int, tuple[int, int]]] = {
    INT2: (-(2**15), 2**15 - 1),
    INT4: (-(2**31), 2**31 - 1),
    INT8: (-(2**63), 2**63 - 1),
}

# A domain over a type counts as that type. The name is short where no schema is needed.
_COLUMNS: Final = """
SELECT CASE WHEN pg_table_is_visible(c.oid) THEN c.relname
            ELSE n.nspname || '.' || c.relname END AS table_name,
       c.oid::regclass::text AS quoted,
       a.attnum AS number,
       a.attname AS name,
       CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END AS type_oid,
       CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS modifier,
       format_type(a.atttypid, a.atttypmod) AS native,
       a.attnotnull OR t.typnotnull AS not_null,
       a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL AS has_default,
       a.attgenerated <> '' OR a.attidentity = 'a' AS generated,
       (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e
        WHERE e.enumtypid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END) AS labels,
       (SELECT array_agg(pg_get_constraintdef(k.oid)) FROM pg_catalog.pg_constraint k
        WHERE k.contype = 'c' AND (k.conrelid = c.oid AND k.conkey = ARRAY[a.attnum]
                                   OR k.contypid = t.oid)) AS checks
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p')
  AND NOT c.relispartition
  AND c.relname NOT IN (
      'bellhop_import', 'bellhop_import_before', 'bellhop_import_packed')
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
  AND has_schema_privilege(n.oid, 'USAGE')
  AND (has_any_column_privilege(c.oid, 'INSERT') OR has_any_column_privilege(c.oid, 'UPDATE'))
  AND has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY table_name, quoted, a.attnum
"""

# A key on an expression, or on some of the rows, does not tell all rows apart.
_KEYS: Final = """
SELECT i.indrelid::regclass::text AS quoted, i.indisprimary AS is_primary,
       array_agg(a.attname::text ORDER BY array_position(i.indkey::int2[], a.attnum)) AS columns,
       i.indnkeyatts AS size
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_attribute a
     ON a.attrelid = i.indrelid
     AND a.attnum = ANY((i.indkey::int2[])[0:i.indnkeyatts - 1])
WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
  AND i.indrelid::regclass::text = ANY(%s)
GROUP BY i.indexrelid, i.indrelid, i.indisprimary, i.indnkeyatts
ORDER BY 1, 2, 3
"""

_text = r"'(?:[^']|'')*'"
_one_of = re.compile(
    rf"""CHECK\ \(\(+
    (?:VALUE|"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)\)?(?:::[a-z ]+)?
    \ =\ ANY\ \(+ARRAY\[
    (?P<texts>{_text}(?:::[a-z ]+)?(?:,\ {_text}(?:::[a-z ]+)?)*)
    \]\)*(?:::[a-z ]+\[\])?\)+""",
    re.VERBOSE,
)
_each = re.compile(rf"({_text})(?:::[a-z ]+)?")


def writable(connection: Connection) -> list[TargetTable]:
    """Give the tables of which the role may write a column, with the columns it may read."""
    with connection.cursor(row_factory=namedtuple_row) as cursor:
        columns: list[Any] = cursor.execute(_COLUMNS).fetchall()
        quoted = sorted({row.quoted for row in columns})
        keys: list[Any] = cursor.execute(_KEYS, (quoted,)).fetchall()
    return [
        _table(
            [row for row in columns if row.quoted == table],
            [row for row in keys if row.quoted == table],
        )
        for table in dict.fromkeys(row.quoted for row in columns)
    ]


def _table(rows: Sequence[Any], keys: Sequence[Any]) -> TargetTable:
    names = {row.name for row in rows}
    # A key of which a part may not be read is none to the writer.
    whole = [key for key in keys if len(key.columns) == key.size and names.issuperset(key.columns)]
    return TargetTable(
        name=rows[0].table_name,
        quoted=rows[0].quoted,
        columns=tuple(map(_column, rows)),
        key=next((tuple(key.columns) for key in whole if key.is_primary), ()),
        uniques=tuple(tuple(key.columns) for key in whole if not key.is_primary),
    )


def _column(row: Any) -> TargetColumn:
    precision, scale = _digits(row.type_oid, row.modifier)
    has_length = row.type_oid in (BPCHAR, VARCHAR) and row.modifier > HEADER
    return TargetColumn(
        name=row.name,
        type=TYPES.get(row.type_oid, "text"),
        native=row.native,
        required=row.not_null and not row.has_default and not row.generated,
        generated=row.generated,
        max_length=row.modifier - HEADER if has_length else None,
        precision=precision,
        scale=scale,
        bounds=BOUNDS.get(row.type_oid),
        choices=tuple(row.labels or ()) or _choices(row.checks or ()),
        nullable=not row.not_null,
    )


def _digits(type_oid: int, modifier: int) -> tuple[int | None, int | None]:
    """Give precision and scale of a numeric; the scale has eleven bits and may be negative."""
    if type_oid != NUMERIC or modifier < HEADER:
        return None, None
    packed = modifier - HEADER
    return packed >> 16 & 0xFFFF, ((packed & 0x7FF) ^ 0x400) - 0x400


def _choices(checks: Sequence[str]) -> tuple[str, ...]:
    """Give the texts of a check that is nothing but a list of them."""
    for check in checks:
        if found := _one_of.fullmatch(check):
            texts = _each.findall(found["texts"])
            return tuple(text[1:-1].replace("''", "'") for text in texts)
    return ()
