"""Choices of a kind that somebody saved under a name."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.models.base import Base
from dashboard.models.user import User

PRESET_NAME_LIMIT = 60  # characters; it is to be read at a glance.


class Preset(Base):
    """What fills the form of *kind*: *params* as a job keeps them, and their *relative* periods.

    A *shared* one is for everybody who may start the kind, any other for its owner.
    """

    __tablename__ = "presets"
    # By kind first: a form asks for those of its kind, whoever has saved them.
    __table_args__ = (UniqueConstraint("kind", "owner_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(PRESET_NAME_LIMIT))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    relative: Mapped[dict[str, str]] = mapped_column(JSON)
    shared: Mapped[bool]
    saved_at: Mapped[datetime]
    owner: Mapped[User] = relationship(lazy="joined")
