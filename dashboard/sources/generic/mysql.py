"""The errors of MySQL and MariaDB as sentences for staff, whichever driver tells them."""

import re
from typing import Final

from dashboard.sources.errors import QueryError, SourceError, SourceUnavailable, WriteRefused

LOCKED: Final = frozenset({1205, 1213, 3572})
UNAVAILABLE: Final = frozenset({1040, 1053, 1152, 1158, 1159, 1160, 1161, 1927, 2002, 2003})
LOST: Final = frozenset({2006, 2013, 2055})
READ_ONLY: Final = frozenset({1290, 1792})
REFUSED: Final = frozenset({1044, 1142, 1143, 1370})
INTERRUPTED: Final = frozenset({1317, 1969, 3024})
NO_TABLE: Final = 1146
NO_COLUMN: Final = 1054
TWINS: Final = 1060

_quoted = re.compile("'(.+?)'")


def is_known(error: object) -> bool:
    """Say whether *error* comes from a driver of MySQL: those give a number and a message."""
    arguments: tuple[object, ...] = getattr(error, "args", ())
    return (
        type(error).__module__.partition(".")[0].lower() in ("pymysql", "mysqldb", "mysql")
        and len(arguments) >= 2
        and isinstance(arguments[0], int)
    )


def explain(source: str, error: BaseException | None) -> SourceError:
    """Say what *error* of the source named *source* means."""
    assert error is not None
    code, detail = int(error.args[0]), str(error.args[1])
    if code in LOCKED:
        return SourceUnavailable(
            f"The source “{source}” is locked by another program.", detail=detail
        )
    if code in UNAVAILABLE | LOST:
        return SourceUnavailable(f"The source “{source}” does not answer.", detail=detail)
    if code in INTERRUPTED:
        return SourceUnavailable(f"The source “{source}” ended the query.", detail=detail)
    if code in READ_ONLY:
        return WriteRefused(
            f"The source “{source}” is read only, and the query tries to do more than read.",
            detail=detail,
        )
    if code in REFUSED:
        return QueryError(f"The source “{source}” refuses: {detail}.", detail=detail)
    if code == TWINS and (name := _quoted.search(detail)):
        return QueryError(f"The column “{name[1]}” is named twice in the query.", detail=detail)
    if code in (NO_TABLE, NO_COLUMN) and (name := _quoted.search(detail)):
        kind, said = ("column", name[1]) if code == NO_COLUMN else ("table", _bare(name[1]))
        return QueryError(f"The source “{source}” has no {kind} “{said}”.", detail=detail)
    return QueryError(f"The source “{source}” does not understand the query.", detail=detail)


def _bare(name: str) -> str:
    """Give the table's name without its database's."""
    return name.partition(".")[2] or name
