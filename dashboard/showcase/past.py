"""The past of a desk that never was: ended jobs, and all rows that belong to each."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any, Final

from dashboard.formats import FORMATS
from dashboard.jobs.keys import key_of
from dashboard.models import (
    Artifact,
    Attempt,
    AuditEntry,
    Base,
    DeadLetter,
    Follower,
    Job,
    LogLine,
    Outcome,
    State,
)
from dashboard.showcase.marks import KEY, WORKERS
from dashboard.showcase.sorts import Sort
from dashboard.showcase.words import CAUSES, Cause

STATES: Final = (State.SUCCEEDED, State.FAILED, State.CANCELLED)
SHARES: Final = (90, 6, 4)
OPENED_AFTER: Final = timedelta(minutes=4)
# A failed job of theirs stands on home until it is opened: not all of the last hours were.
UNOPENED: Final = timedelta(hours=6)
# Where most of a day's jobs are asked for, in seconds after midnight UTC.
WORKDAY: Final = (6.5 * 3600, 17.5 * 3600)
BYTES_PER_ROW: Final = {"csv": 62, "xlsx": 41, "pdf": 75}

Rows = dict[type[Base], list[dict[str, Any]]]


@dataclass
class Past:
    """Makes up what happened before *now*; files were *kept* for so long.

    *first* is a number that no job has yet; the first of *people* (ids) ask for the most.
    """

    random: Random
    now: datetime
    kept: timedelta
    first: int
    people: Sequence[int]
    sorts: Sequence[Sort]
    _weights: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self._weights = list(accumulate(1 / place for place in range(1, len(self.people) + 1)))

    def jobs(self, count: int, reach: timedelta) -> Iterator[Rows]:
        """Give the rows of each of *count* jobs, the oldest first, none older than *reach*."""
        for number, at in enumerate(self._moments(count, reach), self.first):
            yield self._job(number, at)

    def _moments(self, count: int, reach: timedelta) -> list[datetime]:
        """Give when the jobs were asked for: mostly by day, and seldom at a weekend."""
        days = [self.now - timedelta(days=back) for back in range(1, reach.days)]
        busy = [0.15 if day.weekday() > 4 else 1.0 for day in days]
        chosen = self.random.choices(days, busy, k=count)
        return sorted(
            day.replace(hour=0, minute=0, second=0, microsecond=0)
            + timedelta(seconds=self.random.triangular(*WORKDAY))
            for day in chosen
        )

    def _job(self, number: int, created_at: datetime) -> Rows:
        random = self.random
        sort = random.choice(self.sorts)
        (state,) = random.choices(STATES, SHARES)
        (person,) = random.choices(self.people, cum_weights=self._weights)
        cause = random.choice(CAUSES) if state == State.FAILED else None
        made = Made(
            id=_id(random, created_at),
            sort=sort,
            state=state,
            person=person,
            created_at=created_at,
            started_at=created_at + timedelta(seconds=random.expovariate(1 / 3)),
            seconds=sort.seconds * random.lognormvariate(0, 0.4),
            rows=int(sort.rows * random.uniform(0.8, 1.2)),
            worker=random.choice(WORKERS),
            cause=cause,
        )
        rows: Rows = defaultdict(list)
        rows[Job].append(self._row(made, number))
        rows[Attempt].append(made.attempt())
        rows[LogLine] += made.lines()
        rows[AuditEntry].append(made.act("job.start", person, created_at))
        if state == State.SUCCEEDED:
            self._files(made, rows)
        if state == State.CANCELLED:
            rows[AuditEntry].append(made.act("job.cancel", person, made.finished_at))
        if random.random() < 0.04:
            follower = random.choice([each for each in self.people if each != person])
            rows[Follower].append({"job_id": made.id, "user_id": follower, "notify": False})
            rows[AuditEntry].append(made.act("job.join", follower, made.started_at))
        if cause is not None and cause.attention:
            rows[DeadLetter].append(self._letter(made))
        return rows

    def _row(self, made: "Made", number: int) -> dict[str, Any]:
        ended_long_ago = made.finished_at < self.now - UNOPENED
        opened = made.finished_at + OPENED_AFTER * self.random.random() if ended_long_ago else None
        return {**made.job(), "idempotency_key": f"{KEY}crowd:{number}", "seen_at": opened}

    def _files(self, made: "Made", rows: Rows) -> None:
        expires_at = made.finished_at + self.kept
        deleted_at = expires_at if expires_at <= self.now else None
        for position, name in enumerate(made.sort.formats):
            file = made.file(position, name, _id(self.random, made.finished_at), self.random)
            moments = {"expires_at": expires_at, "deleted_at": deleted_at, "checked_at": self.now}
            rows[Artifact].append({**file, **moments, "damaged_at": None})
            if self.random.random() < 0.6:
                at = made.finished_at + OPENED_AFTER * self.random.random()
                act = made.act("file.download", made.person, min(at, self.now))
                rows[AuditEntry].append({**act, "artifact_id": file["id"]})

    def _letter(self, made: "Made") -> dict[str, Any]:
        is_open = made.finished_at > self.now - timedelta(days=3)
        return {
            "job_id": made.id,
            "requested_by_id": made.person,
            "since": made.finished_at,
            "told_at": made.finished_at,
            "dismissed_at": None if is_open else made.finished_at + timedelta(hours=5),
            "dismissed_by_id": None if is_open else self.random.choice(self.people),
            "reason": None if is_open else "Known: it was mended on the same day.",
        }


@dataclass(frozen=True)
class Made:
    """One made-up job that has ended, after *seconds* of work."""

    id: uuid.UUID
    sort: Sort
    state: State
    person: int
    created_at: datetime
    started_at: datetime
    seconds: float
    rows: int
    worker: str
    cause: Cause | None

    @property
    def finished_at(self) -> datetime:
        """When it ended."""
        return self.started_at + timedelta(seconds=self.seconds)

    def job(self) -> dict[str, Any]:
        """Give the row of the ledger, but for its key and when it was opened."""
        sort, kind = self.sort, self.sort.kind
        succeeded = self.state == State.SUCCEEDED
        error = None if self.cause is None else self.cause.failure.as_json()
        return {
            "id": self.id,
            "prefix": sort.prefix,
            "kind": kind.name,
            "family": kind.family,
            "title": sort.title,
            "params": sort.params,
            "choices": sort.choices,
            "choice_hash": sort.choice_hash,
            "relative": sort.relative,
            "requested_by_id": self.person,
            "notify": False,
            "state": str(self.state),
            "version": 4,
            "queue": kind.queue,
            "priority": kind.priority,
            "attempts_used": 1,
            "max_attempts": kind.max_attempts,
            "fence": 1,
            "worker": self.worker,
            "taken_back": False,
            "cancel_requested_at": self.finished_at if self.state == State.CANCELLED else None,
            "progress_done": self.rows if succeeded else self.rows // 2,
            "progress_total": self.rows,
            "progress_unit": "rows",
            "progress_since": self.started_at,
            "progress_at": self.finished_at,
            "steps": [],
            "result": {"rows": self.rows, **sort.result} if succeeded else {},
            "error": error,
            "created_at": self.created_at,
            "started_at": self.started_at,
            "finished_at": self.finished_at,
        }

    def attempt(self) -> dict[str, Any]:
        """Give the row of its only attempt."""
        return {
            "job_id": self.id,
            "number": 1,
            "fence": 1,
            "worker": self.worker,
            "started_at": self.started_at,
            "ended_at": self.finished_at,
            "outcome": str(Outcome(self.state.value)),
            "cause": None if self.cause is None else self.cause.failure.what,
        }

    def lines(self) -> list[dict[str, Any]]:
        """Give the rows of its log."""
        counted = self.started_at + timedelta(seconds=self.seconds * 0.1)
        told = [
            (self.started_at, "info", f"Started on {self.worker}, attempt 1 of 3"),
            (counted, "info", f"Counted {self.rows:,} rows in {self.seconds * 0.1:.1f} s"),
        ]
        if self.state == State.SUCCEEDED:
            read = f"Read {self.rows:,} rows in {self.seconds * 0.6:.1f} s"
            told.append((self.finished_at, "info", read))
        elif self.cause is not None:
            told.append((self.finished_at, "error", self.cause.failure.what))
        else:
            told.append((self.finished_at, "warn", "Cancelled"))
        return [
            {"job_id": self.id, "attempt": 1, "at": at, "level": level, "text": text}
            for at, level, text in told
        ]

    def act(self, action: str, person: int, at: datetime) -> dict[str, Any]:
        """Give the row of what a person did with it."""
        return {
            "at": at,
            "user_id": person,
            "action": action,
            "job_id": self.id,
            "artifact_id": None,
            "address": "192.0.2.7",
            "detail": {},
        }

    def file(self, position: int, name: str, id_: uuid.UUID, random: Random) -> dict[str, Any]:
        """Give the row of one of its files, but for how long it is kept."""
        known = FORMATS[name]
        whole = f"{self.sort.file_name}.{known.extension}"
        return {
            "id": id_,
            "job_id": self.id,
            "position": position,
            "name": whole,
            "format": name,
            "media_type": known.media_type,
            "key": key_of(self.id, 1, whole),
            "size": 400 + self.rows * BYTES_PER_ROW.get(name, 60),
            "sha256": f"{random.getrandbits(256):064x}",
            "rows": self.rows,
            "pages": 1 + self.rows // 45 if name == "pdf" else None,
            "warnings": [],
            "created_at": self.finished_at,
        }


def _id(random: Random, at: datetime) -> uuid.UUID:
    """Give an id that begins with the time (RFC 9562, version 7): indexes grow at their ends."""
    millis = int(at.timestamp() * 1000)
    bits = millis << 80 | 7 << 76 | random.getrandbits(12) << 64 | 2 << 62 | random.getrandbits(62)
    return uuid.UUID(int=bits)
