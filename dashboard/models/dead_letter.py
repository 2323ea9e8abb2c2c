"""A dead letter: a failed job that somebody who looks after the desk should see."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.models.base import Base
from dashboard.models.job import Job
from dashboard.models.user import User


class DeadLetter(Base):
    """Needs attention until it is dismissed; *told_at* is when administrators were written to."""

    __tablename__ = "dead_letters"
    __table_args__ = (Index("ix_dead_letters_open", "dismissed_at", "since"),)

    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]
    dismissed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str | None] = mapped_column(Text)

    job: Mapped[Job] = relationship(lazy="joined")
    dismissed_by: Mapped[User | None] = relationship()
