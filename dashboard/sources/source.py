"""What every source can do, whatever database is behind it."""

from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

ColumnType = Literal["text", "integer", "number", "date", "datetime", "time", "boolean"]

CHUNK: Final = 128 * 1024
"""Bytes of CSV that are handed on at once: enough that handing on costs nothing."""


@dataclass(frozen=True)
class SourceColumn:
    """One column of a result; *type* is None where the database cannot say it."""

    name: str
    type: ColumnType | None


@dataclass(frozen=True)
class Table:
    """A table or view; *quoted* is its name as a query must spell it.

    *key* names the columns of the primary key in their order; () where there is none.
    """

    name: str
    quoted: str
    columns: tuple[SourceColumn, ...]
    kind: Literal["table", "view"] = "table"
    key: tuple[str, ...] = ()

    @property
    def is_of_imports(self) -> bool:
        """Whether it is one that imports have made for themselves, which concerns nobody else."""
        return self.name.rpartition(".")[2].startswith("bellhop_import")


class Reading(Protocol):
    """One read-only snapshot on one connection, used by one thread at a time.

    A query is one SELECT (or WITH, VALUES, TABLE) with :name placeholders, whose values are
    bound and never pasted; a list is for `IN :names`. All methods raise QueryError where the
    query is wrong, SourceUnavailable where the database goes away, SourceTimeout where it takes
    longer than the reading's limit, and SourceInterrupted after interrupt().
    """

    @property
    def as_of(self) -> datetime:
        """When the snapshot was taken, in UTC; everything read shows this moment."""

    def columns(self, query: str, params: Mapping[str, object]) -> list[SourceColumn]:
        """Give the columns of a result without reading its rows."""

    def count(
        self, query: str, params: Mapping[str, object], *, timeout: float | None = None
    ) -> int | None:
        """Count the rows, or give None after *timeout* seconds; the reading goes on either way."""

    def estimate(self, query: str, params: Mapping[str, object]) -> int | None:
        """Give the rows that the database's planner expects, at once and without reading any.

        None where this source has no such planner.
        """

    def rows(
        self, query: str, params: Mapping[str, object], *, batch: int = 1000
    ) -> Generator[list[tuple[object, ...]], None, None]:
        """Stream the rows in lists of up to *batch*.

        A value is None, str, int, float, Decimal, bool, date, datetime, time, bytes or UUID;
        what has no such form in Python (JSON, arrays, intervals, dates outside of the years
        1 to 9999) comes as text.
        """

    def csv(
        self,
        query: str,
        params: Mapping[str, object],
        *,
        formula_safe: bool = True,
        null: str = "",
    ) -> Generator[tuple[bytes, int], None, None] | None:
        """Stream the rows as CSV without a header, each chunk with its number of rows.

        Chunks end at a row and hold 64 KiB or more, but for the last. The spelling is that of
        the CSV format, formula guard included. *null* stands for null; a text that is exactly
        that is quoted. None where this source has no way that beats rows().
        """

    def interrupt(self) -> None:
        """End the statement in progress, and every later one; any thread may call it."""


class Source(Protocol):
    """A database that staff read from."""

    @property
    def name(self) -> str:
        """The operator's name for it, such as "shop"."""

    @property
    def dialect(self) -> str:
        """The database's own language: "sqlite", "postgresql", "mysql" …"""

    def reading(self, *, timeout: float = 300.0) -> AbstractContextManager[Reading]:
        """Open a snapshot; *timeout* is what one query may cost the database, in seconds.

        Raises SourceUnavailable where the database does not answer.
        """

    def check(self) -> list[str]:
        """Give a warning, as a sentence, for each right that a reader should not have.

        Raises SourceError where the source cannot be read at all.
        """

    def tables(self) -> list[Table]:
        """Give the tables and views that may be read, by name."""

    def table(self, name: str) -> Table | None:
        """Give the table or view that tables() calls *name*; None where there is none (now)."""

    def dispose(self) -> None:
        """Release what the source keeps; needed after a fork and harmless otherwise."""
