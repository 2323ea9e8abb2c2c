"""A table or view of a source that an administrator has opened for export."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.models.base import Base
from dashboard.models.user import User

NAME_LIMIT = 255  # characters; PostgreSQL and MariaDB have a quarter of that for a name.
TITLE_LIMIT = 120
SUMMARY_LIMIT = 300


class OpenTable(Base):
    """What its exports know of it; the rest is asked of the source.

    *name*, *quoted*, *kind* ("table" or "view") and *key* are those of the source's own Table,
    *columns* its columns as [{"name": …, "type": …}], as they were when it was last *looked_at*.
    *slug* is the same whenever this table is opened, so that what was kept of its kind fits again.
    """

    __tablename__ = "open_tables"
    __table_args__ = (UniqueConstraint("source", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    quoted: Mapped[str] = mapped_column(String(2 * NAME_LIMIT + 8))
    kind: Mapped[str] = mapped_column(String(8))
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_LIMIT))
    summary: Mapped[str] = mapped_column(String(SUMMARY_LIMIT))
    roles: Mapped[list[str]] = mapped_column(JSON)
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    key: Mapped[list[str]] = mapped_column(JSON)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[datetime]
    looked_at: Mapped[datetime]
    opened_by: Mapped[User | None] = relationship()
