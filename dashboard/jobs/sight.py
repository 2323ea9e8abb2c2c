"""Which jobs a person may see, and which they may change."""

from sqlalchemy import ColumnElement, false, or_, select

from dashboard.models import Follower, Job, User


def seen_by(user: User) -> ColumnElement[bool]:
    """Give the condition on jobs that *user* may see: own, joined, or all for administrators."""
    if user.is_admin:
        return Job.serial > 0
    joined = select(Follower.job_id).where(Follower.user_id == user.id)
    return or_(Job.requested_by_id == user.id, Job.id.in_(joined))


def changeable_by(user: User) -> ColumnElement[bool]:
    """Give the condition on jobs that *user* may change (of one: web.access.may_change)."""
    if not user.may_start:
        return false()
    return Job.serial > 0 if user.is_admin else Job.requested_by_id == user.id
