"""PostgreSQL's types: what they are to staff, and how their values come to Python."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Final

from psycopg import Connection
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.types.string import TextLoader

from dashboard.sources.source import ColumnType

BOOL: Final = 16
BYTEA: Final = 17
NAME: Final = 19
INT8: Final = 20
INT2: Final = 21
INT4: Final = 23
TEXT: Final = 25
OID: Final = 26
JSON: Final = 114
FLOAT4: Final = 700
FLOAT8: Final = 701
VARCHAR: Final = 1043
DATE: Final = 1082
TIME: Final = 1083
TIMESTAMP: Final = 1114
TIMESTAMPTZ: Final = 1184
NUMERIC: Final = 1700
VOID: Final = 2278
UUID: Final = 2950
JSONB: Final = 3802

ARRAY: Final = -1
"""Stands for the types of all arrays."""

TYPES: Final[Mapping[int, ColumnType]] = {
    BOOL: "boolean",
    INT2: "integer",
    INT4: "integer",
    INT8: "integer",
    OID: "integer",
    FLOAT4: "number",
    FLOAT8: "number",
    NUMERIC: "number",
    DATE: "date",
    TIME: "time",
    TIMESTAMP: "datetime",
    TIMESTAMPTZ: "datetime",
}
"""Everything else is text."""

NATURAL: Final = frozenset({*TYPES, BYTEA, UUID})
"""Types whose values have a form of their own in Python; others come as PostgreSQL's text."""


def register_loaders(connection: Connection) -> None:
    """Have *connection* give values as a source promises them."""
    adapters = connection.adapters
    for info in adapters.types:
        if info.oid not in NATURAL:
            adapters.register_loader(info.oid, TextLoader)
    for oid, loader in _LOADERS.items():
        adapters.register_loader(oid, loader)


def _iso_loader(read: Callable[[str], object]) -> type[Loader]:
    """Give a loader of ISO texts; what Python cannot hold stays PostgreSQL's own text.

    That is infinity, the years before 1 and after 9999, and 24:00.
    """

    class ISOLoader(Loader):
        def load(self, data: Buffer) -> object:
            text = str(data, "ascii")
            try:
                return read(text)
            except ValueError:
                return text

    return ISOLoader


_LOADERS: Final[Mapping[int, type[Loader]]] = {
    DATE: _iso_loader(date.fromisoformat),
    TIME: _iso_loader(time.fromisoformat),
    TIMESTAMP: _iso_loader(datetime.fromisoformat),
    TIMESTAMPTZ: _iso_loader(datetime.fromisoformat),
}
