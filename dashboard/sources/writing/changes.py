"""What is to be written into a table, and what came of it."""

from dataclasses import dataclass
from typing import NamedTuple


class Change(NamedTuple):
    """One row to be written.

    *row* is its number in the file. *values* are in the order of the columns that are written;
    *before* are the values that present() gave for the same columns, or None for a new row.
    """

    row: int
    values: tuple[object, ...]
    before: tuple[object, ...] | None = None


@dataclass(frozen=True)
class Counts:
    """How many rows a chunk, or a whole run, has inserted, updated, deleted and refused."""

    inserted: int = 0
    updated: int = 0
    refused: int = 0
    deleted: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.inserted + other.inserted,
            self.updated + other.updated,
            self.refused + other.refused,
            self.deleted + other.deleted,
        )


class Refusal(NamedTuple):
    """A row that was not written: *row* of the file, and why, as a plain sentence.

    *column* is "" where the reason lies in no single column.
    """

    row: int
    column: str
    sentence: str


class Missing(NamedTuple):
    """The rows of a table that a file does not have: their number, and some of them."""

    number: int
    rows: list[tuple[object, ...]]


@dataclass(frozen=True)
class Written:
    """What came of one chunk; a chunk that was written before gives the same again."""

    counts: Counts
    refused: tuple[Refusal, ...] = ()
