"""What lists show: each a constant number of queries."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from dashboard.extensions import db
from dashboard.jobs import Fact, facts_of
from dashboard.jobs.sight import seen_by
from dashboard.models import ACTIVE, Artifact, Follower, Job, State, User

RUNNING_ON_HOME = 5
HISTORY_ROWS = 25
FILES_ON_HOME = 5
FILES_PAGE = 50
CONCERNING = 500  # Nobody has more unfinished jobs than this on a desk with the usual limit.


def mine(user_id: int) -> ColumnElement[bool]:
    """Give the condition on jobs that a person started or joined."""
    joined = select(Follower.job_id).where(Follower.user_id == user_id)
    return or_(Job.requested_by_id == user_id, Job.id.in_(joined))


def active_facts(user_id: int, limit: int) -> list[Fact]:
    """Give the unfinished jobs that a person started or joined, newest first."""
    return facts_of(newest_jobs(mine(user_id), Job.state.in_(ACTIVE), limit=limit), detail=False)


def active_count(user_id: int) -> int:
    """Give how many unfinished jobs a person started or joined."""
    query = select(func.count()).where(mine(user_id), Job.state.in_(ACTIVE))
    return db.session.execute(query).scalar_one()


def concerning(user_id: int, *, since: datetime, also: Collection[uuid.UUID] = ()) -> list[Fact]:
    """Give the person's jobs that are unfinished, ended after *since*, or are in *also*."""
    told = or_(Job.state.in_(ACTIVE), Job.finished_at > since, Job.id.in_(also))
    # Few jobs are told of, while a person may have many: these are looked for first.
    few = Job.serial.in_(select(Job.serial).where(told).correlate(None))
    return facts_of(newest_jobs(few, mine(user_id), limit=CONCERNING), detail=False)


def newest(user: User) -> list[Fact]:
    """Give the jobs at the top of the person's history."""
    return facts_of(newest_jobs(seen_by(user), limit=HISTORY_ROWS), detail=False)


def unopened_failures(user: User) -> list[Fact]:
    """Give the person's failed jobs that they have not looked at yet."""
    conditions = Job.requested_by_id == user.id, Job.state == State.FAILED, Job.seen_at.is_(None)
    return facts_of(newest_jobs(*conditions, limit=RUNNING_ON_HOME), detail=False)


def files(user: User, *, limit: int, before: datetime | None = None) -> list[tuple[Artifact, Job]]:
    """Give files that the person may download, newest first."""
    conditions = [seen_by(user)]
    if before is not None:
        conditions.append(Artifact.created_at < before)
    query = (
        select(Artifact, Job)
        .join(Job, Job.id == Artifact.job_id)
        .where(*conditions)
        .order_by(Artifact.created_at.desc(), Artifact.position)
        .limit(limit)
    )
    return [(artifact, job) for artifact, job in db.session.execute(query)]


def ready_files(user: User) -> list[tuple[Artifact, Job]]:
    """Give the newest files that are still there."""
    query = (
        select(Artifact, Job)
        .join(Job, Job.id == Artifact.job_id)
        .where(seen_by(user), Artifact.deleted_at.is_(None), Artifact.damaged_at.is_(None))
        .order_by(Artifact.created_at.desc(), Artifact.position)
        .limit(FILES_ON_HOME)
    )
    return [(artifact, job) for artifact, job in db.session.execute(query)]


def last_runs(user: User, kind: str, limit: int = 3) -> list[Fact]:
    """Give the person's last finished jobs of a kind."""
    conditions = (
        Job.requested_by_id == user.id,
        Job.kind == kind,
        Job.state == State.SUCCEEDED,
    )
    return facts_of(newest_jobs(*conditions, limit=limit), detail=False)


def usual(kind: str) -> tuple[float | None, int | None]:
    """Give the median seconds and rows of a kind's last 20 finished jobs, None without any."""
    query = (
        select(Job.started_at, Job.finished_at, Job.result["rows"].as_integer())
        .where(Job.kind == kind, Job.state == State.SUCCEEDED)
        .order_by(Job.serial.desc())
        .limit(20)
    )
    runs = db.session.execute(query).all()
    seconds = sorted((finished - started).total_seconds() for started, finished, _ in runs)
    counts = sorted(rows for _, _, rows in runs if rows is not None)
    middle = len(seconds) // 2
    return (
        seconds[middle] if seconds else None,
        counts[len(counts) // 2] if counts else None,
    )


def newest_jobs(*conditions: ColumnElement[bool], limit: int) -> list[Job]:
    """Give the newest jobs that match; their numbers are looked for first, for rows are wide."""
    serials = select(Job.serial).where(*conditions).order_by(Job.serial.desc()).limit(limit)
    query = select(Job).where(Job.serial.in_(serials.correlate(None)))
    return list(db.session.scalars(query.order_by(Job.serial.desc())))
