"""A finished file of a job."""

import uuid
from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.models.base import Base
from dashboard.models.job import Job


class Artifact(Base):
    """What a download serves: only a row makes a stored file visible.

    *checked_at* is when its bytes were last held against its checksum, *damaged_at* since when
    they are wrong or missing.
    """

    __tablename__ = "artifacts"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jobs.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(255), index=True)
    format: Mapped[str] = mapped_column(String(20))
    media_type: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(300), unique=True)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int | None] = mapped_column(BigInteger)
    pages: Mapped[int | None]
    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    damaged_at: Mapped[datetime | None]
    job: Mapped[Job] = relationship()

    @property
    def is_ready(self) -> bool:
        """Whether it can be downloaded, as far as is known."""
        return self.deleted_at is None and self.damaged_at is None


# What is still there, by when it was looked at last and by when the sweep has to delete it, and
# when the newest of what it has deleted was made.
Index(
    "ix_artifacts_check",
    Artifact.checked_at,
    sqlite_where=Artifact.deleted_at.is_(None),
    postgresql_where=Artifact.deleted_at.is_(None),
)
Index(
    "ix_artifacts_expires_at",
    Artifact.expires_at,
    sqlite_where=Artifact.deleted_at.is_(None),
    postgresql_where=Artifact.deleted_at.is_(None),
)
Index(
    "ix_artifacts_deleted",
    Artifact.created_at,
    sqlite_where=Artifact.deleted_at.is_not(None),
    postgresql_where=Artifact.deleted_at.is_not(None),
)
