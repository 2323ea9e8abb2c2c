"""A note that a person left at a job."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.models.base import Base
from dashboard.models.user import User

NOTE_LIMIT = 1000  # characters; more than that belongs elsewhere.


class Note(Base):
    """Words for those who see the job; they are only ever added."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jobs.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(String(NOTE_LIMIT))
    user: Mapped[User] = relationship(lazy="joined")
