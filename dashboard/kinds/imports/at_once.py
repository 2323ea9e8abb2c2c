"""What is written at once without marks is written once: where that is not sure, not again.

A table without marks cannot tell whether the answer to a COMMIT was lost. So the ledger says,
before it is sent, that it will be.
"""

import uuid
from typing import Final

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.jobs.ending import fenced
from dashboard.jobs.errors import Permanent
from dashboard.jobs.running import Running
from dashboard.models import AuditEntry, Job
from dashboard.words import marked

COMMIT: Final = "import.commit"
NOBODY_KNOWS: Final = marked(
    "Whether the rows of this file were written is not known: the database may have kept them, "
    "and its answer was lost."
)
LOOK: Final = marked(
    "Look at the table, or check the file again: the check says which rows are there."
)


def announce(running: Running) -> None:
    """Say in the ledger that the rows are about to be kept. Raises LeaseLost."""
    with fenced(running.id, running.fence) as (__, job):
        audit.record(COMMIT, by=None, job=job)


def refuse_twice(running: Running) -> None:
    """Raise Permanent where an attempt at this import, or at another of its check, came so far."""
    if was_announced(running.kind.name, uuid.UUID(running.params["check"])):
        raise Permanent(NOBODY_KNOWS, next=LOOK)


def was_announced(kind: str, check: uuid.UUID) -> bool:
    """Whether an import of *kind* was about to keep what the job *check* has found."""
    query = (
        select(AuditEntry.id)
        .join(Job, Job.id == AuditEntry.job_id)
        .where(
            Job.kind == kind,
            Job.params["check"].as_string() == str(check),
            AuditEntry.action == COMMIT,
        )
    )
    return db.session.scalars(query.limit(1)).first() is not None
