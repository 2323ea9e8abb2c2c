"""What a check has found, as one SQLite file: each row's fate, rows to fix, before and after."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from dashboard.kinds.imports.comparing import BAD, CHANGED, LEFT, NEW, SAME, Fate
from dashboard.kinds.imports.packing import pack, unpack
from dashboard.kinds.imports.unfit import Unfit

FATES: Final[tuple[Fate, ...]] = (NEW, CHANGED, SAME, LEFT, BAD)

SHOWN: Final = 1000
"""Rows of each sort but changed and bad ones that are kept to be looked at: enough for a person."""

CELL_LIMIT: Final = 500
"""Characters of a cell that are kept to be shown; the whole cell is in the file itself."""

SCHEMA: Final = """
CREATE TABLE told (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE fates (chunk INTEGER PRIMARY KEY, first INTEGER NOT NULL, fates TEXT NOT NULL);
CREATE TABLE bad (row INTEGER PRIMARY KEY, cells TEXT NOT NULL, faults TEXT NOT NULL);
CREATE TABLE changed (
    row INTEGER PRIMARY KEY, chunk INTEGER NOT NULL, was TEXT NOT NULL, becomes TEXT NOT NULL
);
CREATE TABLE shown (fate TEXT NOT NULL, row INTEGER NOT NULL, becomes TEXT NOT NULL,
    PRIMARY KEY (fate, row)) WITHOUT ROWID;
"""


class Fault(NamedTuple):
    """Why a row cannot be imported: *column* is of the target, "" where no single one is wrong."""

    column: str
    unfit: Unfit


class Bad(NamedTuple):
    """A row to fix: the cells of the mapped columns as text, and what is wrong with them."""

    row: int
    cells: tuple[str, ...]
    faults: tuple[Fault, ...]


class Changed(NamedTuple):
    """A row that would be changed, its values before and after in the order of the columns."""

    row: int
    was: tuple[Any, ...]
    becomes: tuple[Any, ...]


class Findings:
    """Written by a check chunk by chunk, then read by pages and by the import."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._shown: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.reasons: Counter[tuple[str, str]] = Counter()

    @classmethod
    @contextmanager
    def written(cls, path: Path) -> Iterator[Self]:
        """Give new findings in the file *path*; it is whole once the block has ended."""
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
        """Give the findings in the file *path*, which nobody changes any more."""
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            yield cls(connection)

    # --- what a check writes ---

    def tell(self, **values: Any) -> None:
        """Keep what the whole of them is about, as JSON."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO told VALUES (?, ?)",
            [(name, json.dumps(value)) for name, value in values.items()],
        )

    def add(
        self,
        chunk: int,
        first: int,
        fates: Sequence[Fate],
        *,
        bad: Sequence[Bad],
        changed: Sequence[Changed],
    ) -> None:
        """Keep the fates of all rows of a chunk in their order, and the rows that matter.

        *first* is the number of its first row.
        """
        self._connection.execute(
            "INSERT INTO fates VALUES (?, ?, ?)", (chunk, first, "".join(fates))
        )
        self.counts.update(fates)
        self._connection.executemany(
            "INSERT INTO bad VALUES (?, ?, ?)",
            [
                (
                    each.row,
                    json.dumps([cell[:CELL_LIMIT] for cell in each.cells], ensure_ascii=False),
                    json.dumps([[fault.column, *fault.unfit.as_json()] for fault in each.faults]),
                )
                for each in bad
            ],
        )
        for each in bad:
            self.reasons.update(
                {(fault.column, json.dumps(fault.unfit.as_json())) for fault in each.faults}
            )
        self._connection.executemany(
            "INSERT INTO changed VALUES (?, ?, ?, ?)",
            [(each.row, chunk, pack(each.was), pack(each.becomes)) for each in changed],
        )

    def room(self, fate: Fate) -> int:
        """Give how many more rows of *fate* are kept to be shown."""
        return SHOWN - self._shown[fate]

    def show(self, fate: Fate, rows: Sequence[tuple[int, Sequence[object]]]) -> None:
        """Keep *rows* (number and values) to be looked at."""
        self._shown[fate] += len(rows)
        self._connection.executemany(
            "INSERT INTO shown VALUES (?, ?, ?)",
            [(fate, number, pack(values)) for number, values in rows],
        )

    # --- what pages and the import read ---

    def told(self) -> dict[str, Any]:
        """Give what tell kept."""
        rows = self._connection.execute("SELECT name, value FROM told")
        return {name: json.loads(value) for name, value in rows}

    def chunks(self) -> Iterator[tuple[int, str]]:
        """Give each chunk in its order: its number, and a letter for each of its rows."""
        yield from self._connection.execute("SELECT chunk, fates FROM fates ORDER BY chunk")

    def fates(self, chunk: int) -> tuple[int, str]:
        """Give the number of the first row of *chunk* and a letter for each of its rows.

        Without a letter where there is no such chunk.
        """
        found: tuple[int, str] | None = self._connection.execute(
            "SELECT first, fates FROM fates WHERE chunk = ?", (chunk,)
        ).fetchone()
        return found or (0, "")

    def bad(self, *, after: int = 0, limit: int) -> list[Bad]:
        """Give the next rows to fix behind the row *after*."""
        rows = self._connection.execute(
            "SELECT * FROM bad WHERE row > ? ORDER BY row LIMIT ?", (after, limit)
        )
        return [
            Bad(row, tuple(json.loads(cells)), tuple(map(_fault, json.loads(faults))))
            for row, cells, faults in rows
        ]

    def changed(self, *, after: int = 0, limit: int) -> list[Changed]:
        """Give the next changed rows behind the row *after*."""
        rows = self._connection.execute(
            "SELECT row, was, becomes FROM changed WHERE row > ? ORDER BY row LIMIT ?",
            (after, limit),
        )
        return [Changed(row, unpack(was), unpack(becomes)) for row, was, becomes in rows]

    def before_of(self, chunk: int) -> dict[int, tuple[Any, ...]]:
        """Give what the changed rows of *chunk* were before."""
        rows = self._connection.execute(
            "SELECT row, was FROM changed WHERE row BETWEEN"
            " (SELECT first FROM fates WHERE chunk = ?)"
            " AND coalesce((SELECT first - 1 FROM fates WHERE chunk = ?), 1 << 62)",
            (chunk, chunk + 1),
        )
        return {row: unpack(was) for row, was in rows}

    def shown(self, fate: Fate, *, after: int = 0, limit: int) -> list[tuple[int, tuple[Any, ...]]]:
        """Give the next rows of *fate* that were kept to be looked at, behind the row *after*."""
        rows = self._connection.execute(
            "SELECT row, becomes FROM shown WHERE fate = ? AND row > ? ORDER BY row LIMIT ?",
            (fate, after, limit),
        )
        return [(row, unpack(becomes)) for row, becomes in rows]


def summed(reasons: Mapping[tuple[str, str], int], limit: int) -> list[list[Any]]:
    """Give the most frequent *reasons* as [column, message, values, rows], for a job's result."""
    found = sorted(reasons.items(), key=lambda item: -item[1])[:limit]
    return [[column, *json.loads(unfit), rows] for (column, unfit), rows in found]


def _fault(kept: list[Any]) -> Fault:
    column, *unfit = kept
    return Fault(column, Unfit.from_json(unfit))
