"""Finds the rows of a file that are about the same thing, in little memory whatever its size."""

import sqlite3
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path
from typing import Final, Self

from dashboard.jobs.climbing import Climbing

IN_MEMORY: Final = 50_000
"""Keys that are kept in memory, where they take about 6 MiB; more of them go to the disk."""

SIEVE: Final = 1 << 23
"""Bytes that tell of nearly all keys that they are new, without a look at the disk."""

ONE_BY_ONE: Final = 2


class Twins:
    """Remembers the keys that came by, each by a number of 64 bits that stands for it.

    Two different keys have the same number in one of some ten million files of a million rows.
    """

    def __init__(self, scratch: Path) -> None:
        self._path = scratch
        self._climbing = Climbing()
        self._sieve = bytearray()
        self._known: dict[int, int] = {}
        self._disk: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """Forget everything."""
        self._sieve = bytearray()
        if self._disk is not None:
            self._disk.close()
            self._path.unlink(missing_ok=True)

    def firsts(self, rows: Sequence[int], keys: Sequence[tuple[object, ...]]) -> dict[int, int]:
        """Give the row that came first, for each of the *rows* whose key came by before.

        *rows* are numbers from 1, *keys* are theirs. A key with an empty part is like no other.
        """
        if any(None in key for key in keys):
            whole = [at for at, key in enumerate(keys) if None not in key]
            rows, keys = [rows[at] for at in whole], [keys[at] for at in whole]
        if not keys or (not self._sieve and self._climbing.take(rows, keys)):
            return {}
        numbers = list(map(hash, keys))
        known = self._look_up(self._passed(numbers)) | self._climbing.find(keys)
        added = dict(zip(numbers, rows, strict=True))
        found: dict[int, int] = {}
        if known or len(added) < len(numbers):
            added = {}
            for row, number in zip(rows, numbers, strict=True):
                first = known.get(number) or added.get(number)
                if first is None:
                    added[number] = row
                else:
                    found[row] = first
        self._remember(added)
        return found

    def _passed(self, numbers: Sequence[int]) -> list[int]:
        """Give those of *numbers* that may have come by, and let the sieve know all of them."""
        if not self._sieve:
            self._sieve = bytearray(SIEVE)
        sieve = self._sieve
        places = [number & (SIEVE - 1) for number in numbers]
        if len(places) < ONE_BY_ONE:
            marks = tuple(sieve[place] for place in places)
        else:
            marks = itemgetter(*places)(sieve)
        for place in places:
            sieve[place] = 1
        return [number for number, mark in zip(numbers, marks, strict=True) if mark]

    def _look_up(self, numbers: Sequence[int]) -> dict[int, int]:
        found = {number: self._known[number] for number in numbers if number in self._known}
        if self._disk is not None:
            for begin in range(0, len(numbers), 500):
                part = numbers[begin : begin + 500]
                marks = ",".join("?" * len(part))
                asking = f"SELECT number, row FROM seen WHERE number IN ({marks})"
                found.update(self._disk.execute(asking, part))
        return found

    def _remember(self, added: dict[int, int]) -> None:
        self._known.update(added)
        if len(self._known) <= IN_MEMORY:
            return
        if self._disk is None:
            self._disk = sqlite3.connect(self._path, isolation_level=None)
            self._disk.executescript(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192;"
                "CREATE TABLE seen (number INTEGER PRIMARY KEY, row INTEGER NOT NULL); BEGIN;"
            )
        # In their order they fall on neighbouring pages.
        known, self._known = self._known, {}
        numbers = sorted(known)
        rows = map(known.__getitem__, numbers)
        self._disk.executemany("INSERT INTO seen VALUES (?, ?)", zip(numbers, rows, strict=True))
