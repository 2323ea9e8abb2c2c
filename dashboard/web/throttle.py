"""Slows down whoever tries wrong passwords."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete

from dashboard.extensions import db
from dashboard.models import Throttle, clock, transaction
from dashboard.models.inserting import insert_new

FORGET_AFTER = timedelta(hours=1)
LONGEST = timedelta(minutes=15)
# A whole office may share one address: it has more tries than one person has.
TRIES_OF_ADDRESS = 10  # times those of an e-mail
DOUBLINGS = 10  # by then the pause is the longest one; more would not fit a timedelta


def blocked_for(*keys: str) -> timedelta | None:
    """Give how long the keys ("email:…", "address:…") have to wait still, or None."""
    now = clock()
    waits = [
        throttle.blocked_until - now
        for key in keys
        if (throttle := db.session.get(Throttle, key)) is not None
        and throttle.blocked_until is not None
        and throttle.blocked_until > now
    ]
    return max(waits, default=None)


def failed(*keys: str) -> None:
    """Count a failure for each key; after the allowed tries each one more doubles the pause."""
    tries = current_app.config["SIGN_IN_TRIES"]
    with transaction() as session:
        now = clock()
        session.execute(delete(Throttle).where(Throttle.changed_at < now - FORGET_AFTER))
        for key in sorted(keys):  # In one order, so that no two wait for one another.
            row = {"key": key, "failures": 0, "changed_at": now}
            session.execute(insert_new(session, Throttle, [row], key="key"))
            throttle = session.get_one(Throttle, key, populate_existing=True, with_for_update=True)
            throttle.failures += 1
            throttle.changed_at = now
            allowed = tries * TRIES_OF_ADDRESS if key.startswith("address:") else tries
            throttle.blocked_until = _until(now, throttle.failures - allowed)


def succeeded(key: str) -> None:
    """Forget the failures of *key*."""
    with transaction() as session:
        session.execute(delete(Throttle).where(Throttle.key == key))


def _until(now: datetime, over: int) -> datetime | None:
    if over < 0:
        return None
    pause: timedelta = timedelta(seconds=current_app.config["SIGN_IN_PAUSE_SECONDS"])
    longer: timedelta = pause * 2 ** min(over, DOUBLINGS)
    return now + min(longer, LONGEST)
