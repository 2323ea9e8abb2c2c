"""What a role may do beyond reading: a source's role should be able to do none of it."""

from collections.abc import Sequence
from typing import Final

from psycopg import Connection

_ROLE: Final = """
SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication,
       has_database_privilege(current_database(), 'CREATE'),
       current_user, current_database()
FROM pg_catalog.pg_roles WHERE rolname = current_user
"""

_MEMBERSHIPS: Final = """
SELECT rolname FROM pg_catalog.pg_roles
WHERE rolname = ANY(%s) AND pg_has_role(oid, 'MEMBER') ORDER BY rolname
"""

_SCHEMAS: Final = """
SELECT nspname FROM pg_catalog.pg_namespace
WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
  AND has_schema_privilege(oid, 'CREATE') ORDER BY nspname
"""

_TABLES: Final = """
SELECT c.oid::regclass::text
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p')
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
  AND (has_table_privilege(c.oid, 'INSERT') OR has_table_privilege(c.oid, 'UPDATE')
       OR has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE'))
ORDER BY 1
"""

_FUNCTIONS: Final = """
SELECT DISTINCT p.oid::regproc::text
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND p.proowner <> (SELECT oid FROM pg_catalog.pg_roles
                                     WHERE rolname = current_user)
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
  AND has_function_privilege(p.oid, 'EXECUTE') AND has_schema_privilege(n.oid, 'USAGE')
ORDER BY 1
"""

_OUTWARD: Final = """
SELECT extname FROM pg_catalog.pg_extension
WHERE extname = ANY(ARRAY['dblink', 'plperlu', 'plpython3u', 'pltclu', 'http', 'pg_net'])
ORDER BY extname
"""

POWERS: Final = (
    "pg_execute_server_program",
    "pg_read_server_files",
    "pg_signal_backend",
    "pg_write_all_data",
    "pg_write_server_files",
)
"""Roles of PostgreSQL's own that reach beyond tables, or write to all of them."""

SHOWN: Final = 3  # names in one warning


def warnings(connection: Connection, source: str) -> list[str]:
    """Give a sentence for each right of the connection's role that a reader should not have."""
    row = connection.execute(_ROLE).fetchone()
    assert row is not None
    *powers, user, database = row
    who = f"The role “{user}” of the source “{source}”"
    if powers[0]:
        return [f"{who} is a superuser: make one that may only SELECT."]
    verbs = ("make roles", "make databases", "replicate", f"make schemas in “{database}”")
    found = [f"{who} may {verb}." for has, verb in zip(powers[1:], verbs, strict=True) if has]
    for names, sentence in (
        (_names(connection, _MEMBERSHIPS, list(POWERS)), "{who} is a member of {names}."),
        (_names(connection, _SCHEMAS), "{who} may make tables in {names}."),
        (_names(connection, _TABLES), "{who} may change {names}."),
        (
            _names(connection, _FUNCTIONS),
            "{who} may call functions that work with their owner's rights: {names}.",
        ),
        (
            _names(connection, _OUTWARD),
            "The database of the source has extensions that reach out of it: {names}.",
        ),
    ):
        if names:
            found.append(sentence.format(who=who, names=_listed(names)))
    return found


def _names(connection: Connection, query: str, *params: object) -> list[str]:
    return [name for (name,) in connection.execute(query.encode(), params or None).fetchall()]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:SHOWN])
    more = len(names) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
