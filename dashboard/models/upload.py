"""A file that a person sent, kept for the jobs that read it."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.models.base import Base
from dashboard.models.user import User

NAME_LIMIT = 255  # characters


class Upload(Base):
    """What was sent: *name* as its person calls it, *key* where the storage keeps it.

    A row without *deleted_at* has its bytes; they are deleted some time after *expires_at*.
    """

    __tablename__ = "uploads"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    uploaded_by: Mapped[User] = relationship()


# What is still there, by when it may be deleted.
Index(
    "ix_uploads_expires_at",
    Upload.expires_at,
    sqlite_where=Upload.deleted_at.is_(None),
    postgresql_where=Upload.deleted_at.is_(None),
)
