"""Finds the rows of a file that are about the same thing, in little memory whatever its size."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

IN_MEMORY: Final = 100_000
"""Keys that are kept in memory, where they take about 12 MiB; more of them go to the disk."""


class Twins:
    """Remembers the keys that came by, each by a number of 64 bits that stands for it.

    Two different keys have the same number in one of some ten million files of a million rows.
    """

    def __init__(self, scratch: Path) -> None:
        self._path = scratch
        self._known: dict[int, int] = {}
        self._disk: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """Forget everything."""
        if self._disk is not None:
            self._disk.close()
            self._path.unlink(missing_ok=True)

    def firsts(self, rows: Sequence[tuple[int, tuple[object, ...]]]) -> dict[int, int]:
        """Give the row that came first, for each of *rows* (number and key) that is not its own.

        A key with an empty part is like no other.
        """
        numbered = [(row, hash(key)) for row, key in rows if not any(part is None for part in key)]
        known = self._look_up([number for _, number in numbered])
        found: dict[int, int] = {}
        added: dict[int, int] = {}
        for row, number in numbered:
            first = known.get(number) or added.get(number)
            if first is None:
                added[number] = row
            else:
                found[row] = first
        self._remember(added)
        return found

    def _look_up(self, numbers: Sequence[int]) -> dict[int, int]:
        if self._disk is None:
            return self._known
        found: dict[int, int] = {}
        for begin in range(0, len(numbers), 500):
            part = numbers[begin : begin + 500]
            marks = ",".join("?" * len(part))
            found.update(
                self._disk.execute(f"SELECT number, row FROM seen WHERE number IN ({marks})", part)
            )
        return found

    def _remember(self, added: dict[int, int]) -> None:
        if self._disk is None and len(self._known) + len(added) <= IN_MEMORY:
            self._known.update(added)
            return
        if self._disk is None:
            self._disk = sqlite3.connect(self._path, isolation_level=None)
            self._disk.executescript(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192;"
                "CREATE TABLE seen (number INTEGER PRIMARY KEY, row INTEGER NOT NULL); BEGIN;"
            )
            added = self._known | added
            self._known = {}
        # In their order they fall on neighbouring pages.
        self._disk.executemany("INSERT INTO seen VALUES (?, ?)", sorted(added.items()))
