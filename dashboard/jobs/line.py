"""The line of a queue: which job is next.

Jobs go by priority, interrupted ones before others, then in turn between people (whoever was
served longest ago, or never, comes first), then the oldest first. place.py says the same of one
job.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Select,
    String,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from dashboard.extensions import db
from dashboard.jobs.kind import find, kinds
from dashboard.models import Job, Queue, State, User, clock

# Written out in the statement: a database uses a partial index only where it can read the value.
QUEUED = bindparam("queued", State.QUEUED.value, String, literal_execute=True)
OF_QUEUE = bindparam("of_queue", type_=String)
KNOWN: BindParameter[str] = bindparam("known", type_=String, expanding=True)
NEW_KINDS = 20  # that are looked for at once


def is_due(job: Any) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions on a *job* that waits to be taken by any process."""
    return (
        job.state == QUEUED,
        job.queue == OF_QUEUE,
        or_(job.due_at.is_(None), job.due_at <= bindparam("now")),
    )


def claimable(job: Any) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions on a *job* that this process could take; their values: given().

    Kinds that it does not know are left to workers that do.
    """
    return (*is_due(job), job.kind.in_(KNOWN))


def given(queue: str, now: datetime) -> dict[str, Any]:
    """Give the values of the statements below."""
    return {"of_queue": queue, "now": now, "known": list(kinds())}


def _people() -> CTE:
    """Give the people who have a queued job of the queue, by one step in the index for each.

    The last row is null. (To ask for distinct people would read all queued jobs.)
    """
    in_line = Job.state == QUEUED, Job.queue == OF_QUEUE
    first = select(func.min(Job.requested_by_id).label("person")).where(*in_line)
    found = first.cte("people", recursive=True)
    following = (
        select(func.min(Job.requested_by_id))
        .where(*in_line, Job.requested_by_id > found.c.person)
        .correlate(found)
        .scalar_subquery()
    )
    return found.union_all(select(following).where(found.c.person.is_not(None)))


def _next() -> Select[Job]:
    """Look at the first job of each person who waits, however many there are."""
    people = _people()
    own = aliased(Job)
    first = (
        select(own.serial)
        .where(*claimable(own), own.requested_by_id == people.c.person)
        .order_by(own.priority, own.taken_back.desc(), own.serial)
        .limit(1)
        .correlate(people)
        .scalar_subquery()
    )
    return (
        select(Job)
        .select_from(people)
        .join(Job, Job.serial == first)
        .join(User, User.id == Job.requested_by_id)
        .where(*claimable(Job), ~PAUSED)
        .order_by(
            Job.priority, Job.taken_back.desc(), User.served_at.asc().nulls_first(), Job.serial
        )
        .limit(1)
        .with_for_update(of=Job, skip_locked=True)
    )


def _oldest(what: Any) -> Select[Any]:
    """Look at all jobs, whoever's they are; the order is that of an index."""
    return (
        select(what)
        .where(*claimable(Job), ~PAUSED)
        .order_by(Job.priority, Job.taken_back.desc(), Job.serial)
        .limit(1)
    )


# Made once: to put them together takes longer than a database needs to answer.
PAUSED = select(Queue.name).where(Queue.name == OF_QUEUE, Queue.paused_at.is_not(None)).exists()
NEXT = _next()
ANY = _oldest(Job).with_for_update(of=Job, skip_locked=True)
WORK = _oldest(Job.serial)
NEW = (
    select(Job.kind)
    .where(*is_due(Job), Job.kind.not_in(KNOWN), ~PAUSED)
    .distinct()
    .limit(NEW_KINDS)
)
PEOPLE = select(func.count(_people().c.person))
QUEUES = select(Job.queue).where(Job.state == QUEUED).distinct()


def next_job(session: Session, queue: str, now: datetime) -> Job | None:
    """Give the job of *queue* that is next at *now*, locked for the caller's transaction."""
    values = given(queue, now)
    found = _first(session, values)
    if found is None and _learns(values):
        found = _first(session, given(queue, now))
    return found


def _first(session: Session, values: dict[str, Any]) -> Job | None:
    # On PostgreSQL other workers may be about to take the first job of each person.
    return session.scalars(NEXT, values).first() or session.scalars(ANY, values).first()


def _learns(values: dict[str, Any]) -> bool:
    """Whether a due job is of a kind that was not known a moment ago and is there after all."""
    return any(find(kind) is not None for kind in db.session.scalars(NEW, values).all())


def has_work(queue: str) -> bool:
    """Whether a job of *queue* could be taken."""
    values = given(queue, clock())
    return db.session.execute(WORK, values).first() is not None or _learns(values)


def queues_with_work() -> list[str]:
    """Give the queues that a job could be taken of."""
    return [queue for queue in db.session.scalars(QUEUES).all() if has_work(queue)]


def people_waiting(queue: str) -> int:
    """Give how many people have a job in the line of *queue*."""
    counted: int = db.session.execute(PEOPLE, {"of_queue": queue}).scalar_one()
    return counted
