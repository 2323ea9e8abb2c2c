"""The statements that compare the rows of a table with their images, and bring these back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import Connection, sql

from dashboard.sources.errors import QueryError
from dashboard.sources.writing.postgresql import cascading, names
from dashboard.sources.writing.table import TargetTable

# The types of values are those of the table now, whatever they were when the image was made.
_COLUMNS: Final = """
SELECT attname, format_type(atttypid, atttypmod), format_type(atttypid, -1),
       attgenerated <> '', attgenerated <> '' OR attidentity = 'a'
FROM pg_catalog.pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
_IMAGED: Final = """
SELECT ARRAY(SELECT json_object_keys(key)), ARRAY(SELECT json_object_keys(coalesce(before, after)))
FROM bellhop_import_before WHERE run = %s AND target = %s LIMIT 1
"""
# The offset keeps each of the three from being worked out anew wherever it is named.
_SEEN: Final = sql.SQL(
    """
SELECT i.chunk, i.file_row, i.key::text AS key, i.before, i.after, c.now, {keys},
    CASE WHEN c.now IS NULL AND c.before IS NULL THEN 'already'
         WHEN c.now IS NULL AND c.after IS NULL THEN 'restore'
         WHEN c.now IS NULL THEN 'gone'
         WHEN c.now = c.before THEN 'already'
         WHEN c.now = c.after AND c.before IS NULL THEN 'remove'
         WHEN c.now = c.after THEN 'restore'
         ELSE 'changed' END AS outlook
FROM bellhop_import_before i
CROSS JOIN LATERAL json_to_record(i.key) AS k ({typed_keys})
LEFT JOIN {table} t ON {on}
CROSS JOIN LATERAL (
    SELECT to_jsonb(t){added} AS now, i.before::jsonb{gone} AS before, i.after::jsonb{gone} AS after
    OFFSET 0) c
WHERE i.run = %(run)s AND i.target = %(target)s"""
)
# Whoever changes one of these rows meanwhile is waited for, and seen by the next statement.
_LOCK: Final = sql.SQL(
    """
SELECT count(*) FROM (
    SELECT 1 FROM bellhop_import_before i
    CROSS JOIN LATERAL json_to_record(i.key) AS k ({typed_keys})
    JOIN {table} t ON {on}
    WHERE i.run = %(run)s AND i.target = %(target)s AND i.chunk = %(chunk)s{chosen}
    ORDER BY {keys} FOR UPDATE OF t
) AS locked"""
)
_STAGE: Final = sql.SQL(
    """
CREATE TEMPORARY TABLE bellhop_undone ON COMMIT DROP AS
SELECT (row_number() OVER (ORDER BY s.file_row, s.key) - 1)::int AS place, s.*, CASE
    WHEN s.outlook = 'remove' OR s.outlook = 'changed' AND %(overwrite)s AND s.before IS NULL
        THEN 'delete'
    WHEN s.now IS NOT NULL
         AND (s.outlook = 'restore' OR s.outlook = 'changed' AND %(overwrite)s) THEN 'update'
    WHEN s.outlook = 'restore' OR s.outlook = 'gone' AND %(overwrite)s THEN 'insert'
    END AS act
FROM ({seen} AND i.chunk = %(chunk)s{chosen}) AS s"""
)
_CHOSEN: Final = sql.SQL(" AND i.key::text = ANY(%(keys)s)")
_WITHIN: Final = sql.SQL("s.act = %(act)s AND s.place BETWEEN %(first)s AND %(last)s")
_DELETE: Final = sql.SQL(
    "DELETE FROM {table} t USING bellhop_undone s WHERE {within} AND {on}{free}"
)
_UPDATE: Final = sql.SQL(
    "UPDATE {table} t SET {settings} FROM bellhop_undone s"
    " CROSS JOIN LATERAL json_to_record(s.before) AS b ({typed}) WHERE {within} AND {on}"
)
_INSERT: Final = sql.SQL(
    "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {values} FROM bellhop_undone s"
    " CROSS JOIN LATERAL json_to_record(s.before) AS b ({typed}) WHERE {within} ORDER BY s.place"
)
_DIFFERENT: Final = """
SELECT DISTINCT b.key FROM bellhop_undone s CROSS JOIN LATERAL jsonb_each(s.before::jsonb) b
WHERE s.act = 'update' AND s.now ? b.key AND s.now -> b.key IS DISTINCT FROM b.value
"""
_COMMA: Final = sql.SQL(", ")

NO_KEY: Final = "The rows of the table “{}” have no key by which they could be found again."
OTHER_KEY: Final = "The key of the table “{}” is not what it was when the rows were imported."


@dataclass(frozen=True)
class _Column:
    name: str
    native: str
    plain: str
    is_generated: bool
    is_fixed: bool


class Imaged:
    """Writes statements for the images of *run* in *table*; raises QueryError, psycopg.Error."""

    def __init__(self, connection: Connection, table: TargetTable, run: str) -> None:
        self._table = names.table(table.quoted)
        rows = connection.execute(_COLUMNS, [table.quoted]).fetchall()
        self._columns = [_Column(*row) for row in rows]
        known = [column.name for column in self._columns]
        found = connection.execute(_IMAGED, [run, table.name]).fetchone()
        key, imaged = found if found is not None else ([*table.key], known)
        if not key:
            raise QueryError(NO_KEY.format(table.name))
        if not table.tells_apart(key):
            raise QueryError(OTHER_KEY.format(table.name))
        self.key: tuple[str, ...] = tuple(key)
        self._shared = [column for column in self._columns if column.name in imaged]
        added = [name for name in known if name not in imaged]
        gone = [name for name in imaged if name not in known]
        parts = [sql.SQL("k.{}").format(names.column(name)) for name in key]
        plain = {column.name: column.plain for column in self._columns}
        typed_keys = _COMMA.join(
            sql.SQL("{} {}").format(names.column(name), names.table(plain[name])) for name in key
        )
        on = self._on(parts)
        self.seen = _SEEN.format(
            keys=_COMMA.join(
                sql.SQL("{} AS {}").format(part, _key_part(at)) for at, part in enumerate(parts)
            ),
            typed_keys=typed_keys,
            table=self._table,
            on=on,
            added=_without(added),
            gone=_without(gone),
        )
        """All rows of the run: chunk, file_row, key, before, after, now, outlook by name."""
        self._unpointed = sql.SQL("").join(
            sql.SQL(" AND NOT EXISTS ({})").format(one)
            for one in cascading.pointing(connection, table)
        )
        self._lock = (typed_keys, on, _COMMA.join(parts))

    def lock(self, *, chosen: bool) -> sql.Composed:
        """Give what locks the rows of one chunk that are there."""
        typed_keys, on, keys = self._lock
        return _LOCK.format(
            typed_keys=typed_keys,
            table=self._table,
            on=on,
            keys=keys,
            chosen=_CHOSEN if chosen else sql.SQL(""),
        )

    def stage(self, *, chosen: bool) -> sql.Composed:
        """Give what makes bellhop_undone: the rows of one chunk, each with its place and act."""
        return _STAGE.format(seen=self.seen, chosen=_CHOSEN if chosen else sql.SQL(""))

    def statement(self, connection: Connection, act: str) -> sql.Composed | None:
        """Give what does *act* to the staged rows in a range of places; None for nothing."""
        on = self._on([sql.SQL("s.{}").format(_key_part(at)) for at in range(len(self.key))])
        if act == "delete":
            return _DELETE.format(table=self._table, within=_WITHIN, on=on, free=self._unpointed)
        if act == "insert":
            given = [column for column in self._shared if not column.is_generated]
            columns = _COMMA.join(names.column(column.name) for column in given)
            return _INSERT.format(
                table=self._table,
                columns=columns,
                values=_COMMA.join(map(_before, given)),
                typed=_typed(given),
                within=_WITHIN,
            )
        different = {name for (name,) in connection.execute(_DIFFERENT, None)}
        given = [one for one in self._shared if one.name in different and not one.is_fixed]
        if not given:
            return None
        settings = (
            sql.SQL("{} = {}").format(names.column(column.name), _before(column))
            for column in given
        )
        return _UPDATE.format(
            table=self._table,
            settings=_COMMA.join(settings),
            typed=_typed(given),
            within=_WITHIN,
            on=on,
        )

    def _on(self, parts: Sequence[sql.Composable]) -> sql.Composed:
        return sql.SQL(" AND ").join(
            sql.SQL("t.{} = {}").format(names.column(name), part)
            for name, part in zip(self.key, parts, strict=True)
        )


def _typed(columns: Iterable[_Column]) -> sql.Composed:
    return _COMMA.join(
        sql.SQL("{} {}").format(names.column(column.name), names.table(column.native))
        for column in columns
    )


def _before(column: _Column) -> sql.Composed:
    return sql.SQL("b.{}").format(names.column(column.name))


def _key_part(at: int) -> sql.Identifier:
    return sql.Identifier(f"bellhop_k{at}")


def _without(columns: Sequence[str]) -> sql.Composable:
    if not columns:
        return sql.SQL("")
    return sql.SQL(" - ARRAY[{}]").format(_COMMA.join(map(names.literal, columns)))
