"""PostgreSQL's errors as sentences for staff."""

import re
from typing import Final

import psycopg
from psycopg import errors

from dashboard.sources.errors import QueryError, SourceError, SourceUnavailable, WriteRefused

PASSING: Final = (
    errors.AdminShutdown,
    errors.CannotConnectNow,
    errors.CrashShutdown,
    errors.DeadlockDetected,
    errors.IdleInTransactionSessionTimeout,
    errors.LockNotAvailable,
    errors.SerializationFailure,
)
PASSING_CLASSES: Final = frozenset({"08", "53", "58"})
"""Lost connections, too few resources, and trouble of the operating system."""

WRITES_REFUSED_BY: Final = frozenset(
    {"_SPI_execute_plan", "analyzeCTE", "transformDeclareCursorStmt"}
)
"""Functions of the server that refuse a write as "not supported": in a function that promised none,
in the midst of a query, and in a cursor."""

ORDERED_BY: Final = frozenset({"get_sort_group_operators"})
"""The function of the server that finds no order for a type such as JSON."""

# The message is in the server's language, but each sets the name between quotes of some kind.
_quoted = re.compile('["“”„«»‹›‘’](.+?)["“”„«»‹›‘’]')
_unquoted_column = re.compile(r"column (\S+) ")


def explain(source: str, error: psycopg.Error) -> SourceError:
    """Say what *error* of the source named *source* means."""
    detail = str(error).strip()
    passes = isinstance(error, PASSING) or (error.sqlstate or "")[:2] in PASSING_CLASSES
    if passes or _is_lost(error):
        return SourceUnavailable(_why_not_now(source, error), detail=detail)
    if _is_write(error):
        return WriteRefused(
            f"The source “{source}” is read only, and the query tries to do more than read.",
            detail=detail,
        )
    if isinstance(error, errors.InsufficientPrivilege):
        message = error.diag.message_primary
        return QueryError(f"The source “{source}” refuses: {message}.", detail=detail)
    if missing := _missing(error):
        return QueryError(f"The source “{source}” has no {missing}.", detail=detail)
    if isinstance(error, errors.UndefinedFunction) and error.diag.source_function in ORDERED_BY:
        return QueryError(
            f"The source “{source}” cannot sort by a column of this type.", detail=detail
        )
    if isinstance(error, psycopg.DataError):
        return QueryError(
            f"The source “{source}” cannot work the query out with these values.", detail=detail
        )
    return QueryError(f"The source “{source}” does not understand the query.", detail=detail)


def _is_lost(error: psycopg.Error) -> bool:
    """Say whether the connection failed: libpq's own errors have no code.

    In the middle of a COPY psycopg knows such an error as nothing more than a DatabaseError.
    """
    lost = isinstance(error, psycopg.OperationalError) or type(error) is psycopg.DatabaseError
    return lost and error.sqlstate is None


def _is_write(error: psycopg.Error) -> bool:
    """Say whether PostgreSQL refuses a write, be it as such or where no write may stand."""
    return isinstance(error, errors.ReadOnlySqlTransaction) or (
        isinstance(error, errors.FeatureNotSupported)
        and error.diag.source_function in WRITES_REFUSED_BY
    )


def _missing(error: psycopg.Error) -> str | None:
    """Give the table or column that *error* misses, such as `table “orders”`."""
    message = error.diag.message_primary or ""
    name = _quoted.search(message) or _unquoted_column.search(message)
    said = f"“{name[1]}”" if name else "of that name"
    if isinstance(error, errors.UndefinedColumn):
        return f"column {said}"
    # The same class is raised for a name that the query itself should have explained.
    if isinstance(error, errors.UndefinedTable) and error.diag.source_function != "errorMissingRTE":
        return f"table {said}"
    return None


def _why_not_now(source: str, error: psycopg.Error) -> str:
    if isinstance(error, errors.LockNotAvailable):
        return f"The source “{source}” is locked by another program."
    if isinstance(error, errors.TooManyConnections):
        return f"The source “{source}” has no connection left."
    return f"The source “{source}” does not answer."
