"""A dead letter: a failed job that somebody who looks after the desk should see."""

import uuid
from datetime import datetime
from typing import Self

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.models.base import Base
from dashboard.models.job import Job
from dashboard.models.user import User


class DeadLetter(Base):
    """Needs attention until it is dismissed; *told_at* is when administrators were written to."""

    __tablename__ = "dead_letters"
    __table_args__ = (
        Index("ix_dead_letters_open", "dismissed_at", "since"),
        Index("ix_dead_letters_owner", "requested_by_id", "dismissed_at", "since"),
    )

    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    # The same as of the job, so that nobody's letters need be looked for among all failed jobs.
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]
    dismissed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str | None] = mapped_column(Text)

    job: Mapped[Job] = relationship(lazy="joined")
    dismissed_by: Mapped[User | None] = relationship(foreign_keys=dismissed_by_id)

    @classmethod
    def of(cls, job: Job, since: datetime) -> Self:
        """Give the letter of *job*, open *since* then."""
        return cls(job_id=job.id, requested_by_id=job.requested_by_id, since=since)
