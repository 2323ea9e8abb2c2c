"""What the scheduler does at each tick: each act is safe to do twice, and by two schedulers."""

import logging
import os
import platform
from datetime import timedelta

from flask import current_app
from sqlalchemy import select, update

from dashboard.extensions import db
from dashboard.jobs import dead_letters, hints, line, notices
from dashboard.jobs.ending import take_back
from dashboard.jobs.events import tell_of
from dashboard.models import Artifact, Attachment, Job, Part, Process, State, clock, transaction
from dashboard.storage import Storage
from dashboard.words import marked

logger = logging.getLogger(__name__)

FORGET_PROCESS_AFTER = timedelta(days=1)
BATCH = 200
SILENT = marked("The worker that did this was not heard of any more.")


def heard(name: str, started: bool = False) -> None:
    """Write down that this scheduler is alive."""
    with transaction() as session:
        now = clock()
        process = session.get(Process, name)
        if process is None:
            process = Process(name=name, part=Part.SCHEDULER, started_at=now, host="", pid=0)
            session.add(process)
        if started:
            process.started_at = now
        process.host = platform.node()
        process.pid = os.getpid()
        process.heard_at = now
        process.stopped_at = None


def take_back_expired() -> int:
    """Take running jobs back whose lease has run out; gives how many."""
    query = select(Job.id, Job.fence).where(Job.state == State.RUNNING, Job.lease_until < clock())
    expired = db.session.execute(query.limit(BATCH)).all()
    return sum(take_back(row.id, row.fence, SILENT) is not None for row in expired)


def release_due() -> int:
    """Queue waiting jobs whose time has come; gives how many."""
    with transaction() as session:
        query = (
            select(Job)
            .where(Job.state == State.WAITING, Job.due_at <= clock())
            .limit(BATCH)
            .with_for_update(of=Job, skip_locked=True)
        )
        due = list(session.scalars(query))
        for job in due:
            job.enter(State.QUEUED)
            job.due_at = None
    for job in due:
        tell_of(job)
    return len(due)


def hint_again() -> int:
    """See to it that queues with work have as many hints as they may; gives how many queues."""
    queues = line.queues_with_work()
    for queue in queues:
        hints.fill(queue)
    return len(queues)


def send_notices() -> None:
    """See to it that due e-mails are sent, and that none stays "being sent" for ever."""
    dead_letters.tell_admins()
    notices.give_up_cut_off()
    if notices.is_due():
        hints.deliver()


def delete_expired_files() -> int:
    """Delete files that were kept long enough; their rows stay and say so. Gives how many."""
    storage: Storage = current_app.extensions["storage"]
    query = select(Artifact.id, Artifact.key, Artifact.job_id).where(
        Artifact.expires_at <= clock(), Artifact.deleted_at.is_(None)
    )
    expired = db.session.execute(query.limit(BATCH)).all()
    for row in expired:
        # First the row, then the bytes: a page must never offer what is not there.
        with transaction() as session:
            session.execute(
                update(Artifact).where(Artifact.id == row.id).values(deleted_at=clock())
            )
            touched = update(Job).where(Job.id == row.job_id).values(version=Job.version + 1)
            session.execute(touched.execution_options(synchronize_session=False))
        storage.delete(row.key)
        job = db.session.scalars(select(Job).where(Job.id == row.job_id)).one()
        tell_of(job)
    return len(expired)


def delete_expired_attachments() -> int:
    """Delete what jobs kept beside their files for long enough; gives how many."""
    storage: Storage = current_app.extensions["storage"]
    query = select(Attachment.id, Attachment.key).where(
        Attachment.expires_at <= clock(), Attachment.deleted_at.is_(None)
    )
    expired = db.session.execute(query.limit(BATCH)).all()
    for row in expired:
        with transaction() as session:
            gone = update(Attachment).where(Attachment.id == row.id)
            session.execute(gone.values(deleted_at=clock()))
        storage.delete(row.key)
    return len(expired)


def forget_processes() -> None:
    """Forget workers that were not heard of for a day."""
    with transaction() as session:
        query = select(Process).where(Process.heard_at < clock() - FORGET_PROCESS_AFTER)
        for process in session.scalars(query):
            session.delete(process)
