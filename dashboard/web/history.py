"""The history: jobs that match, a page at a time, each with a constant number of queries."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, and_, func, or_, select

from dashboard.extensions import db
from dashboard.jobs import Fact, facts_of, families
from dashboard.jobs.sight import seen_by
from dashboard.models import Job, State, User
from dashboard.web.lists import HISTORY_ROWS, newest_jobs

PAGE = HISTORY_ROWS
COUNT_LIMIT = 10_000  # Counting further costs more than the number is worth.
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


def search(user: User, filters: Filters, *, before: int | None, after: int | None) -> Page:
    """Give a page of the jobs that match, by keyset on the serial number."""
    conditions = _conditions(user, filters)
    if after is not None:
        query = select(Job).where(*conditions, Job.serial > after).order_by(Job.serial)
        rows = list(reversed(list(db.session.scalars(query.limit(PAGE)))))
    else:
        place = [Job.serial < before] if before is not None else []
        rows = newest_jobs(*conditions, *place, limit=PAGE)
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
