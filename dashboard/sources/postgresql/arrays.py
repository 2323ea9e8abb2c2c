"""Which types are arrays: PostgreSQL's own by number, those of extensions and users by asking."""

from collections.abc import Sequence

from psycopg import Connection
from psycopg.types import TypesRegistry

from dashboard.sources.postgresql.types import ARRAY


def with_arrays(
    connection: Connection, columns: Sequence[tuple[str, int]]
) -> list[tuple[str, int]]:
    """Give *columns* (names and types) with ARRAY in the place of every array's type."""
    known = connection.adapters.types
    arrays = {info.array_oid for info in known}
    unknown = [oid for _, oid in columns if oid not in arrays and not _is_known(known, oid)]
    if unknown:
        found = connection.execute(
            "SELECT oid FROM pg_catalog.pg_type WHERE oid = ANY(%s) AND typcategory = 'A'",
            [unknown],
        )
        arrays |= {oid for (oid,) in found.fetchall()}
    return [(name, ARRAY if oid in arrays else oid) for name, oid in columns]


def _is_known(types: TypesRegistry, oid: int) -> bool:
    try:
        types[oid]
    except KeyError:
        return False
    return True
