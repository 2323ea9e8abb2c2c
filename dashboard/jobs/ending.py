"""Ends an attempt: every way from running to another state, each guarded by the fence."""

import logging
import random
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dashboard.extensions import db
from dashboard.jobs import hints
from dashboard.jobs.errors import UNCHANGED, Failure, Later, LeaseLost, Verdict
from dashboard.jobs.events import tell_of
from dashboard.jobs.kind import find
from dashboard.models import (
    Artifact,
    Attachment,
    Attempt,
    DeadLetter,
    Follower,
    Job,
    LogLine,
    Notice,
    Outcome,
    State,
    clock,
    transaction,
)
from dashboard.words import marked

logger = logging.getLogger(__name__)

JITTER = 0.5  # A pause is between half and one and a half of its length.
WORKER_DIED = marked("The worker that did this stopped suddenly.")
WORKER_STOPPED = marked("The worker was stopped.")


def succeed(
    job_id: uuid.UUID,
    fence: int,
    artifacts: list[Artifact],
    result: dict[str, Any],
    attachments: Sequence[Attachment] = (),
) -> Job:
    """Make the files visible and the job succeeded, in one transaction.

    Raises LeaseLost when the fence has moved on. A cancel that was asked for before wins: then
    the job is cancelled and no file is recorded.
    """
    with fenced(job_id, fence) as (session, job):
        if job.cancel_requested_at is not None:
            _cancel(session, job)
        else:
            _record(session, job, artifacts, attachments)
            job.enter(State.SUCCEEDED)
            job.result = result
            job.error = None
            job.error_detail = None
            _close(session, job, Outcome.SUCCEEDED)
    return _told(job)


def fail(job_id: uuid.UUID, fence: int, verdict: Verdict, detail: str = "") -> Job:
    """End the attempt as failed: another one follows after a pause where that may help.

    Raises LeaseLost when the fence has moved on.
    """
    with fenced(job_id, fence) as (session, job):
        if job.cancel_requested_at is not None:
            _cancel(session, job)
        elif verdict.retry and job.attempts_used < job.max_attempts:
            pause = backoff(job.attempts_used)
            job.enter(State.WAITING)
            job.due_at = clock() + timedelta(seconds=pause)
            job.lease_until = None
            attempt = f"attempt {job.attempts_used + 1} of {job.max_attempts}"
            _log(session, job, f"{verdict.failure.what}", "error")
            _log(session, job, f"Waiting {pause:.0f} s, then {attempt}", "warn")
            job.error_detail = detail
            _end_attempt(session, job, Outcome.RETRIED, verdict.failure.what)
        else:
            _fail(session, job, verdict.failure, detail)
            if verdict.attention:
                session.add(DeadLetter.of(job, clock()))
    return _told(job)


def cancelled(job_id: uuid.UUID, fence: int) -> Job:
    """End the attempt as cancelled. Raises LeaseLost when the fence has moved on."""
    with fenced(job_id, fence) as (session, job):
        _cancel(session, job)
    return _told(job)


def hand_back(job_id: uuid.UUID, fence: int) -> Job:
    """Give the job back at a worker's stop: queued again, the attempt is not counted.

    Raises LeaseLost when the fence has moved on.
    """
    with fenced(job_id, fence) as (session, job):
        if job.cancel_requested_at is not None:
            _cancel(session, job)
        else:
            _log(session, job, marked("The worker was stopped; the job goes back in line"), "warn")
            job.attempts_used -= 1
            _requeue(session, job, Outcome.HANDED_BACK, WORKER_STOPPED)
    return _told(job)


def put_off(job_id: uuid.UUID, fence: int, later: Later) -> Job:
    """Let the job wait until it goes on; the attempt is not counted.

    Raises LeaseLost when the fence has moved on.
    """
    with fenced(job_id, fence) as (session, job):
        if job.cancel_requested_at is not None:
            _cancel(session, job)
        else:
            job.enter(State.WAITING)
            job.due_at = later.at
            job.lease_until = None
            job.worker = None
            job.attempts_used -= 1
            _end_attempt(session, job, Outcome.PUT_OFF, later.why)
    return _told(job)


def wake(job_id: uuid.UUID) -> bool:
    """Let a job that waits go on now; False where it does not wait."""
    with transaction() as session:
        query = select(Job).where(Job.id == job_id, Job.state == State.WAITING)
        job = session.scalars(query.with_for_update(of=Job)).one_or_none()
        if job is None:
            return False
        job.enter(State.QUEUED)
        job.due_at = None
    _told(job)
    hints.wake(job.queue)
    return True


def take_back(job_id: uuid.UUID, fence: int, cause: str = WORKER_DIED) -> Job | None:
    """Take the job from a worker that is gone: queued again, or failed after its last attempt.

    Gives None when somebody else was quicker.
    """
    try:
        with fenced(job_id, fence) as (session, job):
            if job.cancel_requested_at is not None:
                _cancel(session, job)
            elif job.attempts_used < job.max_attempts:
                _log(session, job, f"{cause} The job starts anew.", "warn")
                _requeue(session, job, Outcome.LOST, cause)
            else:
                tries = f"It was tried {job.attempts_used} times."
                advice = f"{tries} Tell an administrator and give the number."
                failure = Failure(cause, _unchanged(job), next=advice)
                _fail(session, job, failure, "", Outcome.LOST)
                session.add(DeadLetter.of(job, clock()))
    except LeaseLost:
        return None
    _told(job)
    if job.state == State.QUEUED:
        hints.wake(job.queue)
    return job


def backoff(attempts_used: int) -> float:
    """Give the pause in seconds: base · 2^(n-1), capped, with even jitter of ±50 %."""
    base = current_app.config["RETRY_BASE_SECONDS"]
    longest = current_app.config["RETRY_MAX_SECONDS"]
    pause = min(longest, base * 2 ** (attempts_used - 1))
    return float(pause * random.uniform(1 - JITTER, 1 + JITTER))


def cancel_unstarted(session: Session, job: Job) -> None:
    """Cancel a job that no worker holds, inside the caller's transaction."""
    _cancel(session, job)


@contextmanager
def fenced(job_id: uuid.UUID, fence: int) -> Iterator[tuple[Session, Job]]:
    """Give the job, locked, to an attempt that still owns it. Raises LeaseLost."""
    with transaction() as session:
        query = select(Job).where(Job.id == job_id, Job.fence == fence, Job.state == State.RUNNING)
        # Joined rows (the person) are not ours to lock.
        job = session.scalars(query.with_for_update(of=Job)).one_or_none()
        if job is None:
            raise LeaseLost
        yield session, job


def _record(
    session: Session, job: Job, artifacts: list[Artifact], attachments: Sequence[Attachment]
) -> None:
    now = clock()
    expires_at = now + timedelta(days=current_app.config["KEEP_FILES_DAYS"])
    for position, artifact in enumerate(artifacts):
        artifact.job_id = job.id
        artifact.position = position
        artifact.created_at = now
        artifact.expires_at = expires_at
        artifact.checked_at = now
        session.add(artifact)
    for attachment in attachments:
        attachment.job_id = job.id
        attachment.created_at = now
        attachment.expires_at = expires_at
        session.add(attachment)


def _cancel(session: Session, job: Job) -> None:
    job.enter(State.CANCELLED)
    _log(session, job, "Cancelled", "warn")
    _close(session, job, Outcome.CANCELLED)


def _fail(
    session: Session, job: Job, failure: Failure, detail: str, outcome: Outcome = Outcome.FAILED
) -> None:
    job.enter(State.FAILED)
    job.error = failure.as_json()
    job.error_detail = detail
    _log(session, job, failure.what, "error")
    _close(session, job, outcome, failure.what)


def _unchanged(job: Job) -> str:
    """Give what is said of what a job whose worker is gone has not changed."""
    kind = find(job.kind)
    return kind.unchanged if kind else UNCHANGED


def _requeue(session: Session, job: Job, outcome: Outcome, cause: str) -> None:
    _end_attempt(session, job, outcome, cause)
    job.enter(State.QUEUED)
    job.lease_until = None
    job.worker = None
    job.taken_back = True


def _end_attempt(session: Session, job: Job, outcome: Outcome, cause: str | None) -> None:
    session.execute(
        update(Attempt)
        .where(Attempt.job_id == job.id, Attempt.fence == job.fence, Attempt.ended_at.is_(None))
        .values(ended_at=clock(), outcome=outcome, cause=cause)
        .execution_options(synchronize_session=False)
    )


def _close(session: Session, job: Job, outcome: Outcome, cause: str | None = None) -> None:
    now = clock()
    _end_attempt(session, job, outcome, cause)
    job.finished_at = now
    job.lease_until = None
    job.due_at = None
    job.steps = [closed(step, job.state) for step in job.steps]
    if job.state == State.CANCELLED:
        return
    people = {job.requested_by_id} if job.notify else set()
    joined = select(Follower.user_id).where(Follower.job_id == job.id, Follower.notify)
    people.update(session.scalars(joined))
    session.add_all(
        Notice(job_id=job.id, user_id=person, due_at=now, changed_at=now) for person in people
    )


def closed(step: dict[str, Any], state: str) -> dict[str, Any]:
    """Give *step* as it stands when the job has ended in *state*."""
    if step["state"] != "running":
        return step
    return {**step, "state": "done" if state == State.SUCCEEDED else "failed"}


def _log(session: Session, job: Job, text: str, level: str = "info") -> None:
    attempt = job.attempts_used
    session.add(LogLine(job_id=job.id, attempt=attempt, at=clock(), level=level, text=text))


def _told(job: Job) -> Job:
    tell_of(job)
    notices = select(Notice.id).where(Notice.job_id == job.id).limit(1)
    if job.is_final and db.session.scalars(notices).first() is not None:
        hints.deliver()
    return job
