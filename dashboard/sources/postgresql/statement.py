"""A query as PostgreSQL gets it: with its values bound, or, within COPY, as literals."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from psycopg import Connection, sql

from dashboard.sources.placeholders import parse


def bound(query: str, params: Mapping[str, object]) -> tuple[bytes, list[object]]:
    """Give *query* with $1, $2 … and the values in that order, to be bound by the server."""
    values: list[object] = []
    marks: dict[str, str] = {}

    def mark(key: str, value: object) -> str:
        if key not in marks:
            values.append(value)
            marks[key] = f"${len(values)}"
        return marks[key]

    return parse(query, "postgresql").spell(params, mark).encode(), values


def pasted(query: str, params: Mapping[str, object], connection: Connection) -> bytes:
    """Give *query* with its values as literals: COPY takes no bound ones.

    libpq's own quoting makes each literal, for this very connection, and brackets keep it apart
    from what stands beside it. Where text and literals begin is decided by the scanner, which
    knows PostgreSQL's strings, quoted names, dollar quotes and comments.
    """

    def mark(_key: str, value: object) -> str:
        literal = sql.Literal(value).as_string(connection)
        match value:
            case float():
                return f"({literal}::float8)"
            case Decimal():
                return f"({literal}::numeric)"
            case _:
                return f"({literal})"

    return parse(query, "postgresql").spell(params, mark).encode()


def wrapped(query: bytes, names: Sequence[str], expressions: Sequence[str]) -> bytes:
    """Give a SELECT of *expressions*, which speak of the columns of *query* as *names*.

    OFFSET 0 keeps PostgreSQL from putting the query's own expressions in the place of each
    mention of a name, which would work them out several times.
    """
    return b"SELECT %b FROM (SELECT * FROM (%b) AS asked OFFSET 0) AS result (%b)" % (
        ", ".join(expressions).encode(),
        query,
        ", ".join(names).encode(),
    )
