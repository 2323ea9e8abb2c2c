"""An address to which no bulk mail goes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.models.base import Base
from dashboard.models.contact import PLAIN_ORDER


class Cause(StrEnum):
    """Why nothing is sent to an address any more."""

    UNSUBSCRIBED = "unsubscribed"  # the person asked for it
    BOUNCED = "bounced"  # the address does not exist
    COMPLAINED = "complained"  # the person called it spam
    BY_HAND = "by_hand"  # somebody at the desk added it


class Suppression(Base):
    """One address, as addresses are compared; *note* says more, in words.

    *mailing_id* is the mailing that led to it, *added_by* the colleague who added it by hand.
    """

    __tablename__ = "suppressions"

    address: Mapped[str] = mapped_column(PLAIN_ORDER, primary_key=True)
    cause: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailings.id"))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(index=True)
