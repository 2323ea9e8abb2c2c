"""What lists show: each a constant number of queries."""

import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from dashboard.extensions import db
from dashboard.jobs import Fact, facts_of, families
from dashboard.models import ACTIVE, Artifact, Follower, Job, State, User
from dashboard.web.access import seen_by

RUNNING_ON_HOME = 5
FILES_ON_HOME = 5
HISTORY_PAGE = 25
FILES_PAGE = 50
COUNT_LIMIT = 10_000  # Counting further costs more than the number is worth.
CONCERNING = 500  # Nobody has more unfinished jobs than this on a desk with the usual limit.
NUMBER = re.compile(r"[0-9]{1,9}")  # Longer ones do not fit the ledger's integers.

STATE_FILTERS = {
    "waiting": ("Waiting", (State.WAITING, State.QUEUED)),
    "running": ("Running", (State.RUNNING,)),
    "succeeded": ("Finished", (State.SUCCEEDED,)),
    "failed": ("Failed", (State.FAILED,)),
    "cancelled": ("Cancelled", (State.CANCELLED,)),
}
PERIODS = {"1": "Today", "7": "7 days", "30": "30 days", "90": "90 days"}


@dataclass(frozen=True)
class Filters:
    """What the history's filters ask for; empty strings ask for all.

    *state* is a word of pages (“waiting” is queued as well), or with *exact* one of the ledger.
    """

    q: str = ""
    kind: str = ""
    state: str = ""
    person: str = ""
    period: str = ""
    exact: bool = False

    @property
    def any(self) -> bool:
        """Whether anything is filtered at all."""
        return bool(self.q or self.kind or self.state or self.person or self.period)


@dataclass(frozen=True)
class Page:
    """A page of facts, newest first; *newer* and *older* are keyset cursors or None."""

    items: list[Fact]
    total: int
    newer: int | None
    older: int | None

    @property
    def more(self) -> bool:
        """Whether the total is only a lower bound."""
        return self.total >= COUNT_LIMIT


def mine(user_id: int) -> ColumnElement[bool]:
    """Give the condition on jobs that a person started or joined."""
    joined = select(Follower.job_id).where(Follower.user_id == user_id)
    return or_(Job.requested_by_id == user_id, Job.id.in_(joined))


def active_facts(user_id: int, limit: int) -> list[Fact]:
    """Give the unfinished jobs that a person started or joined, newest first."""
    return facts_of(_newest(mine(user_id), Job.state.in_(ACTIVE), limit=limit), detail=False)


def active_count(user_id: int) -> int:
    """Give how many unfinished jobs a person started or joined."""
    query = select(func.count()).where(mine(user_id), Job.state.in_(ACTIVE))
    return db.session.execute(query).scalar_one()


def concerning(user_id: int, *, since: datetime, also: Collection[uuid.UUID] = ()) -> list[Fact]:
    """Give the person's jobs that are unfinished, ended after *since*, or are in *also*."""
    told = or_(Job.state.in_(ACTIVE), Job.finished_at > since, Job.id.in_(also))
    # Few jobs are told of, while a person may have many: these are looked for first.
    few = Job.serial.in_(select(Job.serial).where(told).correlate(None))
    return facts_of(_newest(few, mine(user_id), limit=CONCERNING), detail=False)


def newest(user: User) -> list[Fact]:
    """Give the jobs at the top of the person's history."""
    return facts_of(_newest(seen_by(user), limit=HISTORY_PAGE), detail=False)


def unopened_failures(user: User) -> list[Fact]:
    """Give the person's failed jobs that they have not looked at yet."""
    conditions = Job.requested_by_id == user.id, Job.state == State.FAILED, Job.seen_at.is_(None)
    return facts_of(_newest(*conditions, limit=RUNNING_ON_HOME), detail=False)


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
        .where(seen_by(user), Artifact.deleted_at.is_(None))
        .order_by(Artifact.created_at.desc(), Artifact.position)
        .limit(FILES_ON_HOME)
    )
    return [(artifact, job) for artifact, job in db.session.execute(query)]


def history(user: User, filters: Filters, *, before: int | None, after: int | None) -> Page:
    """Give a page of the jobs that match, by keyset on the serial number."""
    conditions = _conditions(user, filters)
    if after is not None:
        query = select(Job).where(*conditions, Job.serial > after).order_by(Job.serial)
        rows = list(reversed(list(db.session.scalars(query.limit(HISTORY_PAGE)))))
    else:
        place = [Job.serial < before] if before is not None else []
        rows = _newest(*conditions, *place, limit=HISTORY_PAGE)
    if not rows:
        return Page([], _count(conditions), None, None)
    newest, oldest = rows[0].serial, rows[-1].serial
    return Page(
        items=facts_of(rows, detail=False),
        total=_count(conditions),
        newer=newest if _exists([*conditions, Job.serial > newest]) else None,
        older=oldest if _exists([*conditions, Job.serial < oldest]) else None,
    )


def cursor(text: str | None) -> int | None:
    """Give the serial number that a page begins at, or None for what is none."""
    return int(text) if text and NUMBER.fullmatch(text) else None


def people(user: User) -> list[tuple[int, str]]:
    """Give the people whose jobs the person may see, for the filter."""
    query = select(User.id, User.name).order_by(User.name)
    if not user.is_admin:
        query = query.where(User.id == user.id)
    return [(row.id, row.name) for row in db.session.execute(query)]


def last_runs(user: User, kind: str, limit: int = 3) -> list[Fact]:
    """Give the person's last finished jobs of a kind."""
    conditions = (
        Job.requested_by_id == user.id,
        Job.kind == kind,
        Job.state == State.SUCCEEDED,
    )
    return facts_of(_newest(*conditions, limit=limit), detail=False)


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


def place_in_line(job: Job) -> tuple[int, int]:
    """Give the place of a queued job and the length of its line, by the order of claims.

    Within a priority people take turns, so a job's rank is first its place among the queued jobs
    of its own person.
    """
    turn = (
        func.row_number()
        .over(partition_by=(Job.priority, Job.requested_by_id), order_by=Job.serial)
        .label("turn")
    )
    line = (
        select(Job.serial, Job.priority, turn, User.served_at)
        .join(User, User.id == Job.requested_by_id)
        .where(Job.state == State.QUEUED, Job.queue == job.queue)
        .subquery()
    )
    never = literal(datetime(1970, 1, 1, tzinfo=UTC))
    served = func.coalesce(line.c.served_at, never)
    place = (
        func.row_number().over(order_by=(line.c.priority, line.c.turn, served, line.c.serial))
    ).label("place")
    ranked = select(line.c.serial, place).subquery()
    mine = select(ranked.c.place).where(ranked.c.serial == job.serial).scalar_subquery()
    length = select(func.count()).select_from(line).scalar_subquery()
    row = db.session.execute(select(mine, length)).one()
    return row[0] or 1, row[1] or 1


def _newest(*conditions: ColumnElement[bool], limit: int) -> list[Job]:
    """Give the newest jobs that match; their numbers are looked for first, for rows are wide."""
    serials = select(Job.serial).where(*conditions).order_by(Job.serial.desc()).limit(limit)
    query = select(Job).where(Job.serial.in_(serials.correlate(None)))
    return list(db.session.scalars(query.order_by(Job.serial.desc())))


def _conditions(user: User, filters: Filters) -> list[ColumnElement[bool]]:
    kept = timedelta(days=current_app.config["KEEP_JOBS_DAYS"])
    period = timedelta(days=int(filters.period)) if filters.period in PERIODS else kept
    conditions = [seen_by(user), Job.created_at >= datetime.now(UTC) - period]
    if filters.q:
        conditions.append(_found(filters.q))
    if filters.kind:
        conditions.append(Job.kind == filters.kind)
    if filters.exact and filters.state:
        conditions.append(Job.state == filters.state)
    elif filters.state in STATE_FILTERS:
        conditions.append(Job.state.in_(STATE_FILTERS[filters.state][1]))
    if NUMBER.fullmatch(filters.person):
        conditions.append(Job.requested_by_id == int(filters.person))
    return conditions


def _found(text: str) -> ColumnElement[bool]:
    """A number like R-4821, or part of a title or of a person's name."""
    prefix, _, serial = text.strip().partition("-")
    known = {family.prefix.lower() for family in families()}
    if NUMBER.fullmatch(serial) and prefix.lower() in known:
        return and_(Job.serial == int(serial), func.lower(Job.prefix) == prefix.lower())
    patterns = [f"%{_escaped(spelling)}%" for spelling in _spellings(text.strip())]
    names = (User.name.ilike(pattern, escape="\\") for pattern in patterns)
    titles = (Job.title.ilike(pattern, escape="\\") for pattern in patterns)
    return or_(*titles, Job.requested_by_id.in_(select(User.id).where(or_(*names))))


def _spellings(text: str) -> set[str]:
    """Give *text* as names may have it: SQLite ignores the case of ASCII letters only."""
    if text.isascii():
        return {text}
    return {text, text.lower(), text.upper(), text.capitalize(), text.title()}


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _count(conditions: list[ColumnElement[bool]]) -> int:
    some = select(Job.serial).where(*conditions).limit(COUNT_LIMIT).subquery()
    return db.session.execute(select(func.count()).select_from(some)).scalar_one()


def _exists(conditions: list[ColumnElement[bool]]) -> bool:
    return db.session.execute(select(Job.serial).where(*conditions).limit(1)).first() is not None
