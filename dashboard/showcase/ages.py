"""Makes a job older: everything that is known of it moves back by the same time."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Table, select

from dashboard.models import (
    Artifact,
    Attempt,
    AuditEntry,
    DeadLetter,
    Job,
    LogLine,
    Note,
    Notice,
    transaction,
)
from dashboard.models.base import UtcDateTime

PARTS: Final[tuple[Any, ...]] = (
    Attempt,
    Artifact,
    LogLine,
    AuditEntry,
    DeadLetter,
    Note,
    Notice,
)
# A job that is under way stays so; what is due stays due.
AHEAD: Final = frozenset({"lease_until", "due_at"})


def age(job_id: uuid.UUID, by: timedelta) -> None:
    """Move every moment of the job and of what belongs to it back, but for what lies ahead."""
    with transaction() as session:
        job = session.scalars(select(Job).where(Job.id == job_id)).one()
        _move(job, by)
        if as_of := job.result.get("data_as_of"):
            moved = datetime.fromisoformat(as_of) - by
            job.result = {**job.result, "data_as_of": moved.isoformat()}
        for model in PARTS:
            for row in session.scalars(select(model).where(model.job_id == job_id)).unique():
                _move(row, by)


def _move(row: Any, by: timedelta) -> None:
    table: Table = row.__table__
    for column in table.columns:
        if isinstance(column.type, UtcDateTime) and column.key not in AHEAD:
            moment: datetime | None = getattr(row, column.key)
            if moment is not None:
                setattr(row, column.key, moment - by)
