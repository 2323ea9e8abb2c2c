"""An e-mail to one person: that one job has ended, or what else the desk has to tell."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.models.base import Base


class NoticeState(StrEnum):
    """A notice found SENDING by a later attempt is UNCERTAIN and is not sent again."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class Notice(Base):
    """At most one e-mail for a person and a job; without a job, *subject* and *text* say it all."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("job_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("jobs.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(String(16), default=NoticeState.PENDING, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    subject: Mapped[str | None] = mapped_column(String(500))
    text: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[str | None] = mapped_column(String(200))
    error: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime]
