"""Why a job waits, how many wait before it, and how long that usually takes."""

from collections.abc import Mapping
from dataclasses import replace
from statistics import median

from flask_login import current_user
from sqlalchemy import func, select

from dashboard.extensions import db
from dashboard.jobs import Fact, find
from dashboard.jobs.place import place_of
from dashboard.models import Attempt, Job, Outcome, Part, Process, Queue, Role, State, User, clock
from dashboard.web.health import HEARD_WITHIN
from dashboard.web.hub import as_told
from dashboard.words import gettext as _, ngettext, told

NAMED = 2  # administrators; more of them help nobody to decide whom to ask
# Jobs that began of late: as many as say what is usual, among as many as are looked at for them.
STARTS = 20
LOOKED_AT = 200
LEAST = 3  # starts; fewer are no custom


def with_line(job: Job, fact: Fact) -> Fact:
    """Add the place in line of a queued job, why it waits, and the usual wait where it may start.

    And how far a running one has come. Nothing of that is in the job's own row: it is looked at
    for each page.
    """
    if job.state == State.WAITING:
        return replace(fact, reason=put_off_for(job))
    if job.state != State.QUEUED:
        return as_told(fact)
    workers = workers_of(job.queue)
    stuck = _stuck(job, workers)
    return replace(
        fact,
        place=place_of(job),
        reason=stuck or _busy(workers),
        stuck=stuck is not None,
        usual_wait=None if stuck else usual_wait(job.queue),
    )


def put_off_for(job: Job) -> str | None:
    """Say why a job that waits has put its own work off; None where it has not."""
    query = select(Attempt.outcome, Attempt.cause).where(Attempt.job_id == job.id)
    last = db.session.execute(query.order_by(Attempt.fence.desc()).limit(1)).first()
    return told(last.cause) if last is not None and last.outcome == Outcome.PUT_OFF else None


def usual_wait(queue: str) -> float | None:
    """Give the median seconds that the last jobs of *queue* waited; None where too few did.

    A job that was tried twice did not wait in line all that time, so it says nothing.
    """
    newest = (
        select(Job.queue, Job.created_at, Job.started_at, Job.attempts_used)
        .where(Job.finished_at.is_not(None))
        .order_by(Job.finished_at.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    query = select(newest.c.created_at, newest.c.started_at).where(
        newest.c.queue == queue, newest.c.started_at.is_not(None), newest.c.attempts_used == 1
    )
    waits = [
        max(0.0, (row.started_at - row.created_at).total_seconds())
        for row in db.session.execute(query.limit(STARTS))
    ]
    return median(waits) if len(waits) >= LEAST else None


def _stuck(job: Job, workers: Mapping[str, int]) -> str | None:
    """Say what keeps the job from starting until somebody does something, or None."""
    if find(job.kind) is None:
        return _(
            "The workers do not know this kind of job any more: it was renamed or removed. "
            "Cancel the job, or ask %(administrators)s to bring it back.",
            administrators=_administrators(),
        )
    if (by := paused_by(job.queue)) is not None:
        return _(
            "%(name)s has paused the queue %(queue)s. The job starts by itself once it flows.",
            name=by,
            queue=told(job.queue),
        )
    if not workers:
        return _(
            "No worker takes %(queue)s: ask %(administrators)s. "
            "The job starts by itself once one is back.",
            queue=told(job.queue),
            administrators=_administrators(),
        )
    return None


def _busy(workers: Mapping[str, int]) -> str:
    """Say what a job waits for that starts by itself."""
    if any_free(workers):
        return _("A worker is free, so the job starts in a moment.")
    return ngettext(
        "The worker is busy. The job starts by itself as soon as it is free.",
        "All %(num)s places of the workers are busy. "
        "The job starts by itself as soon as one is free.",
        sum(workers.values()),
    )


def any_free(workers: Mapping[str, int]) -> bool:
    """Whether one of the *workers* has a place where nothing runs."""
    working = select(func.count()).where(Job.state == State.RUNNING, Job.worker.in_(workers))
    return bool(db.session.execute(working).scalar_one() < sum(workers.values()))


def workers_of(queue: str) -> dict[str, int]:
    """Give the workers that answer and take jobs of *queue*, and the places of each."""
    query = select(Process.name, Process.queues, Process.slots).where(
        Process.part == Part.WORKER,
        Process.stopped_at.is_(None),
        Process.heard_at > clock() - HEARD_WITHIN,
    )
    return {row.name: row.slots for row in db.session.execute(query) if queue in row.queues}


def paused_by(queue: str) -> str | None:
    """Give who has paused *queue*, or None while it flows."""
    query = (
        select(User.name)
        .select_from(Queue)
        .outerjoin(User, User.id == Queue.paused_by_id)
        .where(Queue.name == queue, Queue.paused_at.is_not(None))
    )
    row = db.session.execute(query).first()
    return None if row is None else row.name or _("An administrator")


def _administrators() -> str:
    """Say whom to ask: “Mara Keller or Tom Fischer”, “Ada, Bo or another administrator”.

    They are administrators who may sign in, and never whoever reads it.
    """
    query = select(User.name).where(
        User.role == Role.ADMIN, User.active, User.id != current_user.id
    )
    # One more than are named.
    found = db.session.scalars(query.order_by(User.name, User.id).limit(NAMED + 1)).all()
    match found:
        case [] if current_user.is_admin:
            return _("the person who runs the servers")
        case []:
            return _("an administrator")
        case [name]:
            return name
        case [one, other]:
            return _("%(one)s or %(other)s", one=one, other=other)
    one, other, *_others = found
    return _("%(one)s, %(other)s or another administrator", one=one, other=other)
