"""A table that an administrator has opened for import."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.models.base import Base
from dashboard.models.open_table import NAME_LIMIT, SUMMARY_LIMIT, TITLE_LIMIT
from dashboard.models.user import User


class ImportTarget(Base):
    """Who may import what into *name* of *source*; its columns are asked of the database.

    *modes* are those of "both" (add and update), "add" and "update" that people may choose, and
    "mirror" (delete, too, what a file does not have) where administrators may;
    *checks* is TOML. *slug* is the same whenever this table is opened.
    """

    __tablename__ = "import_targets"
    __table_args__ = (UniqueConstraint("source", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_LIMIT))
    summary: Mapped[str] = mapped_column(String(SUMMARY_LIMIT))
    roles: Mapped[list[str]] = mapped_column(JSON)
    modes: Mapped[list[str]] = mapped_column(JSON)
    checks: Mapped[str] = mapped_column(Text, default="")
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[datetime]
    opened_by: Mapped[User | None] = relationship()
