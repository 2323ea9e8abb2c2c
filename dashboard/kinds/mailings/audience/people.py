"""The people of an audience as a check has judged them, in one SQLite file."""

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, Self

from dashboard.words import gettext as _

Fate = Literal["good", "bad", "duplicate", "suppressed"]
FATES: Final[tuple[Fate, ...]] = ("good", "bad", "duplicate", "suppressed")

NAME: Final = "recipients"
EXTENSION: Final = "db"

SCHEMA: Final = """
CREATE TABLE told (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE people (
    place INTEGER PRIMARY KEY, fate TEXT NOT NULL, good INTEGER, address TEXT NOT NULL,
    email TEXT NOT NULL, fields TEXT NOT NULL, fault TEXT NOT NULL
);
"""
# Made at the end, which costs less than keeping them right meanwhile.
INDEXES: Final = """
CREATE INDEX by_fate ON people (fate, place);
CREATE UNIQUE INDEX by_good ON people (good) WHERE good IS NOT NULL;
"""


class Fault(NamedTuple):
    """Why nothing goes to a row: *column* is the field at fault, "" where no single one is.

    *message* is English with %(name)s for *values*; pages say it in the reader's language.
    """

    column: str
    message: str
    values: dict[str, str | int]

    def __str__(self) -> str:
        """Give the sentence for whoever reads."""
        return _(self.message, **self.values)


class Person(NamedTuple):
    """A row: *address* is as addresses are compared, *email* as it was given.

    *fields* are the texts of all columns by the names of their fields.
    """

    place: int
    address: str
    email: str
    fields: dict[str, str]
    faults: tuple[Fault, ...] = ()

    @property
    def fault(self) -> str:
        """What is wrong, in the words of whoever reads; "" where nothing is."""
        return "; ".join(map(str, self.faults))


class Judged(NamedTuple):
    """A row and what becomes of it."""

    fate: Fate
    person: Person


class Writing:
    """Writes what is judged, in the order of the rows; *counts* are the rows by fate."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._sha256 = hashlib.sha256()
        self.counts: Counter[str] = Counter(dict.fromkeys(FATES, 0))

    @classmethod
    @contextmanager
    def into(cls, path: Path) -> Iterator[Self]:
        """Give what writes the new file *path*; it is whole once the block has ended."""
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            # Nobody reads it before it is stored, and a check that dies begins anew.
            connection.executescript(
                f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA} BEGIN;"
            )
            yield cls(connection)
            connection.executescript(INDEXES)  # Which commits first.

    def tell(self, fields: Sequence[str], email: str) -> None:
        """Keep the names of the fields, and which of them is the address."""
        rows = [("fields", json.dumps(fields)), ("email", json.dumps(email))]
        self._connection.executemany("INSERT INTO told VALUES (?, ?)", rows)

    def add(self, judged: Sequence[Judged]) -> None:
        """Write rows."""
        good = self.counts["good"]
        rows = []
        for fate, (place, address, email, fields, faults) in judged:
            told = _compact(fields)
            number = None
            if fate == "good":
                good += 1
                number = good
                # What stands between them is in none: it is escaped in JSON and in no address.
                line = f"{address}\n{email}\n{told}\n"
                self._sha256.update(line.encode("utf-8", "surrogatepass"))
            kept = _compact(faults) if faults else ""
            rows.append((place, fate, number, address, email, told, kept))
        self.counts.update(fate for fate, _ in judged)
        self._connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    @property
    def digest(self) -> str:
        """The SHA-256 of those who get the message, in their order, with all that is filled in."""
        return self._sha256.hexdigest()


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
