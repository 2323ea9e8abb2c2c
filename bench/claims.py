"""The order in which workers took the jobs of a desk, read from its ledger when all is over."""

import sqlite3
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

CLAIMS = """
SELECT jobs.id, jobs.requested_by_id, jobs.created_at, attempts.started_at
FROM attempts JOIN jobs ON jobs.id = attempts.job_id ORDER BY attempts.id
"""
UNFINISHED = "SELECT count(*) FROM jobs WHERE state IN ('waiting', 'queued', 'running')"
STATES = "SELECT state, count(*) FROM jobs GROUP BY state"
ENDS = "SELECT min(started_at), max(finished_at), count(*) FROM jobs WHERE started_at >= ?"


class Taken(NamedTuple):
    """A job that a worker took: whose it is, when it was asked for and when it was taken.

    Moments are seconds since 1970 by the ledger's clock, which is this machine's.
    """

    job: str
    person: int
    created: float
    started: float


def unfinished(home: Path) -> int:
    """Give how many jobs have not ended yet."""
    ((count,),) = _read(home, UNFINISHED)
    return int(count)


def states(home: Path) -> dict[str, int]:
    """Give how many jobs are in each state."""
    return {str(state): int(count) for state, count in _read(home, STATES)}


def claims(home: Path) -> list[Taken]:
    """Give all claims in order."""
    return [
        Taken(str(uuid.UUID(job)), int(person), _moment(created), _moment(started))
        for job, person, created, started in _read(home, CLAIMS)
    ]


def drained(home: Path, since: float) -> tuple[int, float]:
    """Give how many jobs began after *since*, and in how many seconds they were done."""
    text = datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    ((first, last, count),) = _read(home, ENDS, text)
    return int(count), _moment(last) - _moment(first)


def waited(order: Sequence[Taken], job: str) -> int:
    """Give how many jobs were taken between the moment *job* was asked for and its own turn."""
    at = next(place for place, taken in enumerate(order) if taken.job == job)
    return sum(taken.started > order[at].created for taken in order[:at])


def lead(order: Sequence[Taken], people: set[int], since: float) -> int:
    """Give how many jobs more than another any of *people* had taken at most, from *since* on.

    Only as long as every one of them had a job that waited.
    """
    left = Counter(taken.person for taken in order if taken.started > since)
    had: Counter[int] = Counter(dict.fromkeys(people, 0))
    most = 0
    for taken in order:
        if taken.started <= since or taken.person not in people:
            continue
        if min(left[person] - had[person] for person in people) < 1:
            break
        had[taken.person] += 1
        most = max(most, max(had.values()) - min(had.values()))
    return most


def may_be(order: Sequence[Taken], job: str, asked: float, told: float) -> range:
    """Give the places that a page could truly say of *job*, asked and answered at these moments.

    A claim begins a little before others can see it, so the last one before may not be counted.
    """
    at = next(place for place, taken in enumerate(order) if taken.job == job)
    began = [taken.started for taken in order[:at]]
    after, at_most = sum(each > told for each in began), sum(each >= asked for each in began) + 1
    return range(after + 1, at_most + 2)


def _read(home: Path, query: str, *values: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{home / 'ledger.db'}?mode=ro", uri=True)) as db:
        return list(db.execute(query, values))


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
