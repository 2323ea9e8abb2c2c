"""The errors of any driver as sentences for staff."""

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from dashboard.sources.errors import QueryError, SourceError, SourceUnavailable
from dashboard.sources.generic import mysql
from dashboard.sources.postgresql import failures as postgresql
from dashboard.sources.sqlite import failures as sqlite


def explain(source: str, error: DBAPIError | PendingRollbackError) -> SourceError:
    """Say what *error* of the source named *source* means."""
    if isinstance(error, PendingRollbackError):  # The connection was lost before.
        return SourceUnavailable(f"The source “{source}” does not answer.", detail=str(error))
    match error.orig:
        case psycopg.Error() as original:
            return postgresql.explain(source, original)
        case sqlite3.Error() as original:
            return sqlite.explain(source, original)
        case original if mysql.is_known(original):
            return mysql.explain(source, original)
        case original:
            detail = str(original)  # The error itself would show the values of the query.
    if error.connection_invalidated:
        return SourceUnavailable(f"The source “{source}” does not answer.", detail=detail)
    return QueryError(f"The source “{source}” does not understand the query.", detail=detail)
