"""What needs attention, as a person sees it: each with a constant number of queries."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from dashboard.extensions import db
from dashboard.jobs import Fact, facts_of
from dashboard.jobs.sight import changeable_by, seen_by
from dashboard.models import DeadLetter, Job, State, User
from dashboard.web.history import COUNT_LIMIT, PAGE, Page

COUNTED = 100  # The sign in the navigation says “99+” from here on.


def count(user: User) -> int:
    """Give how many jobs need the attention of *user*, who may do something about them."""
    return _count([_is_open(), changeable_by(user)], COUNTED)


def search(user: User, *, dismissed: bool, before: int | None, after: int | None) -> Page:
    """Give a page of what needs attention, or of what was *dismissed*, newest first.

    *before* and *after* are the serial numbers of the jobs at the edges of the page before.
    """
    moment: Any = DeadLetter.dismissed_at if dismissed else DeadLetter.since
    conditions = [~_is_open() if dismissed else _is_open(), seen_by(user)]
    query = _jobs(*conditions)
    if after is not None and (at := _moment_of(after, moment)) is not None:
        query = query.where(_is_newer(moment, at, after)).order_by(moment, Job.serial)
        rows = list(reversed(list(db.session.scalars(query.limit(PAGE)))))
    else:
        if before is not None and (at := _moment_of(before, moment)) is not None:
            query = query.where(~_is_newer(moment, at, before), Job.serial != before)
        query = query.order_by(moment.desc(), Job.serial.desc())
        rows = list(db.session.scalars(query.limit(PAGE)))
    total = _count(conditions, COUNT_LIMIT)
    if not rows:
        return Page([], total, None, None)
    first, last = rows[0].serial, rows[-1].serial
    newer = _is_newer(moment, _moment_of(first, moment), first)
    older = and_(~_is_newer(moment, _moment_of(last, moment), last), Job.serial != last)
    return Page(
        items=facts_of(rows, detail=False, tries=True),
        total=total,
        newer=first if _count([*conditions, newer], 1) else None,
        older=last if _count([*conditions, older], 1) else None,
    )


def changeable(user: User, job_ids: Collection[uuid.UUID]) -> list[Fact]:
    """Give those of the jobs that *user* may change and that ever needed attention."""
    query = _jobs(Job.id.in_(job_ids), changeable_by(user)).order_by(DeadLetter.since.desc())
    return facts_of(list(db.session.scalars(query)), detail=False, tries=True)


def _is_open() -> ColumnElement[bool]:
    return DeadLetter.dismissed_at.is_(None)


def _jobs(*conditions: ColumnElement[bool]) -> Select[Job]:
    # The state is always that; naming it lets the index on people and states be used.
    is_failed = Job.state == State.FAILED
    return select(Job).join(DeadLetter, DeadLetter.job_id == Job.id).where(is_failed, *conditions)


def _moment_of(serial: int, moment: Any) -> datetime | None:
    query = _jobs(Job.serial == serial).with_only_columns(moment)
    return db.session.execute(query).scalar_one_or_none()


def _is_newer(moment: Any, at: datetime | None, serial: int) -> ColumnElement[bool]:
    return or_(moment > at, and_(moment == at, Job.serial > serial))


def _count(conditions: list[ColumnElement[bool]], limit: int) -> int:
    some = _jobs(*conditions).with_only_columns(Job.serial).limit(limit).subquery()
    return db.session.execute(select(func.count()).select_from(some)).scalar_one()
