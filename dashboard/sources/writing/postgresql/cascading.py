"""Foreign keys with which rows of other tables would go, or change, along with a deleted row."""

from typing import Final

from psycopg import Connection, sql

from dashboard.sources.writing.postgresql import names
from dashboard.sources.writing.table import TargetTable

_KEYS: Final = """
SELECT conrelid::regclass::text,
       ARRAY(SELECT attname FROM unnest(conkey) WITH ORDINALITY AS k (number, place)
             JOIN pg_catalog.pg_attribute ON attrelid = conrelid AND attnum = number
             ORDER BY place),
       ARRAY(SELECT attname FROM unnest(confkey) WITH ORDINALITY AS k (number, place)
             JOIN pg_catalog.pg_attribute ON attrelid = confrelid AND attnum = number
             ORDER BY place)
FROM pg_catalog.pg_constraint
WHERE contype = 'f' AND confrelid = %s::regclass AND confdeltype IN ('c', 'n', 'd')
      AND conparentid = 0
ORDER BY conname
"""


def pointing(connection: Connection, table: TargetTable) -> list[sql.Composed]:
    """Give what selects, for each such key, the rows that point to a row t of *table*.

    An undo takes nothing away from anybody else, so it leaves a row that others point to.
    Raises psycopg.Error.
    """
    found = []
    for other, columns, to in connection.execute(_KEYS, [table.quoted]).fetchall():
        on = sql.SQL(" AND ").join(
            sql.SQL("bellhop_other.{} = t.{}").format(names.column(one), names.column(its))
            for one, its in zip(columns, to, strict=True)
        )
        asking = sql.SQL("SELECT 1 FROM {} AS bellhop_other WHERE {}")
        found.append(asking.format(names.table(other), on))
    return found
