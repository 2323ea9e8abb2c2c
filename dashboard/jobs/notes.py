"""Notes at a job: what those who see it write to one another."""

import uuid

from sqlalchemy import select

from dashboard.jobs import audit
from dashboard.jobs.events import tell_of
from dashboard.models import Job, Note, User, clock, transaction


def leave(job_id: uuid.UUID, *, by: User, text: str, address: str | None = None) -> Note:
    """Add a note to the job, *text* of at most NOTE_LIMIT characters, and tell whoever watches.

    The same words of the same person again, with nothing between them, were sent twice: the note
    that is there is given.
    """
    with transaction() as session:
        job = session.scalars(select(Job).where(Job.id == job_id).with_for_update(of=Job)).one()
        newest = select(Note).where(Note.job_id == job.id).order_by(Note.id.desc()).limit(1)
        last = session.scalars(newest).first()
        if last is not None and (last.user_id, last.text) == (by.id, text):
            return last
        note = Note(job_id=job.id, user_id=by.id, at=clock(), text=text)
        session.add(note)
        job.version += 1
        audit.record("job.note", by=by, job=job, address=address)
    tell_of(job)
    return note
