"""What a service asks before it tells anything; the desk itself never calls its address."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.kinds.mailings.hooks.event import Subscription
from dashboard.models import AuditEntry, clock, transaction

ACTION: Final = "hook.subscribe"
OPEN: Final = timedelta(days=3)  # as long as Amazon SNS knows the address
SHOWN: Final = 5


def note_subscription(subscription: Subscription, *, caller: str | None = None) -> None:
    """Keep what was asked, for an administrator."""
    with transaction():
        audit.record(ACTION, by=None, address=caller, detail=subscription._asdict())


def open_subscriptions() -> list[Subscription]:
    """Give what was asked in the last days, the newest of each topic."""
    query = select(AuditEntry.detail).where(
        AuditEntry.at > clock() - OPEN, AuditEntry.action == ACTION
    )
    rows = db.session.scalars(query.order_by(AuditEntry.id.desc()))
    found: dict[str, Subscription] = {}
    for detail in rows:
        found.setdefault(detail["topic"], Subscription(**detail))
    return list(found.values())[:SHOWN]
