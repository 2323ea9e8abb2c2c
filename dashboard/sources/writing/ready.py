"""Rows that were checked, kept in the form in which their own database takes them quickest.

A check makes them; the import that follows needs not read, convert and spell anything again. They
lie in one SQLite file, whose chunks are those of the import.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Protocol, Self, cast

from dashboard.sources.writing.shape import Shape


class ReadyColumn(NamedTuple):
    """The values of one column.

    *spelled* are the same as texts that every database reads as these values, None where it is
    not known how; texts stand for themselves. *is_filled* says that it is known that no value is
    missing.
    """

    values: Sequence[object]
    spelled: Sequence[str | None] | None = None
    is_filled: bool = False

    @property
    def is_text(self) -> bool:
        """Whether all values are texts, as far as it is known."""
        return self.spelled is self.values

    def part(self, wanted: Sequence[bool]) -> "ReadyColumn":
        """Give the values of the *wanted* rows."""
        values = list(compress(self.values, wanted))
        if self.is_text:
            texts = cast(list[str | None], values)
            return ReadyColumn(texts, texts, self.is_filled)
        spelled = None if self.spelled is None else list(compress(self.spelled, wanted))
        return ReadyColumn(values, spelled, self.is_filled)

    def nulls(self) -> int:
        """Give how many values are missing."""
        return 0 if self.is_filled else self.values.count(None)


_CHUNKS: Final = """
CREATE TABLE chunks (
    chunk INTEGER PRIMARY KEY, rows INTEGER NOT NULL, updates INTEGER NOT NULL,
    nulls TEXT NOT NULL, plain INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL
)
"""


@dataclass(frozen=True)
class ReadyChunk:
    """What is known of the rows of a chunk.

    *updates* of its *rows* are in the table already; *nulls* says of each column how many rows
    have no value, *plain* whether the values are spelled alike by whoever spells them. *first*
    and *last* are numbers of rows in the file.
    """

    rows: int
    updates: int
    nulls: tuple[int, ...]
    plain: bool
    first: int
    last: int

    def inserted_places(self, shape: Shape) -> Sequence[int] | None:
        """Give the places of the columns that each of these new rows is given.

        None where they are not all alike, or where one has a value that nobody may write.
        """
        left = set()
        for at in (*shape.default_places, *shape.generated_places):
            if self.nulls[at] == self.rows:
                left.add(at)
            elif self.nulls[at] or at in shape.generated_places:
                return None
        return [at for at in shape.places if at not in left] or None


class Making(Protocol):
    """Takes the rows that an import will write, chunk by chunk."""

    @property
    def is_whole(self) -> bool:
        """Whether all rows could be kept; an import has no use for some of them."""

    def add(
        self,
        chunk: int,
        numbers: Sequence[int],
        columns: Sequence[ReadyColumn],
        updates: Sequence[bool] | None,
    ) -> None:
        """Keep the rows of *chunk*, at least one: their *numbers* in the file and their columns.

        *updates* says which of them are in the table already; None where all are new.
        """


class ReadyFile:
    """The file at *path*, made with as many columns as *width* says."""

    def __init__(self, path: Path, *, tables: str = "") -> None:
        self.path = path
        self.is_whole = True
        self.connection = sqlite3.connect(path, isolation_level=None)
        # Nobody reads it before it is stored, and a check that dies begins anew.
        self.connection.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_CHUNKS}; {tables}; BEGIN;"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with closing(self.connection):
            if kind is None:
                self.connection.execute("COMMIT")

    def keep(
        self,
        chunk: int,
        numbers: Sequence[int],
        columns: Sequence[ReadyColumn],
        updates: Sequence[bool] | None,
        *,
        plain: bool,
    ) -> None:
        """Keep what is to be known of the rows of *chunk*."""
        self.connection.execute(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                chunk,
                len(numbers),
                sum(updates or ()),
                json.dumps([column.nulls() for column in columns]),
                plain,
                numbers[0],
                numbers[-1],
            ),
        )


@dataclass(frozen=True)
class Ready:
    """The rows that were made ready, in the file at *path*, which nobody changes any more."""

    path: Path
    connection: sqlite3.Connection

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Give the rows in the file at *path*."""
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            yield cls(path, connection)

    def chunk(self, number: int) -> ReadyChunk:
        """Give what is known of the chunk *number*. Raises LookupError where there is none."""
        row = self.connection.execute(
            "SELECT rows, updates, nulls, plain, first, last FROM chunks WHERE chunk = ?",
            (number,),
        ).fetchone()
        if row is None:
            raise LookupError(number)
        rows, updates, nulls, plain, first, last = row
        return ReadyChunk(rows, updates, tuple(json.loads(nulls)), bool(plain), first, last)
