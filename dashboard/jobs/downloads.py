"""Who has downloaded a file, as the audit trail knows."""

import uuid
from collections.abc import Mapping
from typing import Final

from sqlalchemy import and_, func, or_, select

from dashboard.extensions import db
from dashboard.jobs.parts import Person
from dashboard.models import AuditEntry, User

ONE: Final = "file.download"
ALL: Final = "files.zip"  # All files of a job at once.


def downloads_of(files: Mapping[uuid.UUID, uuid.UUID]) -> dict[uuid.UUID, list[Person]]:
    """Give who downloaded each of *files*, whoever did it last coming first, in one query.

    *files* are ids of artifacts with the ids of their jobs.
    """
    found: dict[uuid.UUID, list[Person]] = {file: [] for file in files}
    if not files:
        return found
    of_job: dict[uuid.UUID, list[uuid.UUID]] = {}
    for file, job in files.items():
        of_job.setdefault(job, []).append(file)
    one = and_(AuditEntry.artifact_id.in_(files), AuditEntry.action == ONE)
    all_of_job = and_(AuditEntry.job_id.in_(of_job), AuditEntry.action == ALL)
    query = (
        select(AuditEntry.artifact_id, AuditEntry.job_id, User.id, User.name)
        .join(User, User.id == AuditEntry.user_id)
        .where(or_(one, all_of_job))
        .group_by(AuditEntry.artifact_id, AuditEntry.job_id, User.id, User.name)
        .order_by(func.max(AuditEntry.id).desc())
    )
    for artifact, job_id, user_id, name in db.session.execute(query):
        person = Person(user_id, name)
        told = [artifact] if artifact is not None else of_job[job_id] if job_id is not None else []
        for each in told:
            if person not in found[each]:
                found[each].append(person)
    return found
