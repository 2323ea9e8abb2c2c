"""A delivery: one recipient of one mailing, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.models.base import Base
from dashboard.models.contact import EMAIL_LIMIT, PLAIN_ORDER

CLAIM_LIMIT: Final = 40  # characters


class Fate(StrEnum):
    """What becomes of a delivery."""

    QUEUED = "queued"
    CLAIMED = "claimed"  # a sender has it; the first of a claim may be on its way
    SENT = "sent"  # the mail server took it
    DEFERRED = "deferred"  # refused for now; tried again at due_at
    FAILED = "failed"  # refused for good
    SUPPRESSED = "suppressed"  # the address is on the list of those to whom nothing goes
    UNCERTAIN = "uncertain"  # cut off after the message was handed over: nobody knows


OVER: Final = frozenset({Fate.SENT, Fate.FAILED, Fate.SUPPRESSED, Fate.UNCERTAIN})


class Delivery(Base):
    """One row, frozen when the mailing is sent; *place* is its row in the audience, from 1.

    *address* is as addresses are compared, *email* as it was given, *values* fill the
    placeholders. *message_id* is stored before anything is sent. *claim* names the attempt at the
    sending job and its connection while the row is claimed: nobody else may mark it. *code* and
    *words* are the mail server's own, *reason* what follows from them.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("mailing_id", "address"),
        Index("ix_deliveries_line", "mailing_id", "state", "id"),
        Index("ix_deliveries_address", "address", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailings.id"))
    place: Mapped[int]
    address: Mapped[str] = mapped_column(PLAIN_ORDER)
    email: Mapped[str] = mapped_column(String(EMAIL_LIMIT))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    message_id: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12), default=Fate.QUEUED, server_default=Fate.QUEUED)
    claim: Mapped[str | None] = mapped_column(String(CLAIM_LIMIT))
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    due_at: Mapped[datetime | None]
    code: Mapped[int | None]
    words: Mapped[str | None] = mapped_column(Text)
    # Each try that did not end as sent, as [[when, in ISO 8601, fate, code, words], …].
    past: Mapped[list[list[Any]] | None] = mapped_column(JSON)
    reason: Mapped[str | None] = mapped_column(String(20))
    changed_at: Mapped[datetime | None]
