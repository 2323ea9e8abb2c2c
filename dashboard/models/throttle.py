"""Wrong passwords lately, by address and by e-mail."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.models.base import Base


class Throttle(Base):
    """How often *key* ("email:…" or "address:…") failed to sign in, and until when it waits."""

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]
