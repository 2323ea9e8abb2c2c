"""The tables of a SQLite file: their columns, keys and constraints."""

import re
import sqlite3
from collections.abc import Sequence
from sqlite3 import Connection
from typing import Any, Final

from dashboard.sources.sqlite.bound import LARGEST
from dashboard.sources.sqlite.declared import type_of
from dashboard.sources.syntax import SQLITE
from dashboard.sources.writing.table import TargetColumn, TargetTable

# The tables behind a virtual one belong to its module.
_TABLES: Final = """
SELECT name, sql FROM sqlite_master t
WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
  AND name NOT IN ('bellhop_import', 'bellhop_import_before')
  AND sql NOT LIKE 'CREATE VIRTUAL %'
  AND NOT EXISTS (SELECT 1 FROM sqlite_master v WHERE v.sql LIKE 'CREATE VIRTUAL %'
                  AND t.name LIKE replace(v.name, '_', '\\_') || '\\_%' ESCAPE '\\')
ORDER BY name
"""
_COLUMNS: Final = (
    'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)'
    " WHERE hidden <> 1 ORDER BY cid"
)
# A key on an expression, or on some of the rows, does not tell all rows apart.
_UNIQUES: Final = """
SELECT name FROM pragma_index_list(?) WHERE "unique" = 1 AND partial = 0 AND origin <> 'pk'
ORDER BY name
"""
_INDEXED: Final = "SELECT name FROM pragma_index_info(?) ORDER BY seqno"

GENERATED: Final = (2, 3)
"""How SQLite tells columns that it works out: when they are read, and when they are written."""

_text = r"'(?:[^']|'')*'"
_one_of = re.compile(
    rf'CHECK\s*\(\s*(?P<column>"(?:[^"]|"")+"|\w+)\s+IN\s*'
    rf"\(\s*(?P<texts>{_text}(?:\s*,\s*{_text})*)\s*\)\s*\)",
    re.IGNORECASE,
)


def writable(connection: Connection) -> list[TargetTable]:
    """Give the tables that are no views, by name. Raises sqlite3.Error."""
    return [
        _table(connection, name, _without_comments(sql))
        for name, sql in connection.execute(_TABLES).fetchall()
    ]


def _table(connection: Connection, name: str, sql: str) -> TargetTable:
    rows = connection.execute(_COLUMNS, (name,)).fetchall()
    key = [column for _, column in sorted((row[4], row[0]) for row in rows if row[4])]
    has_rowid = not re.search(r"\bWITHOUT\s+ROWID\b", sql, re.IGNORECASE)
    choices = _choices(sql)
    uniques = (
        tuple(column for (column,) in connection.execute(_INDEXED, (index,)))
        for (index,) in connection.execute(_UNIQUES, (name,)).fetchall()
    )
    return TargetTable(
        name=name,
        quoted=quoted(name),
        columns=tuple(
            _column(row, choices.get(row[0].lower(), ()), is_rowid=has_rowid and key == [row[0]])
            for row in rows
        ),
        key=tuple(key),
        uniques=tuple(sorted(unique for unique in uniques if unique and None not in unique)),
    )


def _column(row: Sequence[Any], choices: tuple[str, ...], *, is_rowid: bool) -> TargetColumn:
    name, native, not_null, default, _, hidden = row
    type_ = type_of(native)
    # SQLite numbers such rows itself.
    is_numbered = is_rowid and native.upper() == "INTEGER"
    return TargetColumn(
        name=name,
        type=type_,
        native=native,
        required=bool(not_null) and default is None and not is_numbered and hidden not in GENERATED,
        generated=hidden in GENERATED,
        bounds=(-LARGEST - 1, LARGEST) if type_ == "integer" else None,
        choices=choices,
        nullable=not not_null and not is_numbered,
    )


def quoted(name: str) -> str:
    """Give *name* as a statement must spell it."""
    return '"' + name.replace('"', '""') + '"'


def _choices(sql: str) -> dict[str, tuple[str, ...]]:
    """Give the texts that a check of one column lists, by the column's name in small letters."""
    found = {}
    for check in _one_of.finditer(sql):
        column = check["column"]
        name = column[1:-1].replace('""', '"') if column.startswith('"') else column
        texts = re.findall(_text, check["texts"])
        found[name.lower()] = tuple(text[1:-1].replace("''", "'") for text in texts)
    return found


def _without_comments(sql: str) -> str:
    return "".join(" " if token["comment"] else token[0] for token in SQLITE.finditer(sql))


def has_triggers(connection: Connection, table: TargetTable) -> bool:
    """Say whether the file does more than it is told when *table* is written."""
    asking = "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = lower(?)"
    return connection.execute(asking, (table.name,)).fetchone() is not None


def has_rowid(connection: Connection, table: TargetTable) -> bool:
    """Say whether the rows of *table* have numbers of SQLite's own."""
    try:
        connection.execute(f"SELECT _rowid_ FROM {table.quoted} LIMIT 0")
    except sqlite3.OperationalError:
        return False
    return True
