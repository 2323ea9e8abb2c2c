"""Tables that imports write to, row by row accounted for."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from dashboard.sources.errors import SourceError
from dashboard.sources.writing.changes import Change, Counts, Missing, Refusal, Written
from dashboard.sources.writing.postgresql import PostgreSQLTarget
from dashboard.sources.writing.ready import Making, Ready, ReadyColumn
from dashboard.sources.writing.same import first_difference, same
from dashboard.sources.writing.sqlite import SQLiteTarget
from dashboard.sources.writing.table import TargetColumn, TargetTable
from dashboard.sources.writing.target import Key, Target, Values, Writing
from dashboard.sources.writing.undoing import OUTLOOKS, Forgotten, Image, Outlook, Seen, Undoing

__all__ = [
    "OUTLOOKS",
    "Change",
    "Counts",
    "Forgotten",
    "Image",
    "Key",
    "Making",
    "Missing",
    "Outlook",
    "Ready",
    "ReadyColumn",
    "Refusal",
    "Seen",
    "Target",
    "TargetColumn",
    "TargetTable",
    "Undoing",
    "Values",
    "Writing",
    "Written",
    "first_difference",
    "same",
    "target_of",
]

TARGETS: Final[Mapping[str, Callable[[str, URL], Target]]] = {
    "postgres": PostgreSQLTarget,
    "postgresql": PostgreSQLTarget,
    "postgresql+psycopg": PostgreSQLTarget,
    "sqlite": SQLiteTarget,
    "sqlite+pysqlite": SQLiteTarget,
}


def target_of(name: str, url: str) -> Target:
    """Give the target at *url*, a database URL as SQLAlchemy has it; nothing is opened yet.

    Raises SourceError where it is no such URL, or one of a database that imports cannot write to.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The error itself would show the URL, and with it a password.
        raise SourceError(f"The address of the target “{name}” is not a database URL.") from None
    target = TARGETS.get(parsed.drivername)
    if target is None:
        raise SourceError(
            f"Imports write to PostgreSQL and SQLite, and the target “{name}” is neither."
        )
    return target(name, parsed)
