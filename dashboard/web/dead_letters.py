"""What needs attention, as a person sees it: each with a constant number of queries."""

import uuid
from collections.abc import Collection
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, not_, select, true

from dashboard.extensions import db
from dashboard.jobs import Fact, facts_of
from dashboard.jobs.search import counted
from dashboard.jobs.sight import changeable_by
from dashboard.models import DeadLetter, Follower, Job, User
from dashboard.web.history import PAGE, Page
from dashboard.web.keyset import By, cut, nearest_by
from dashboard.web.lists import jobs_of

COUNTED = 100  # The sign in the navigation says “99+” from here on.


def _counting(*conditions: ColumnElement[bool]) -> Select[int]:
    """Give the query for how many letters are open, as far as the navigation tells."""
    is_open = DeadLetter.dismissed_at.is_(None)
    some = select(DeadLetter.job_id).where(is_open, *conditions).limit(COUNTED)
    return select(func.count()).select_from(some.subquery())


# Made once, for every page asks one of them.
OPEN = _counting()
OPEN_OF_MINE = _counting(DeadLetter.requested_by_id == bindparam("me"))


def count(user: User) -> int:
    """Give how many jobs need the attention of *user*, who may do something about them."""
    if not user.may_start:
        return 0
    query = OPEN if user.is_admin else OPEN_OF_MINE
    counted: int = db.session.execute(query, {"me": user.id}).scalar_one()
    return counted


def search(user: User, *, dismissed: bool, before: int | None, after: int | None) -> Page:
    """Give a page of what needs attention, or of what was *dismissed*, newest first.

    *before* and *after* are the serial numbers of the jobs at the edges of the page before.
    """
    moment: Any = DeadLetter.dismissed_at if dismissed else DeadLetter.since
    state = DeadLetter.dismissed_at.is_not(None) if dismissed else _is_open()
    ways = _ways_to_see(user)
    parts = [_letters(moment, Job.serial).where(state, way) for way in ways]
    part = cut(
        partial(nearest_by, parts, moment),
        PAGE,
        before=_edge(before, moment),
        after=_edge(after, moment),
    )
    total = counted([select(DeadLetter.job_id).where(state, way) for way in ways])
    return Page(_facts(part.serials), total, part.newer, part.older)


def changeable(user: User, job_ids: Collection[uuid.UUID]) -> list[Fact]:
    """Give those of the jobs that *user* may change and that ever needed attention."""
    query = _letters(Job).where(Job.id.in_(job_ids), changeable_by(user))
    rows = db.session.scalars(query.order_by(DeadLetter.since.desc()))
    return facts_of(list(rows), detail=False, tries=True)


def _ways_to_see(user: User) -> list[ColumnElement[bool]]:
    """Give conditions of which a letter that *user* may see fits exactly one."""
    if user.is_admin:
        return [true()]
    joined = select(Follower.job_id).where(Follower.user_id == user.id)
    is_own = DeadLetter.requested_by_id == user.id
    return [is_own, and_(not_(is_own), DeadLetter.job_id.in_(joined))]


def _is_open() -> ColumnElement[bool]:
    return DeadLetter.dismissed_at.is_(None)


def _letters(*what: Any) -> Select[Any]:
    return select(*what).join_from(DeadLetter, Job, DeadLetter.job_id == Job.id)


def _edge(serial: int | None, moment: Any) -> By | None:
    """Give the place of a job in the list, or None where it has none."""
    if serial is None:
        return None
    at = db.session.execute(_letters(moment).where(Job.serial == serial)).scalar_one_or_none()
    return (at, serial) if at is not None else None


def _facts(serials: list[int]) -> list[Fact]:
    by_serial = {job.serial: job for job in jobs_of(serials)}
    return facts_of([by_serial[serial] for serial in serials], detail=False, tries=True)
