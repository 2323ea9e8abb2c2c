"""Begins the job that sends a mailing, and sees to it that each one that is to be sent has one.

The ledger says first that a mailing is to be sent, and then gets its job, in two transactions:
whoever dies in between leaves one without a job, which gets it at the scheduler's next tick.
"""

import uuid
from datetime import timedelta
from itertools import count
from typing import Final

from flask import current_app
from sqlalchemy import or_, select, update

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import TooManyJobs, pace
from dashboard.jobs.ending import wake
from dashboard.jobs.start import has_room
from dashboard.models import Job, Mailing, MailingState, State, User, clock, transaction
from dashboard.words import marked

KIND: Final = "mailing"
PATIENCE: Final = timedelta(seconds=10)
"""So long a job may be missing before the scheduler begins it: whoever releases one is about to."""

ENDED: Final = marked("The job that sends it has ended before its time.")


def begin(mailing_id: int, *, by: User, follower: User | None = None) -> None:
    """Give a mailing that is to be sent its job, unless it has one.

    However often and by however many it is called, there is one. Where *by* has too many jobs by
    now, the scheduler begins it as soon as there is room.
    """
    mailing = db.session.get(Mailing, mailing_id, populate_existing=True)
    kind = jobs.find(KIND)
    assert kind is not None
    if mailing is None or mailing.state != MailingState.SENDING or mailing.job_id is not None:
        return
    params = {"mailing": mailing_id, "title": mailing.title, "subject": mailing.subject}
    try:
        key = _key_of_next(mailing_id)
        started = jobs.start(kind, params, by=by, key=key, notify=by.notify, follower=follower)
    except TooManyJobs:
        return
    job_id = started.job.id
    with transaction() as session:
        session.execute(
            update(Mailing)
            .where(Mailing.id == mailing_id, Mailing.job_id.is_(None))
            .values(job_id=job_id)
        )


def let_follow(mailing: Mailing) -> None:
    """Let another job follow, in the transaction in which the mailing is to be sent (again).

    One that has not ended goes on.
    """
    if has_ended(mailing.job_id):
        mailing.job_id = None


def go_on(mailing_id: int, *, by: User) -> None:
    """Wake the job of a mailing that is to be sent again, or begin the one that follows."""
    job_id = db.session.scalar(select(Mailing.job_id).where(Mailing.id == mailing_id))
    if job_id is not None and not has_ended(job_id):
        wake(job_id)
        return
    if job_id is not None:
        _forget(mailing_id, job_id)
    begin(mailing_id, by=by)


def check_room(by: User) -> None:
    """Raise TooManyJobs where *by* may begin no more."""
    if not has_room(by.id):
        kind = jobs.find(KIND)
        assert kind is not None
        limit: int = current_app.config["MAX_ACTIVE_JOBS"]
        raise TooManyJobs(limit, pace.seconds_to_next_end(kind.queue))


def has_ended(job_id: uuid.UUID | None) -> bool:
    """Say whether the job is over, or was never there."""
    if job_id is None:
        return True
    query = select(Job.finished_at).where(Job.id == job_id)
    row = db.session.execute(query).first()
    return row is None or row.finished_at is not None


def mend() -> None:
    """Begin the jobs that are missing, and pause mailings whose job has ended before them.

    One that succeeded had sent all there was: somebody has put more in line at its very end.
    """
    query = (
        select(Mailing.id, Mailing.job_id, Mailing.changed_at, Job.state.label("end"))
        .outerjoin(Job, Job.id == Mailing.job_id)
        .where(
            Mailing.is_single.is_(False),
            Mailing.state == MailingState.SENDING,
            or_(Mailing.job_id.is_(None), Job.finished_at.is_not(None)),
        )
    )
    for row in db.session.execute(query).all():
        if row.job_id is not None and row.end != State.SUCCEEDED:
            _pause(row.id, row.job_id)
        elif row.job_id is not None:
            _forget(row.id, row.job_id)
        elif row.changed_at < clock() - PATIENCE:
            mailing = db.session.get_one(Mailing, row.id)
            begin(row.id, by=mailing.approved_by or mailing.made_by, follower=mailing.asked_by)


def _pause(mailing_id: int, job_id: uuid.UUID) -> None:
    """Pause a mailing whose job is over: “Resume” gives it another one."""
    with transaction() as session:
        job = session.scalars(select(Job).where(Job.id == job_id)).one()
        why = (job.error or {}).get("what") or ENDED
        query = update(Mailing).where(
            Mailing.id == mailing_id,
            Mailing.job_id == job_id,
            Mailing.state == MailingState.SENDING,
        )
        session.execute(
            query.values(
                state=MailingState.PAUSED,
                paused_why=why,
                changed_at=clock(),
                version=Mailing.version + 1,
            ).execution_options(synchronize_session=False)
        )


def _forget(mailing_id: int, job_id: uuid.UUID) -> None:
    """Let a mailing have no job in place of one that is over."""
    with transaction() as session:
        session.execute(
            update(Mailing)
            .where(Mailing.id == mailing_id, Mailing.job_id == job_id)
            .values(job_id=None)
        )


def _key_of_next(mailing_id: int) -> str:
    """Give the key of its job: that of one which is not over, or else of the one to come."""
    for number in count(1):
        key = f"mailing:{mailing_id}" if number == 1 else f"mailing:{mailing_id}:{number}"
        job = jobs.by_key(key)
        if job is None or not job.is_final:
            return key
    raise AssertionError
