"""Writes down who did what."""

import uuid
from datetime import datetime
from typing import Any

from dashboard.extensions import db
from dashboard.models import AuditEntry, Job, User, clock


def record(
    action: str,
    *,
    by: User | None,
    job: Job | None = None,
    artifact_id: uuid.UUID | None = None,
    address: str | None = None,
    detail: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Add a row inside the caller's transaction: the act and its record stand or fall together.

    Whoever records many acts says when, in the ledger's time: asking for it each time takes long.
    """
    db.session.add(
        AuditEntry(
            at=at or clock(),
            user_id=by.id if by else None,
            action=action,
            job_id=job.id if job else None,
            artifact_id=artifact_id,
            address=address,
            detail=detail or {},
        )
    )
