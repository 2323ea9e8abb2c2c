"""A mailing: one message to many people."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.models.base import Base
from dashboard.models.sender import Sender
from dashboard.models.user import User

MAILING_TITLE_LIMIT: Final = 120  # characters
SUBJECT_LIMIT: Final = 400
WHY_LIMIT: Final = 200


class MailingState(StrEnum):
    """Where a mailing stands."""

    DRAFT = "draft"
    ASKED = "asked"  # somebody has asked a second person to approve it
    SENDING = "sending"  # also while it waits for its time, or for those who asked for a pause
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"


class Mailing(Base):
    """What is sent, and by whom.

    *body* is Markdown; *html* and *text* are what was made of it, where edited by hand. *why* is
    the sentence at its foot that says why somebody gets it. *version* grows with each change:
    whoever saves a draft names the one that was read. *audience* is where the recipients come from,
    *check_id* the job that has checked them, *seal* what was approved: the digests of content and
    audience, and how many people. *a_minute* is its own speed limit. *job_id* is the job that sends
    it, at *send_at* or at once; all deliveries are there from *frozen_at* on. *paused_why* is a
    plain sentence where it has paused by itself.
    """

    __tablename__ = "mailings"
    # The number of a mailing that was deleted is given to no other one.
    __table_args__ = (
        Index("ix_mailings_list", "is_single", "changed_at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    title: Mapped[str] = mapped_column(String(MAILING_TITLE_LIMIT))
    state: Mapped[str] = mapped_column(String(12), default=MailingState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    sender_id: Mapped[int | None] = mapped_column(ForeignKey("senders.id"))
    subject: Mapped[str] = mapped_column(String(SUBJECT_LIMIT), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    # As [{"name": …, "media_type": …, "key": where it is stored, "size": …, "sha256": …}].
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    why: Mapped[str] = mapped_column(String(WHY_LIMIT), default="", server_default="")
    audience: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    check_id: Mapped[uuid.UUID | None]
    a_minute: Mapped[int | None]
    send_at: Mapped[datetime | None]
    # As {"content": sha256, "audience": sha256, "people": 1231}.
    seal: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]
    # One e-mail to one person: its job is its page.
    is_single: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The mailing that a single e-mail tries out.
    test_of_id: Mapped[int | None] = mapped_column(ForeignKey("mailings.id"))
    job_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    paused_why: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    sender: Mapped[Sender | None] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])

    @property
    def number(self) -> str:
        """The short thing to quote, as in ML-312."""
        return f"ML-{self.id}"
