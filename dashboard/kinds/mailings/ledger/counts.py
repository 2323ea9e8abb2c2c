"""How many deliveries of a mailing there are of each fate, and whether any of them has left."""

from datetime import datetime

from sqlalchemy import func, select

from dashboard.extensions import db
from dashboard.mail.mishaps import KEPT
from dashboard.models import Delivery, Fate


def counts(mailing_id: int) -> dict[Fate, int]:
    """Give the number of deliveries of every fate."""
    query = (
        select(Delivery.state, func.count().label("number"))
        .where(Delivery.mailing_id == mailing_id)
        .group_by(Delivery.state)
    )
    found: dict[str, int] = {row.state: row.number for row in db.session.execute(query)}
    return {fate: found.get(fate, 0) for fate in Fate}


def is_kept(mailing_id: int) -> bool:
    """Whether the newest e-mail that was sent lies in the outbox; False before the first one."""
    query = select(Delivery.words).where(
        Delivery.mailing_id == mailing_id, Delivery.state == Fate.SENT
    )
    return db.session.scalar(query.order_by(Delivery.id.desc()).limit(1)) == KEPT


def next_due(mailing_id: int) -> datetime | None:
    """Give when the next one that was refused for now is tried again; None without any."""
    query = select(func.min(Delivery.due_at)).where(
        Delivery.mailing_id == mailing_id, Delivery.state == Fate.DEFERRED
    )
    return db.session.scalar(query)
