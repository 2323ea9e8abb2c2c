"""What the check of an undo has seen, as one SQLite file that its page and the undo read."""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from dashboard.sources.writing import Image, Outlook, Seen

SHOWN: Final = 1000
"""Rows of each sort that are kept to be looked at, and chosen; a person needs no more of them."""

SCHEMA: Final = """
CREATE TABLE told (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE seen (
    number INTEGER PRIMARY KEY, outlook TEXT NOT NULL, chunk INTEGER NOT NULL, row INTEGER,
    key TEXT NOT NULL, before TEXT, after TEXT, now TEXT
);
CREATE INDEX seen_outlook ON seen (outlook, number);
"""


class Kept(NamedTuple):
    """A row that was seen, with a *number* of its own by which a person chooses it."""

    number: int
    seen: Seen


class Sight:
    """Written by a check of an undo batch by batch, then read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._number = 0
        self.counts: Counter[Outlook] = Counter()

    @classmethod
    @contextmanager
    def written(cls, path: Path) -> Iterator[Self]:
        """Give a new one in the file *path*; it is whole once the block has ended."""
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            # Nobody reads it before it is stored, and a check that dies begins anew.
            connection.executescript(
                f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA} BEGIN;"
            )
            yield cls(connection)
            connection.execute("COMMIT")

    @classmethod
    @contextmanager
    def read(cls, path: Path) -> Iterator[Self]:
        """Give the one in the file *path*, which nobody changes any more."""
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            yield cls(connection)

    def tell(self, **values: Any) -> None:
        """Keep what the whole of it is about, as JSON."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO told VALUES (?, ?)",
            [(name, json.dumps(value)) for name, value in values.items()],
        )

    def add(self, batch: Sequence[Seen]) -> None:
        """Count the rows of *batch*, and keep those that somebody may look at."""
        rows = []
        for seen in batch:
            self._number += 1
            self.counts[seen.outlook] += 1
            if self.counts[seen.outlook] <= SHOWN:
                images = map(_packed, (seen.before, seen.after, seen.now))
                rows.append((self._number, seen.outlook, seen.chunk, seen.row, seen.key, *images))
        self._connection.executemany("INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def told(self) -> dict[str, Any]:
        """Give what tell kept."""
        rows = self._connection.execute("SELECT name, value FROM told")
        return {name: json.loads(value) for name, value in rows}

    def of(self, outlook: Outlook, *, after: int = 0, limit: int) -> list[Kept]:
        """Give the next rows of a sort behind the one with the number *after*."""
        rows = self._connection.execute(
            "SELECT number, chunk, row, key, outlook, before, after, now FROM seen"
            " WHERE outlook = ? AND number > ? ORDER BY number LIMIT ?",
            (outlook, after, limit),
        )
        return [Kept(number, Seen(*rest[:4], *map(_unpacked, rest[4:]))) for number, *rest in rows]

    def outlooks(self, numbers: Collection[int]) -> Counter[Outlook]:
        """Count the rows with those *numbers* by their sorts; what is not kept is not counted."""
        marks = ",".join("?" * len(numbers))
        asking = f"SELECT outlook, count(*) FROM seen WHERE number IN ({marks}) GROUP BY outlook"
        return Counter(dict(self._connection.execute(asking, tuple(numbers)).fetchall()))

    def chosen(self, numbers: Collection[int]) -> dict[int, list[str]]:
        """Give the keys of the rows with those *numbers*, by their chunks."""
        found: dict[int, list[str]] = {}
        marks = ",".join("?" * len(numbers))
        asking = f"SELECT chunk, key FROM seen WHERE number IN ({marks}) ORDER BY number"
        for chunk, key in self._connection.execute(asking, tuple(numbers)):
            found.setdefault(chunk, []).append(key)
        return found


def _packed(image: Image | None) -> str | None:
    if image is None:
        return None
    return json.dumps(image, ensure_ascii=False, separators=(",", ":"), default=_number)


def _number(value: object) -> object:
    """Give a number with all its digits as JSON can hold it: as text, told by where it stands."""
    if isinstance(value, Decimal):
        return {"number": str(value)}
    raise TypeError


def _unpacked(text: str | None) -> Image | None:
    if text is None:
        return None
    image: Image = json.loads(text)
    return {name: _value(value) for name, value in image.items()}


def _value(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"number"}:
        return Decimal(value["number"])
    return value
