"""What lists show: each a constant number of queries."""

import uuid
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select, union

from dashboard.extensions import db
from dashboard.jobs import Fact, facts_of
from dashboard.jobs.has_file import has_file
from dashboard.jobs.sight import ways_to_mine, ways_to_see
from dashboard.models import ACTIVE, HAS_ENDED, Artifact, Follower, Job, State, User
from dashboard.web.hub import as_told

RUNNING_ON_HOME = 5
FAILED_ON_HOME = 3  # More of them would push what runs off the screen.
HISTORY_ROWS = 25
FILES_ON_HOME = 5
CONCERNING = 500  # Nobody has more unfinished jobs than this on a desk with the usual limit.


def _counting_active() -> Select[int]:
    """Give the query for how many unfinished jobs the person *me* started or joined."""
    me = bindparam("me", type_=User.id.type)
    is_active = Job.state.in_(ACTIVE)
    own = select(func.count()).where(Job.requested_by_id == me, is_active)
    followed = select(Follower.serial).where(Follower.user_id == me)
    # Looked for among the few that are under way, and not these among the many that are followed.
    joined = select(func.count()).where(is_active, (Job.serial + 0).in_(followed))
    return select(own.scalar_subquery() + joined.scalar_subquery())


ACTIVE_COUNT = _counting_active()  # Made once, for every page asks it.


def active_facts(user_id: int, limit: int) -> list[Fact]:
    """Give the unfinished jobs that a person started or joined, newest first."""
    is_active = Job.state.in_(ACTIVE)
    return _newest([_serials(way, is_active) for way in ways_to_mine(user_id)], limit)


def active_count(user_id: int) -> int:
    """Give how many unfinished jobs a person started or joined."""
    counted: int = db.session.execute(ACTIVE_COUNT, {"me": user_id}).scalar_one()
    return counted


def concerning(user_id: int, *, since: datetime, also: Collection[uuid.UUID] = ()) -> list[Fact]:
    """Give the person's jobs that are unfinished, ended after *since*, or are in *also*."""
    told = [Job.state.in_(ACTIVE), Job.finished_at > since, *([Job.id.in_(also)] if also else [])]
    parts = [_serials(way, news) for way in ways_to_mine(user_id) for news in told]
    return _newest(parts, CONCERNING)


def ended(user_id: int, *, since: datetime) -> list[Fact]:
    """Give the person's jobs that have ended after *since*, newest first."""
    has_ended = Job.finished_at > since
    return _newest([_serials(way, has_ended) for way in ways_to_mine(user_id)], CONCERNING)


def newest(user: User) -> list[Fact]:
    """Give the jobs at the top of the person's history."""
    by_number = Job.serial.desc()
    ways = [_serials(way).order_by(by_number).limit(HISTORY_ROWS) for way in ways_to_see(user)]
    return _newest(ways, HISTORY_ROWS)


def unopened_failures(user: User) -> list[Fact]:
    """Give the person's failed jobs that they have not looked at yet, one more than home shows."""
    conditions = (
        Job.requested_by_id == user.id,
        Job.state == State.FAILED,
        Job.seen_at.is_(None),
        HAS_ENDED,
    )
    return facts_of(newest_jobs(*conditions, limit=FAILED_ON_HOME + 1), detail=False)


def ready_files(user: User) -> list[tuple[Artifact, Job]]:
    """Give the newest files of jobs that the person started or joined, where they are there."""
    is_ready = and_(Artifact.deleted_at.is_(None), Artifact.damaged_at.is_(None))
    jobs = _with_ready_files(user.id, is_ready)
    query = select(Artifact, Job).join(Job, Job.id == Artifact.job_id)
    rows = db.session.execute(query.where(Artifact.job_id.in_(jobs)))
    # Told apart and sorted here, where it cannot lead a database to other indexes.
    found = [(file, job) for file, job in rows if file.is_ready]
    return sorted(found, key=_by_end, reverse=True)[:FILES_ON_HOME]


def last_runs(user: User, kind: str, limit: int = 3) -> list[Fact]:
    """Give the person's last finished jobs of a kind."""
    conditions = (
        Job.requested_by_id == user.id,
        Job.kind == kind,
        Job.state == State.SUCCEEDED,
    )
    return facts_of(newest_jobs(*conditions, limit=limit), detail=False)


def newest_jobs(*conditions: ColumnElement[bool], limit: int) -> list[Job]:
    """Give the newest jobs that match; their numbers are looked for first, for rows are wide."""
    serials = select(Job.serial).where(*conditions).order_by(Job.serial.desc()).limit(limit)
    query = select(Job).where(Job.serial.in_(serials.correlate(None)))
    return list(db.session.scalars(query.order_by(Job.serial.desc())))


def jobs_of(serials: Sequence[int]) -> list[Job]:
    """Give the jobs of these numbers, newest first."""
    query = select(Job).where(Job.serial.in_(serials)).order_by(Job.serial.desc())
    return list(db.session.scalars(query))


def _serials(*conditions: ColumnElement[bool]) -> Select[int]:
    return select(Job.serial).where(*conditions)


def _newest(parts: Sequence[Select[int]], limit: int) -> list[Fact]:
    """Give the newest jobs of all *parts*.

    Each part is a way of its own: an index leads along one of them, not along all at once.
    """
    each = union(*(select(part.subquery()) for part in parts)).subquery()
    serials = select(each.c.serial).order_by(each.c.serial.desc()).limit(limit)
    facts = facts_of(jobs_of(db.session.scalars(serials).all()), detail=False)
    return [as_told(fact) for fact in facts]


def _by_end(found: tuple[Artifact, Job]) -> tuple[datetime, int, int]:
    file, job = found
    return file.created_at, job.serial, -file.position


def _with_ready_files(user_id: int, is_ready: ColumnElement[bool]) -> list[uuid.UUID]:
    """Give a person's newest jobs with a file that is still there."""
    first = datetime.now(UTC) - timedelta(days=current_app.config["KEEP_JOBS_DAYS"])
    newest = (
        select(Job.id)
        .where(Job.finished_at > first, has_file(is_ready))
        .order_by(Job.finished_at.desc(), Job.serial.desc())
        .limit(FILES_ON_HOME)
    )
    return [job for way in ways_to_mine(user_id) for job in db.session.scalars(newest.where(way))]
