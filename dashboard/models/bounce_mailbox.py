"""The mailbox to which e-mails come back: how far it has been read, and what was found."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.models.base import Base


class BounceMailbox(Base):
    """One mailbox, by a *key* that tells host, user and folder from all others and hides them.

    All up to *last_uid* is read and done, as long as its numbers have the same *uidvalidity*.
    *tried_at* is when it was opened last, *read_at* when it was last read to its end. *messages*
    are all that were looked at, *reports* those about e-mails of the desk's, *marked* the
    deliveries that were marked because of them. *trouble* is why it could not be read the last
    time, as [a marked sentence, its values].
    """

    __tablename__ = "bounce_mailboxes"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    uidvalidity: Mapped[int | None] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    messages: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    reports: Mapped[int] = mapped_column(default=0, server_default="0")
    marked: Mapped[int] = mapped_column(default=0, server_default="0")
    tried_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    trouble: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
