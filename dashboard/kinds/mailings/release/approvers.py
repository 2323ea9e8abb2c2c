"""Who may approve a mailing: whoever may send from its sender, but for the person who asks."""

from sqlalchemy import or_, select

from dashboard.extensions import db
from dashboard.models import Mailing, Role, User


def approvers(mailing: Mailing, asker_id: int | None) -> list[User]:
    """Give the people, administrators first; viewers may approve nothing."""
    roles = set(mailing.sender.roles if mailing.sender else ()) - {Role.VIEWER}
    query = select(User).where(
        User.active,
        or_(User.role == Role.ADMIN, User.role.in_(roles)),
        User.id != (asker_id or 0),
    )
    found = db.session.scalars(query.order_by(User.name, User.id))
    return sorted(found, key=lambda person: not person.is_admin)


def may_approve(mailing: Mailing, person: User) -> bool:
    """Say whether *person* may approve or decline *mailing*, as far as roles go."""
    sender = mailing.sender
    if not person.may_start or person.id == mailing.asked_by_id:
        return False
    return person.is_admin or (sender is not None and person.role in sender.roles)
