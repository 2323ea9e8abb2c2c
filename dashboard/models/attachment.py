"""What a job keeps beside its files: pages read it, nobody downloads it."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.models.base import Base


class Attachment(Base):
    """Bytes in the storage under *key*; they are kept as long as finished files are."""

    __tablename__ = "attachments"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jobs.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(300), unique=True)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


# What is still there, by when the sweep has to delete it.
Index(
    "ix_attachments_expires_at",
    Attachment.expires_at,
    sqlite_where=Attachment.deleted_at.is_(None),
    postgresql_where=Attachment.deleted_at.is_(None),
)
