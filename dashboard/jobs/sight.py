"""Which jobs a person may see, and which they may change."""

from typing import Final

from sqlalchemy import ColumnElement, bindparam, false, or_, select, true

from dashboard.extensions import db
from dashboard.models import Follower, Job, User

JOINED_LIMIT: Final = 5_000  # of one person, in lists; nobody keeps an eye on more
# Nobody follows their own. (Made once, for nearly every page asks it.)
JOINED: Final = (
    select(Follower.serial)
    .where(Follower.user_id == bindparam("me"))
    .order_by(Follower.serial.desc())
    .limit(JOINED_LIMIT)
)


def seen_by(user: User) -> ColumnElement[bool]:
    """Give the condition on jobs that *user* may see: own, joined, or all for administrators."""
    if user.is_admin:
        return true()
    joined = select(Follower.job_id).where(Follower.user_id == user.id)
    return or_(Job.requested_by_id == user.id, Job.id.in_(joined))


def ways_to_see(user: User) -> list[ColumnElement[bool]]:
    """Give conditions of which a job that *user* may see fits exactly one.

    A long list follows an index along each of them, which it cannot along all at once.
    """
    return [true()] if user.is_admin else ways_to_mine(user.id)


def ways_to_mine(user_id: int) -> list[ColumnElement[bool]]:
    """Give the same for the jobs that a person started, and those that they joined."""
    return [Job.requested_by_id == user_id, Job.serial.in_(joined_by(user_id))]


def joined_by(user_id: int) -> list[int]:
    """Give the serial numbers of jobs of others that a person joined, newest first.

    They are few: lists look for them first, and not for each job whether it is one of them.
    """
    return list(db.session.scalars(JOINED, {"me": user_id}))


def changeable_by(user: User) -> ColumnElement[bool]:
    """Give the condition on jobs that *user* may change (of one: web.access.may_change)."""
    if not user.may_start:
        return false()
    return true() if user.is_admin else Job.requested_by_id == user.id
