"""Starts a job: one transaction, then a hint."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dashboard.extensions import db
from dashboard.jobs import audit, dead_letters, hints, pace
from dashboard.jobs.chosen import as_kept
from dashboard.jobs.events import tell_of
from dashboard.jobs.kind import Kind, family_of
from dashboard.jobs.same import choice_hash
from dashboard.models import ACTIVE, Follower, Job, State, User, clock, transaction
from dashboard.words import ngettext

TITLE_LIMIT = 500


class TooManyJobs(Exception):
    """The person has as many unfinished jobs as the desk allows; the message says so.

    *retry_after* is a guess of when one of them has ended, in seconds.
    """

    def __init__(self, limit: int, retry_after: int) -> None:
        super().__init__(
            ngettext(
                "You have %(num)s job that is not finished, which is the most for one person. "
                "Wait until some have ended, or cancel some.",
                "You have %(num)s jobs that are not finished, which is the most for one person. "
                "Wait until some have ended, or cancel some.",
                limit,
            )
        )
        self.retry_after = retry_after


@dataclass(frozen=True)
class Started:
    """A job, and whether this call made it (False: the key was used before)."""

    job: Job
    created: bool


def start(
    kind: Kind,
    params: Mapping[str, Any],
    *,
    by: User,
    key: str,
    notify: bool = False,
    relative: Mapping[str, str] | None = None,
    again_of: Job | None = None,
    follower: User | None = None,
    tell_follower: bool = False,
    request_id: str | None = None,
    address: str | None = None,
) -> Started:
    """Write the job of *kind* with checked *params* into the ledger and hint its queue.

    *key* is unique for ever: the same key gives the same job. *follower* asked for what this job
    does again or goes on with: they follow it from its begin, and get an e-mail at its end with
    *tell_follower*. The hint may be lost; the row is its
    own outbox. *relative* names those periods of the choices that are to roll on when the job is
    started again from the form. Raises TooManyJobs.
    """
    found = by_key(key)
    if found is not None:
        return Started(found, created=False)
    person = by.id
    params = as_kept(kind, params, by=by)
    # Whoever is refused is told so without a wait for the right to write.
    _check_limit(person, kind.queue)
    try:
        with transaction() as session:
            # One start of a person at a time, or two at once would both find room for one more.
            session.get_one(User, person, with_for_update={"key_share": True})
            _check_limit(person, kind.queue)
            job = Job(
                prefix=family_of(kind).prefix,
                kind=kind.name,
                family=kind.family,
                title=kind.title_of(params)[:TITLE_LIMIT],
                params=params,
                choices=[list(choice) for choice in kind.describe(params)],
                choice_hash=choice_hash(kind.name, params),
                relative=dict(relative or {}),
                idempotency_key=key,
                requested_by_id=person,
                request_id=request_id,
                notify=notify,
                again_of_id=again_of.id if again_of else None,
                state=State.QUEUED,
                queue=kind.queue,
                priority=kind.priority,
                max_attempts=kind.max_attempts,
                created_at=clock(),
            )
            session.add(job)
            session.flush()
            audit.record("job.start", by=by, job=job, address=address)
            if again_of is not None:
                dead_letters.settle(session, again_of, by=by, new=job)
            if follower is not None and follower.id != person:
                _follow(session, job, follower, tell_follower, by, address)
    except IntegrityError:
        found = by_key(key)
        if found is None:
            raise
        return Started(found, created=False)
    hints.wake(job.queue, wait=current_app.config["HINT_WAIT_MS"] / 1000)
    tell_of(job)
    return Started(job, created=True)


def by_key(key: str) -> Job | None:
    """Give the job that was started with the idempotency *key*, or None."""
    return db.session.scalars(select(Job).where(Job.idempotency_key == key)).one_or_none()


def join(job: Job, *, by: User, notify: bool = False, address: str | None = None) -> None:
    """Let *by* follow *job*: they see it, its files, and hear of its end."""
    if job.requested_by_id == by.id:
        return
    with transaction() as session:
        # Locked: a worker may be about to raise the version as well.
        session.refresh(job, with_for_update={"of": Job})
        if job.requested_by_id == by.id:
            return  # It was handed to them meanwhile: nobody follows their own.
        if session.get(Follower, (job.id, by.id)) is None:
            _follow(session, job, by, notify, by, address)
        job.version += 1
    tell_of(job)


def _follow(
    session: Session, job: Job, person: User, notify: bool, actor: User, address: str | None
) -> None:
    """Let *person* follow *job*, which *actor* has done, inside the caller's transaction."""
    session.add(Follower.of(job, person.id, notify=notify))
    detail = {"user": person.id} if actor.id != person.id else {}
    audit.record("job.join", by=actor, job=job, address=address, detail=detail)


def has_room(person: int) -> bool:
    """Whether one more unfinished job may be the person's."""
    limit = current_app.config["MAX_ACTIVE_JOBS"]
    active = select(Job.serial).where(Job.requested_by_id == person, Job.state.in_(ACTIVE))
    counted = select(func.count()).select_from(active.limit(limit).subquery())
    return bool(db.session.execute(counted).scalar_one() < limit)


def _check_limit(person: int, queue: str) -> None:
    if not has_room(person):
        raise TooManyJobs(current_app.config["MAX_ACTIVE_JOBS"], pace.seconds_to_next_end(queue))
