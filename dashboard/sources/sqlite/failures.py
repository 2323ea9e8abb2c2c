"""SQLite's errors as sentences for staff."""

import re
import sqlite3
from typing import Final

from dashboard.sources.errors import QueryError, SourceError, SourceUnavailable, WriteRefused

BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
UNREADABLE: Final = frozenset(
    {
        *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM),
        *(sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM),
    }
)
DAMAGED: Final = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT})
REFUSED: Final = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_AUTH})
BEYOND: Final = frozenset({sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH})

# What SQLite's own functions say of a value; the first row is worked out as the query begins.
_unworkable = re.compile(
    r"integer overflow|malformed JSON|JSON cannot hold|LIKE or GLOB pattern too complex"
)
_missing = re.compile(r"no such (table|column|function): (?:main\.)?(.+)")


def explain(
    source: str, error: sqlite3.Error | sqlite3.Warning, *, rows: bool = False
) -> SourceError:
    """Say what *error* of the source named *source* means; *rows* while rows are read.

    SQLite has one code for a query that it does not understand and for a row that it cannot work
    out, such as one whose sum is no integer any more. Once a row has come, it did understand.
    """
    detail = str(error)
    # The lower byte is the code; what is above only refines it.
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in BUSY:
        return SourceUnavailable(
            f"The source “{source}” is locked by another program.", detail=detail
        )
    if code in UNREADABLE:
        return SourceUnavailable(f"The source “{source}” does not answer.", detail=detail)
    if code in DAMAGED:
        return SourceError(
            f"The file of the source “{source}” is not a sound SQLite database.", detail=detail
        )
    if code in REFUSED or detail.startswith(("not authorized", "access to")):
        return WriteRefused(
            f"The source “{source}” is read only, and the query tries to do more than read.",
            detail=detail,
        )
    if "one statement at a time" in detail:
        return WriteRefused("A query is one statement, but this one holds more.", detail=detail)
    if missing := _missing.search(detail):
        kind, name = missing.groups()
        return QueryError(f"The source “{source}” has no {kind} “{name}”.", detail=detail)
    if "Could not decode to UTF-8" in detail:
        return QueryError(f"The source “{source}” holds text that is not UTF-8.", detail=detail)
    if rows or code in BEYOND or _unworkable.match(detail):
        return QueryError(
            f"The source “{source}” cannot work the query out with these values.", detail=detail
        )
    return QueryError(f"The source “{source}” does not understand the query.", detail=detail)
