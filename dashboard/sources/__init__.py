"""Databases that staff read from, each opened read-only in depth."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from dashboard.sources.checking import check, fault
from dashboard.sources.choice import (
    OPS,
    WITHOUT_VALUE,
    Choice,
    Condition,
    Order,
    parse_condition,
    parse_order,
    spelled,
    spelled_order,
)
from dashboard.sources.errors import (
    QueryError,
    SourceError,
    SourceInterrupted,
    SourceTimeout,
    SourceUnavailable,
    WriteRefused,
)
from dashboard.sources.generic import GenericSource
from dashboard.sources.postgresql import PostgreSQLSource
from dashboard.sources.select import select_of
from dashboard.sources.source import ColumnType, Reading, Source, SourceColumn, Table
from dashboard.sources.sqlite import SQLiteSource

__all__ = [
    "OPS",
    "WITHOUT_VALUE",
    "Choice",
    "ColumnType",
    "Condition",
    "Order",
    "QueryError",
    "Reading",
    "Source",
    "SourceColumn",
    "SourceError",
    "SourceInterrupted",
    "SourceTimeout",
    "SourceUnavailable",
    "Table",
    "WriteRefused",
    "check",
    "fault",
    "from_url",
    "parse_condition",
    "parse_order",
    "select_of",
    "spelled",
    "spelled_order",
]

NATIVE: Final[Mapping[str, Callable[[str, URL], Source]]] = {
    "postgres": PostgreSQLSource,
    "postgresql": PostgreSQLSource,
    "postgresql+psycopg": PostgreSQLSource,
    "sqlite": SQLiteSource,
    "sqlite+pysqlite": SQLiteSource,
}
"""Databases with an engine of their own; SQLAlchemy reads all others."""


def from_url(name: str, url: str) -> Source:
    """Give the source at *url*, a database URL as SQLAlchemy has it; nothing is opened yet.

    Raises SourceError where it is no such URL, or where the driver for it is not installed.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The error itself would show the URL, and with it a password.
        raise SourceError(f"The address of the source “{name}” is not a database URL.") from None
    return NATIVE.get(parsed.drivername, GenericSource)(name, parsed)
