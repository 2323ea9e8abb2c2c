"""Foreign keys to a table that do not simply keep a row of it from being deleted.

With some, rows of other tables would go, or change, along with it. Others are looked at when it is
too late to say which row it was; a word that may stand there for something else only costs time.
"""

from sqlite3 import Connection
from typing import Final

from dashboard.sources.writing.sqlite.tables import quoted
from dashboard.sources.writing.table import TargetTable

_KEYS: Final = """
SELECT m.name, f.id, f."from", f."to"
FROM sqlite_master m, pragma_foreign_key_list(m.name) f
WHERE m.type = 'table' AND lower(f."table") = lower(?)
      AND (f.on_delete NOT IN ('NO ACTION', 'RESTRICT') OR upper(m.sql) LIKE '%DEFERRED%')
ORDER BY m.name, f.id, f.seq
"""


def pointing(connection: Connection, table: TargetTable) -> list[str]:
    """Give what selects, for each such key, the rows that point to a row of *table*.

    An undo takes nothing away from anybody else, so it leaves a row that others point to.
    """
    parts: dict[tuple[str, int], list[tuple[str, str | None]]] = {}
    for name, number, column, to in connection.execute(_KEYS, (table.name,)):
        parts.setdefault((name, number), []).append((column, to))
    found = []
    for (name, _), pairs in parts.items():
        # Where nothing else is said, a foreign key points to the primary key.
        on = " AND ".join(
            f"bellhop_other.{quoted(column)} = {table.quoted}.{quoted(to or table.key[at])}"
            for at, (column, to) in enumerate(pairs)
        )
        found.append(f"SELECT 1 FROM {quoted(name)} AS bellhop_other WHERE {on}")
    return found
