"""Whom mailings come from."""

from datetime import datetime
from typing import Final

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.models.base import Base
from dashboard.models.contact import EMAIL_LIMIT

SENDER_NAME_LIMIT: Final = 80  # characters


class Sender(Base):
    """An address that administrators let people of some *roles* send from.

    *a_minute* is how many e-mails a minute may leave in its name at most, None for no limit of its
    own. A *retired* one sends nothing any more; its mailings stay.
    """

    __tablename__ = "senders"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(SENDER_NAME_LIMIT))
    address: Mapped[str] = mapped_column(String(EMAIL_LIMIT), unique=True)
    reply_to: Mapped[str] = mapped_column(String(EMAIL_LIMIT), default="", server_default="")
    roles: Mapped[list[str]] = mapped_column(JSON)
    a_minute: Mapped[int | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
