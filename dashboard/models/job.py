"""A job: what a person asked for, one row of the ledger, and its states."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.models.base import Base
from dashboard.models.user import User


class State(StrEnum):
    """Where a job stands; TRANSITIONS names every way from one to another."""

    WAITING = "waiting"
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINAL = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})
ACTIVE = frozenset(State) - FINAL

TRANSITIONS = {
    State.WAITING: frozenset({State.QUEUED, State.CANCELLED}),
    State.QUEUED: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: FINAL | {State.QUEUED, State.WAITING},
    State.SUCCEEDED: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}


class WrongState(Exception):
    """A transition that the life of a job does not know."""


class Job(Base):
    """One row of the ledger.

    *fence* only ever grows: every write of a running job names the fence of its claim, so an
    attempt that lost its lease writes nothing. *version* grows with each write that a page shows.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_owner", "requested_by_id", "state", "serial"),
        # What a list is narrowed by, each with what it is counted by: counts read no wide row.
        Index("ix_jobs_person", "requested_by_id", "serial", "kind"),
        Index("ix_jobs_state", "state", "serial", "kind"),
        Index("ix_jobs_title", "title", "serial"),
        Index("ix_jobs_same", "choice_hash", "state"),
        Index("ix_jobs_kind", "kind", "serial"),
    )

    serial: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    prefix: Mapped[str] = mapped_column(String(2))
    kind: Mapped[str] = mapped_column(String(80))
    family: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(500))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Label and value of each choice in words, kept so that history outlives a renamed kind.
    choices: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    choice_hash: Mapped[str] = mapped_column(String(64))
    idempotency_key: Mapped[str] = mapped_column(String(200), unique=True)
    # Named periods among the choices, as in {"period": "last-month"}: “Same again” rolls them on.
    relative: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    # Who started it, where it was handed over to somebody else since.
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    request_id: Mapped[str | None] = mapped_column(String(64))
    notify: Mapped[bool] = mapped_column(default=False)
    again_of_id: Mapped[uuid.UUID | None]

    state: Mapped[str] = mapped_column(String(16), default=State.QUEUED)
    version: Mapped[int] = mapped_column(default=1)
    queue: Mapped[str] = mapped_column(String(40))
    priority: Mapped[int] = mapped_column(default=5)
    attempts_used: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=3)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(200))
    task_id: Mapped[str | None] = mapped_column(String(64), index=True)
    due_at: Mapped[datetime | None]
    # It was interrupted through no fault of its own, so it does not stand in line again.
    taken_back: Mapped[bool] = mapped_column(default=False, server_default=false())
    cancel_requested_at: Mapped[datetime | None]
    cancel_requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    progress_done: Mapped[int | None]
    progress_total: Mapped[int | None]
    progress_phase: Mapped[str | None] = mapped_column(String(200))
    progress_unit: Mapped[str] = mapped_column(String(40), default="rows")
    progress_since: Mapped[datetime | None]
    progress_at: Mapped[datetime | None]
    progress_left: Mapped[int | None]  # seconds, as judged at progress_at
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error_detail: Mapped[str | None] = mapped_column(Text)
    seen_at: Mapped[datetime | None]

    created_at: Mapped[datetime] = mapped_column(index=True)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    requested_by: Mapped[User] = relationship(foreign_keys=[requested_by_id], lazy="joined")
    started_by: Mapped[User | None] = relationship(foreign_keys=[started_by_id], lazy="joined")

    @property
    def number(self) -> str:
        """The short thing to quote, as in R-4821."""
        return f"{self.prefix}-{self.serial}"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to this job."""
        return self.state in FINAL

    def enter(self, state: State) -> None:
        """Change the state; raises WrongState when the life of a job has no such step."""
        if state not in TRANSITIONS[State(self.state)]:
            raise WrongState(f"{self.number} is {self.state} and cannot become {state}.")
        self.state = state
        self.version += 1


# Only what has ended: a start need not write into these.
HAS_ENDED = Job.finished_at.is_not(None)
Index(
    "ix_jobs_finished_at",
    Job.finished_at,
    sqlite_where=HAS_ENDED,
    postgresql_where=HAS_ENDED,
)
Index(
    "ix_jobs_ended",
    Job.requested_by_id,
    Job.finished_at,
    sqlite_where=HAS_ENDED,
    postgresql_where=HAS_ENDED,
)
# What somebody has not looked at yet.
Index(
    "ix_jobs_unopened",
    Job.requested_by_id,
    Job.state,
    Job.seen_at,
    Job.serial,
    sqlite_where=HAS_ENDED,
    postgresql_where=HAS_ENDED,
)
# The line as claims go through it: of a queue, and of one person in it.
Index("ix_jobs_claim", Job.state, Job.queue, Job.priority, Job.taken_back.desc(), Job.serial)
Index(
    "ix_jobs_line",
    Job.queue,
    Job.requested_by_id,
    Job.priority,
    Job.taken_back.desc(),
    Job.serial,
    sqlite_where=Job.state == State.QUEUED,
    postgresql_where=Job.state == State.QUEUED,
)


class LogLine(Base):
    """One line of a job's log, in words for staff."""

    __tablename__ = "log_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jobs.id"), index=True)
    attempt: Mapped[int]
    at: Mapped[datetime]
    level: Mapped[str] = mapped_column(String(8), default="info")
    text: Mapped[str] = mapped_column(Text)


class Follower(Base):
    """A colleague who joined a job of another person and may see it."""

    __tablename__ = "followers"
    __table_args__ = (Index("ix_followers_person", "user_id", "serial"),)

    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    serial: Mapped[int]  # The job's, so that lists know which jobs somebody follows from an index.
    notify: Mapped[bool] = mapped_column(default=False)

    @classmethod
    def of(cls, job: Job, user_id: int, *, notify: bool = False) -> Self:
        """Let a person follow *job*."""
        return cls(job_id=job.id, serial=job.serial, user_id=user_id, notify=notify)
