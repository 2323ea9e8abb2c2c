"""The tables and views of MySQL and MariaDB, told by one query and to whoever may only SELECT.

SQLAlchemy would ask SHOW CREATE TABLE for each, and for a view that is a right of its own.
"""

from collections.abc import Mapping
from itertools import groupby
from operator import attrgetter
from typing import Final

from sqlalchemy import Connection, text

from dashboard.sources.source import ColumnType, SourceColumn, Table

TYPES: Final[Mapping[str, ColumnType]] = {
    **dict.fromkeys(("tinyint", "smallint", "mediumint", "int", "bigint", "year"), "integer"),
    **dict.fromkeys(("decimal", "float", "double"), "number"),
    **dict.fromkeys(("char", "varchar", "enum", "set"), "text"),
    **dict.fromkeys(("tinytext", "text", "mediumtext", "longtext"), "text"),
    **dict.fromkeys(("datetime", "timestamp"), "datetime"),
    "date": "date",
    "time": "time",
}

_QUERY: Final = """
SELECT c.table_name AS name, t.table_type AS kind, c.column_name AS column_name,
       lower(c.data_type) AS type, k.ordinal_position AS place_in_key
FROM information_schema.columns c
JOIN information_schema.tables t
  ON t.table_schema = c.table_schema AND t.table_name = c.table_name
LEFT JOIN information_schema.key_column_usage k
  ON k.table_schema = c.table_schema AND k.table_name = c.table_name
 AND k.column_name = c.column_name AND k.constraint_name = 'PRIMARY'
WHERE c.table_schema = DATABASE() AND (:name IS NULL OR c.table_name = :name)
ORDER BY c.table_name, c.ordinal_position
"""


def readable(connection: Connection, name: str | None = None) -> list[Table]:
    """Give the tables and views of the address's database, or the one called *name*."""
    rows = connection.execute(text(_QUERY), {"name": name}).all()
    found = []
    for known, columns in groupby(rows, key=attrgetter("name")):
        described = list(columns)
        key = sorted(
            (row.place_in_key, row.column_name) for row in described if row.place_in_key is not None
        )
        table = Table(
            known,
            "`" + known.replace("`", "``") + "`",
            tuple(SourceColumn(row.column_name, TYPES.get(row.type)) for row in described),
            "view" if "VIEW" in described[0].kind else "table",
            tuple(column for _, column in key),
        )
        # The server may take names alike that differ in their case or in final blanks.
        if name is None or known == name:
            found.append(table)
    return found
