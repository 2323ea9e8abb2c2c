"""What a check has found, read by pages and by the job that sends."""

import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, Self

from dashboard.jobs.attachments import at_hand
from dashboard.jobs.errors import Permanent
from dashboard.kinds.mailings.audience.people import NAME, Fate, Fault, Person
from dashboard.words import marked

GONE: Final = marked("What the check of the recipients found is not kept any more.")
DAMAGED: Final = marked("What the check of the recipients found was damaged on disk.")
CHECK_AGAIN: Final = marked("Check the recipients again.")

COLUMNS: Final = "place, address, email, fields, fault"


class Found:
    """The people of a check; *fields* are the names of their fields, *email* that of the address.

    It is read where it lies: a page of it costs the same however many there are.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        told = dict(connection.execute("SELECT name, value FROM told"))
        self.fields: tuple[str, ...] = tuple(json.loads(told["fields"]))
        self.email: str = json.loads(told["email"])

    @classmethod
    @contextmanager
    def read(cls, path: Path) -> Iterator[Self]:
        """Give what lies in the file *path*, which nobody changes any more."""
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            yield cls(connection)

    def nth_good(self, n: int) -> Person | None:
        """Give the *n*-th of those who get the message, from 1; None where there is none."""
        found = self._people("good = ?", n, limit=1)
        return found[0] if found else None

    def good(self, after: int = 0, limit: int = 2000) -> list[Person]:
        """Give the next who get the message, in the order of their rows, behind the row *after*."""
        return self.page("good", after, limit)

    def page(self, fate: Fate, after: int = 0, limit: int = 50) -> list[Person]:
        """Give the next rows of *fate* behind the row *after*."""
        return self._people("fate = ? AND place > ? ORDER BY place", fate, after, limit=limit)

    def _people(self, condition: str, *values: object, limit: int) -> list[Person]:
        query = f"SELECT {COLUMNS} FROM people WHERE {condition} LIMIT ?"
        return [_person(*row) for row in self._connection.execute(query, (*values, limit))]


@contextmanager
def found_of(job_id: uuid.UUID, *, proven: bool = False) -> Iterator[Found]:
    """Give what the check *job_id* has found; *proven* reads it against its checksum first.

    Raises Permanent where it is gone, and Transient while the storage is away.
    """
    gone = Permanent(GONE, next=CHECK_AGAIN)
    damaged = Permanent(DAMAGED, next=CHECK_AGAIN) if proven else None
    with at_hand(job_id, NAME, gone, damaged=damaged) as path, Found.read(path) as found:
        yield found


def _person(place: int, address: str, email: str, fields: str, fault: str) -> Person:
    kept: list[Any] = json.loads(fault) if fault else []
    return Person(place, address, email, json.loads(fields), tuple(Fault(*each) for each in kept))
