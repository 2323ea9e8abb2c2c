"""Cancels a job: at once when no worker holds it, within two seconds when one does."""

import uuid

from sqlalchemy import select

from dashboard.jobs import audit
from dashboard.jobs.ending import cancel_unstarted
from dashboard.jobs.events import tell_of
from dashboard.models import Job, State, User, clock, transaction


def cancel(job_id: uuid.UUID, *, by: User, address: str | None = None) -> Job:
    """Cancel the job; one that has ended already is left as it is.

    A running job is asked to stop: its worker looks every second. Raises sqlalchemy's
    NoResultFound when there is no such job.
    """
    with transaction() as session:
        query = select(Job).where(Job.id == job_id).with_for_update(of=Job)
        job = session.scalars(query).one()
        if job.is_final or job.cancel_requested_at is not None:
            return job
        job.cancel_requested_at = clock()
        job.cancel_requested_by_id = by.id
        job.version += 1
        audit.record("job.cancel", by=by, job=job, address=address)
        if job.state != State.RUNNING:
            cancel_unstarted(session, job)
    tell_of(job)
    return job
