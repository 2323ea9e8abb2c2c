"""One attempt at a job: who tried it, when, and how that ended."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.models.base import Base


class Outcome(StrEnum):
    """How an attempt ended; one without an outcome still runs."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    RETRIED = "retried"  # failed, and another attempt follows
    CANCELLED = "cancelled"
    HANDED_BACK = "handed_back"  # the worker was stopped; the attempt is not counted
    PUT_OFF = "put_off"  # the work goes on later; the attempt is not counted
    LOST = "lost"  # the worker died or fell silent


class Attempt(Base):
    """One row a claim; *fence* is the claim's, *cause* a plain sentence where it ended badly."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("job_id", "fence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jobs.id"))
    number: Mapped[int]
    fence: Mapped[int]
    worker: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    cause: Mapped[str | None] = mapped_column(Text)
