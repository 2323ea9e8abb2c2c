"""Chunks of new rows that are kept as the lines in which they came, until an undo looks at them.

An image of each row costs the server more than the row itself, and few imports are undone.
"""

from collections.abc import Iterable
from typing import Final

from psycopg import Connection, errors, sql

from dashboard.sources.writing.postgresql import names
from dashboard.sources.writing.postgresql.session import Session
from dashboard.sources.writing.postgresql.statements import key_object, staged
from dashboard.sources.writing.shape import Shape
from dashboard.sources.writing.table import TargetTable

# The lines are as they are: what the server would gain by compressing them costs it more.
PREPARE: Final = b"""
CREATE TABLE IF NOT EXISTS bellhop_import_packed (
    run text NOT NULL,
    chunk integer NOT NULL,
    target text NOT NULL,
    key text[] NOT NULL,
    given text[] NOT NULL,
    empty text[] NOT NULL,
    rows bigint NOT NULL,
    lines bytea NOT NULL,
    PRIMARY KEY (run, chunk)
);
ALTER TABLE bellhop_import_packed ALTER COLUMN lines SET STORAGE EXTERNAL
"""

_IS_THERE: Final = """
SELECT coalesce(bool_and(has_table_privilege(to_regclass('bellhop_import_packed'), needed)), false)
FROM unnest(ARRAY['SELECT', 'INSERT', 'DELETE']) AS needed
"""
_KEEP: Final = """
INSERT INTO bellhop_import_packed (run, chunk, target, key, given, empty, rows, lines)
VALUES (%s, %s, %s, %s, %s, %s, %s, %b)
"""
_CHUNKS: Final = "SELECT chunk FROM bellhop_import_packed WHERE run = %s AND target = %s ORDER BY 1"
# Whoever unpacks the same chunk is waited for, and has then left nothing to do.
_TAKE: Final = """
DELETE FROM bellhop_import_packed WHERE run = %s AND chunk = %s RETURNING key, given, empty, lines
"""
_FORGET: Final = """
DELETE FROM bellhop_import_packed WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM bellhop_import_packed WHERE run = %s LIMIT 1)) RETURNING rows
"""
_TYPES: Final = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped
"""
_DROP: Final = "DROP TABLE IF EXISTS pg_temp.bellhop_unpacked"
_MAKE: Final = sql.SQL(
    "CREATE TEMPORARY TABLE bellhop_unpacked (place integer, way integer, file_row bigint, {})"
    " ON COMMIT DROP"
)
_COPY: Final = "COPY bellhop_unpacked FROM STDIN"
_UNPACK: Final = sql.SQL(
    "INSERT INTO bellhop_import_before (run, chunk, target, file_row, key, before, after)"
    " SELECT %(run)s, %(chunk)s, %(target)s, s.file_row, {key}, NULL, row_to_json(t.*)"
    " FROM bellhop_unpacked s CROSS JOIN LATERAL (SELECT {columns}) AS t ORDER BY s.place"
)
_COMMA: Final = sql.SQL(", ")


def is_there(connection: Connection) -> bool:
    """Say whether chunks may be kept like this; tables of an earlier version lack it."""
    row = connection.execute(_IS_THERE).fetchone()
    return bool(row and row[0])


def keep(
    connection: Connection, mark: tuple[str, int], shape: Shape, rows: int, lines: bytes
) -> None:
    """Keep a chunk of new *rows* that were given no other columns, as *lines* for Staging."""
    table = shape.table
    given = list(shape.names)
    empty = [column.name for column in table.columns if column.name not in given]
    key = list(table.key or shape.by)
    connection.execute(_KEEP, (*mark, table.name, key, given, empty, rows, lines))


def unpack(session: Session, run: str, table: TargetTable) -> None:
    """Make an image of each row of *run* in *table*, chunk by chunk. Raises SourceError."""
    with session.transaction() as connection:
        if not is_there(connection):
            return
        chunks = [chunk for (chunk,) in connection.execute(_CHUNKS, [run, table.name])]
    for chunk in chunks:
        with session.transaction() as connection:
            _unpack(connection, run, chunk, table)


def forget(connection: Connection, run: str) -> int:
    """Forget one chunk of *run*; give how many rows it had, 0 where there is none any more."""
    row = connection.execute(_FORGET, [run]).fetchone()
    return int(row[0]) if row else 0


def _unpack(connection: Connection, run: str, chunk: int, table: TargetTable) -> None:
    taken = connection.execute(_TAKE, [run, chunk]).fetchone()
    if taken is None:
        return
    key, given, empty, lines = taken
    known: dict[str, str] = dict(connection.execute(_TYPES, [table.quoted]).fetchall())
    types = [known.get(name, "text") for name in given]
    try:
        with connection.transaction():
            _copy(connection, types, lines)
    except errors.DataError:  # The table has other types now; whoever compares will see it.
        _copy(connection, ["text"] * len(given), lines)
    columns = [
        *(
            sql.SQL("s.{} AS {}").format(staged(at), names.column(name))
            for at, name in enumerate(given)
        ),
        *(sql.SQL("NULL AS {}").format(names.column(name)) for name in empty),
    ]
    unpacking = _UNPACK.format(key=key_object(key), columns=_COMMA.join(columns))
    connection.execute(unpacking, {"run": run, "chunk": chunk, "target": table.name})


def _copy(connection: Connection, types: Iterable[str], lines: bytes) -> None:
    columns = (
        sql.SQL("{} {}").format(staged(at), sql.SQL(type_)) for at, type_ in enumerate(types)
    )
    connection.execute(_DROP)
    connection.execute(_MAKE.format(_COMMA.join(columns)))
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.write(lines)
