"""How fast a mailing is sent at present, and how long it still takes, from the marks themselves."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from dashboard.extensions import db
from dashboard.jobs.remaining import Remaining
from dashboard.models import Delivery, Fate

WINDOW: Final = timedelta(minutes=1)
PROBES: Final = (0, *(2**power for power in range(3, 14)))
"""So many e-mails ago it is looked when one left: an index knows, however many there are."""


class Speed(NamedTuple):
    """E-mails a *second*, and whole seconds *left*; None for what cannot be said."""

    second: float | None = None
    left: int | None = None


def speed_of(mailing_id: int, sent: int, total: int, over: int, now: datetime) -> Speed:
    """Give how fast it was in the last minute before *now*; *sent* and *over* of *total* are done.

    A job's own measure counts what earlier attempts at it have sent as well, so it is not asked.
    """
    moments = [(back, at) for back, at in _moments(mailing_id, sent) if at >= now - WINDOW]
    if len(moments) < 2:
        return Speed()
    back, begin = moments[-1]
    seconds = (now - begin).total_seconds()
    if seconds < 1:
        return Speed()
    remaining = Remaining()
    for before, at in reversed(moments):
        remaining.sample((at - begin).total_seconds(), back - before, total - over + back)
    return Speed(back / seconds, remaining.left(seconds, total - over + back))


def _moments(mailing_id: int, sent: int) -> list[tuple[int, datetime]]:
    """Give when the last one left, and the one so many before it; a sender goes by the ids."""
    which = aliased(Delivery)
    probes = [back for back in PROBES if back < sent]
    columns = []
    for back in probes:
        found = (
            select(which.id)
            .where(which.mailing_id == mailing_id, which.state == Fate.SENT)
            .order_by(which.id.desc())
            .limit(1)
            .offset(back)
            .scalar_subquery()
        )
        moment = select(Delivery.changed_at).where(Delivery.id == found).scalar_subquery()
        columns.append(moment.label(f"back_{back}"))
    if not columns:
        return []
    row = db.session.execute(select(*columns)).one()
    return [(back, at) for back, at in zip(probes, row, strict=True) if at is not None]
