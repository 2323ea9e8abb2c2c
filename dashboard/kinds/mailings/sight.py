"""Who may see which mailing, and send from which address."""

from sqlalchemy import ColumnElement, false, or_, select, true

from dashboard.extensions import db
from dashboard.models import Mailing, Sender, User


def visible_to(person: User) -> ColumnElement[bool]:
    """Give the condition under which a mailing may be seen by *person*.

    By whoever made it, by administrators, and by all who may send from its address.
    """
    if person.is_admin:
        return Mailing.is_single == false()
    theirs = [sender.id for sender in senders_for(person, retired=True)]
    return (Mailing.is_single == false()) & or_(
        Mailing.made_by_id == person.id, Mailing.sender_id.in_(theirs) if theirs else false()
    )


def find_mailing(mailing_id: int, person: User) -> Mailing | None:
    """Give the mailing, None where there is none that *person* may see."""
    query = select(Mailing).where(Mailing.id == mailing_id, visible_to(person))
    return db.session.scalars(query).one_or_none()


def senders_for(person: User, *, retired: bool = False) -> list[Sender]:
    """Give the addresses that *person* may send from, by their names; *retired* ones on demand."""
    query = select(Sender).order_by(Sender.name, Sender.id)
    query = query.where(true() if retired else Sender.retired_at.is_(None))
    return [
        sender
        for sender in db.session.scalars(query)
        if person.is_admin or person.role in sender.roles
    ]
