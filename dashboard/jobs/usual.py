"""What the jobs of a kind usually take: time, rows, bytes, from the kind's own past."""

import threading
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median, median_high
from typing import Any, Final

from flask import current_app
from sqlalchemy import Select, case, select, union_all

from dashboard.extensions import db
from dashboard.models import Artifact, Job, State

RUNS: Final = 20  # The newest finished jobs of a kind say what is usual.
LOOKED_AT: Final = 5_000  # A kind that fails a million times is not searched through for them.
KEPT_SECONDS: Final = 30.0
FEW: Final = 3  # A past of fewer jobs changes with each of them.
FEW_KEPT_SECONDS: Final = 2.0
TOGETHER: Final = 200  # Kinds in one statement: SQLite joins 500 selects at most.
ALIKE: Final = 2  # Runs of half to double the rows say how long it takes as they are.
FAR: Final = 10  # Nobody knows what more than ten times the rows of any run would take.


@dataclass(frozen=True)
class Run:
    """One finished job: *seconds* of work, *rows* (None: not counted), bytes of its files."""

    seconds: float
    rows: int | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Usual:
    """The last finished jobs of a kind, newest first; everything is None without any of them."""

    past: tuple[Run, ...] = ()

    @property
    def runs(self) -> int:
        """How many jobs it is drawn from, RUNS at most."""
        return len(self.past)

    @property
    def seconds(self) -> float | None:
        """The median time of a job."""
        return median([run.seconds for run in self.past]) if self.past else None

    @property
    def rows(self) -> int | None:
        """The median rows of a job."""
        counts = [run.rows for run in self.past if run.rows is not None]
        return median_high(counts) if counts else None

    @property
    def size(self) -> int | None:
        """The median bytes of all files of a job."""
        sizes = [sum(run.sizes.values()) for run in self.past if run.sizes]
        return median_high(sizes) if sizes else None

    def seconds_for(self, rows: int | None, formats: Collection[str] = ()) -> float | None:
        """Give the usual seconds for *rows* rows (None: not known) written as *formats*.

        Jobs of the same formats say it, or all of them where there is none.
        """
        same = [run for run in self.past if run.sizes.keys() == set(formats)]
        past = same or self.past
        if rows is None:
            return Usual(tuple(past)).seconds
        return _scaled([(run.rows, run.seconds) for run in past if run.rows is not None], rows)

    def size_for(self, format: str, rows: int | None) -> int | None:  # noqa: A002  # Its word.
        """Give the usual bytes of a file of *format* with *rows* rows (None: not known)."""
        files = [(run.rows, run.sizes[format]) for run in self.past if format in run.sizes]
        if rows is None:
            return median_high([size for _, size in files]) if files else None
        size = _scaled([(count, size) for count, size in files if count is not None], rows)
        return None if size is None else round(size)


class Kept:
    """What was usual a moment ago, by kind; one of these serves an app."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Usual]] = {}
        self._lock = threading.Lock()

    def of(self, names: Collection[str]) -> dict[str, Usual]:
        """Give what is usual for each of the kinds, read anew where it is older than a moment."""
        now = time.monotonic()
        with self._lock:
            known = {name: kept for name in names if (kept := self._kept.get(name))}
        fresh = {name: kept for name, (at, kept) in known.items() if now - at < _lasts(kept)}
        missing = [name for name in dict.fromkeys(names) if name not in fresh]
        if missing:
            read = read_usual(missing)
            with self._lock:
                self._kept.update({name: (now, found) for name, found in read.items()})
            fresh |= read
        return fresh

    def forget(self) -> None:
        """Read everything anew when it is asked for next."""
        with self._lock:
            self._kept.clear()


def _lasts(found: Usual) -> float:
    return KEPT_SECONDS if found.runs >= FEW else FEW_KEPT_SECONDS


def usual(names: Collection[str]) -> Mapping[str, Usual]:
    """Give what is usual for each of the kinds *names*, at most KEPT_SECONDS old.

    One query where something has to be read, however many kinds there are.
    """
    return kept().of(names)


def kept() -> Kept:
    """Give what the present app keeps."""
    found: Kept = current_app.extensions.setdefault("usual", Kept())
    return found


def read_usual(names: Iterable[str]) -> dict[str, Usual]:
    """Give what is usual for each of the kinds *names*, from the ledger."""
    names = list(names)
    past: dict[str, list[Run]] = {name: [] for name in names}
    for begin in range(0, len(names), TOGETHER):
        for kind, run in _read(names[begin : begin + TOGETHER]):
            past[kind].append(run)
    return {name: Usual(tuple(runs)) for name, runs in past.items()}


def _read(names: list[str]) -> list[tuple[str, Run]]:
    """Give kind and run of the last finished jobs, each kind's newest first."""
    jobs: dict[int, Any] = {}
    files: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(_query(names)):
        jobs[row.serial] = row
        if row.format is not None:
            files[row.serial].append(row)
    return [
        (
            jobs[serial].kind,
            Run(
                max(0.0, (jobs[serial].finished_at - jobs[serial].started_at).total_seconds()),
                jobs[serial].counted if not files[serial] else _most(files[serial]),
                {file.format: file.size for file in files[serial]},
            ),
        )
        for serial in sorted(jobs, reverse=True)
    ]


def _query(names: list[str]) -> Select[Any]:
    """Look for the newest finished jobs of each kind along the index, then read those few.

    What a job counted stands with its files; only one without files is asked for its result,
    which may be wide.
    """
    newest = []
    for name in names:
        looked_at = (
            select(Job.serial, Job.state)
            .where(Job.kind == name)
            .order_by(Job.serial.desc())
            .limit(LOOKED_AT)
            .subquery()
        )
        # Not ordered again: a database would read all that is looked at, only to sort it.
        found = select(looked_at.c.serial).where(looked_at.c.state == State.SUCCEEDED).limit(RUNS)
        newest.append(select(found.subquery().c.serial))
    counted = case((Artifact.id.is_(None), Job.result["rows"].as_integer())).label("counted")
    return (
        select(Job.serial, Job.kind, Job.started_at, Job.finished_at, counted)
        .add_columns(Artifact.format, Artifact.size, Artifact.rows)
        .outerjoin(Artifact, Artifact.job_id == Job.id)
        .where(Job.serial.in_(union_all(*newest)), Job.started_at.is_not(None))
        .order_by(Job.serial, Artifact.position)
    )


def _most(files: list[Any]) -> int | None:
    counts = [file.rows for file in files if file.rows is not None]
    return max(counts, default=None)


def _scaled(seen: Iterable[tuple[int | None, float]], rows: int) -> float | None:
    """Give what *rows* rows take, from what was *seen* (rows and amount); None when too far off.

    The median of those alike in rows; else the one that is closest, by its rows.
    """
    known = [(count or 0, amount) for count, amount in seen]
    alike = [amount for count, amount in known if _is_alike(count, rows)]
    if alike:
        return median(alike)
    larger = [(count, amount) for count, amount in known if count > rows]
    if larger:
        count, amount = min(larger)
        return amount * rows / count
    smaller = [(count, amount) for count, amount in known if count and count * FAR >= rows]
    if smaller:
        count, amount = max(smaller)
        return amount * rows / count
    return None


def _is_alike(count: int, rows: int) -> bool:
    return count == rows or (count <= rows * ALIKE and rows <= count * ALIKE)
