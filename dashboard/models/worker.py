"""What does the work: processes last heard of, and queues."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.models.base import Base


class Part(StrEnum):
    """Which part of the desk a process is."""

    WORKER = "worker"
    SCHEDULER = "scheduler"


class Process(Base):
    """A worker or a scheduler, and when it was last heard of (by the database's clock)."""

    __tablename__ = "processes"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    part: Mapped[str] = mapped_column(String(16))
    host: Mapped[str] = mapped_column(String(120))
    pid: Mapped[int]
    slots: Mapped[int] = mapped_column(default=0)
    queues: Mapped[list[str]] = mapped_column(JSON, default=list)
    started_at: Mapped[datetime]
    heard_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]


class Queue(Base):
    """A queue that an administrator paused; a queue without a row flows."""

    __tablename__ = "queues"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    paused_at: Mapped[datetime | None]
    paused_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
