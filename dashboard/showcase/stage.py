"""The stage: whose jobs are made up, where they stand in line, what keeps them as they are."""

import logging
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from flask import current_app
from sqlalchemy import update

from dashboard.jobs import Kind
from dashboard.models import DeadLetter, Job, LogLine, State, User, clock, transaction
from dashboard.showcase.ages import age
from dashboard.showcase.choices import Choose, brief
from dashboard.showcase.marks import KEY
from dashboard.showcase.player import Player, job_of

# The queue in which jobs are played: no worker takes it, and nothing stays there.
BEHIND: Final = "demo-stage"
# Queues in which jobs wait for ever: a busy made-up worker takes the first one, nobody the second.
LINE: Final = "demo"
UNSERVED: Final = "demo-unserved"
PAUSED: Final = "demo-paused"
WORKER: Final = "worker@demo-{}"
WORKERS: Final = 4
FAR: Final = timedelta(days=365)


class NotPlayable(Exception):
    """A kind cannot come to a state; the message says why in a plain sentence."""


@dataclass
class Stage:
    """Where scenes are played for *viewer*, with *people*, for the *batch*-th time.

    *steps* are those of each kind's work, as a real run of it has told them.
    """

    viewer: User
    people: Sequence[User]
    kinds: Sequence[Kind]
    batch: int = 1
    steps: dict[str, list[str]] = field(default_factory=dict)
    _started: int = 0

    def owner_of(self, kind: Kind) -> User:
        """Give whose jobs of *kind* are: the viewer's, or in turn, where they see all jobs."""
        if not self.viewer.is_admin or kind not in self.kinds:
            return self.viewer
        place = self.kinds.index(kind)
        starters = [person for person in self.people if person.may_start]
        return self.viewer if place % 2 == 0 else starters[place % len(starters)]

    @property
    def administrator(self) -> User:
        """Somebody who looks after the desk."""
        return next(person for person in self.people if person.is_admin)

    def player(self, queue: str = BEHIND) -> Player:
        """Give who plays the workers of *queue*."""
        return Player(queue, WORKER.format(1 + self._started % WORKERS))

    def start(
        self,
        kind: Kind,
        choose: Choose = brief,
        *,
        by: User | None = None,
        queue: str = BEHIND,
        **more: Any,
    ) -> uuid.UUID:
        """Start a job in *queue*; gives its id."""
        self._started += 1
        key = f"{KEY}states:{self.batch}:{self._started}"
        person = by or self.owner_of(kind)
        params, relative = choose(kind, person)
        player = self.player(queue)
        return player.start(kind, params, by=person, key=key, relative=relative, **more)

    def run(self, kind: Kind, choose: Choose = brief, **more: Any) -> uuid.UUID:
        """Start a job and claim it; it stays running for ever."""
        job_id = self.start(kind, choose, **more)
        self.player().claim()
        self.keep(job_id, kind)
        return job_id

    def finish(self, kind: Kind, choose: Choose = brief, **more: Any) -> uuid.UUID:
        """Start a job and do its work for real; gives its id. Raises NotPlayable."""
        job_id = self.start(kind, choose, **more)
        self.player().work()
        self.keep(job_id, kind)
        job = job_of(job_id)
        if job.state != State.SUCCEEDED:
            what = (job.error or {}).get("what", "It was tried, and waits for another try.")
            raise NotPlayable(f"{kind.title} could not be run. {what}")
        self.steps.setdefault(kind.name, [step["name"] for step in job.steps])
        return job_id

    def keep(self, job_id: uuid.UUID, kind: Kind, **values: Any) -> None:
        """Put a job that was played where its kind belongs, and let no lease end it."""
        with transaction():
            job = job_of(job_id)
            job.queue = kind.queue
            if job.state == State.RUNNING:
                job.lease_until = clock() + FAR
            change(job, values)

    def count(
        self,
        job_id: uuid.UUID,
        done: int,
        total: int | None,
        *,
        seconds: float,
        left: int | None = None,
        at_step: int = 1,
    ) -> None:
        """Let a running job have counted *done* of *total* within the last *seconds*."""
        job = job_of(job_id)
        names = self.steps.get(job.kind, [])
        steps = [
            {"name": name, "state": state_of(place, at_step), "seconds": took(place, at_step)}
            for place, name in enumerate(names)
        ]
        with transaction():
            now = clock()
            job = job_of(job_id)
            change(
                job,
                {
                    "progress_done": done,
                    "progress_total": total,
                    "progress_phase": names[at_step] if at_step < len(names) else "Reading",
                    "progress_since": now - timedelta(seconds=seconds),
                    "progress_at": now,
                    "progress_left": left,
                    "steps": steps,
                },
            )

    def say(self, job_id: uuid.UUID, *lines: str, level: str = "info") -> None:
        """Add lines to a job's log."""
        with transaction() as session:
            job = job_of(job_id)
            session.add_all(
                LogLine(
                    job_id=job.id, attempt=job.attempts_used, at=clock(), level=level, text=text
                )
                for text in lines
            )

    def told(self, job_id: uuid.UUID) -> None:
        """Let administrators have heard of a job that needs attention: no letter is sent for it."""
        with transaction() as session:
            session.execute(
                update(DeadLetter).where(DeadLetter.job_id == job_id).values(told_at=clock())
            )

    def open(self, job_id: uuid.UUID) -> None:
        """Let its owner have opened the page of an ended job: it is no news on home any more."""
        with transaction():
            change(job_of(job_id), {"seen_at": clock()})

    def age(self, job_id: uuid.UUID, **by: float) -> uuid.UUID:
        """Let a job and all that belongs to it have happened earlier; gives its id."""
        age(job_id, timedelta(**by))
        return job_id


def change(job: Job, values: dict[str, Any]) -> None:
    """Set columns of a job, inside the caller's transaction; pages hear of a new version."""
    for name, value in values.items():
        setattr(job, name, value)
    job.version += 1


def state_of(place: int, at_step: int) -> str:
    """Give the state of the step at *place* while the one at *at_step* is done."""
    return "done" if place < at_step else "running" if place == at_step else "waiting"


def took(place: int, at_step: int) -> float | None:
    """Give the seconds that a step took which is over."""
    return 0.4 + 0.3 * place if place < at_step else None


@contextmanager
def undisturbed() -> Iterator[None]:
    """Wait for no broker, count nobody's jobs and log nothing, while scenes are played here."""
    config = current_app.config
    held = {name: config[name] for name in ("HINT_WAIT_MS", "MAX_ACTIVE_JOBS")}
    config.update(HINT_WAIT_MS=0, MAX_ACTIVE_JOBS=1_000_000)
    # What goes wrong here goes wrong on purpose.
    logger = logging.getLogger("dashboard.jobs")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
        config.update(held)


def raised(error: Exception) -> Exception:
    """Give *error* as it is once it was raised: with a traceback to show."""
    try:
        raise error
    except Exception as caught:
        return caught
