"""Sends to some recipients once more: to those that failed, or to those of whom nobody knows.

Only rows that no sender has in hand are put back in line, so that a sender which is at work marks
what it has claimed as ever, and finds these among what is left.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.kinds.mailings.bulk.begin import go_on
from dashboard.kinds.mailings.drafts.ledger import locked
from dashboard.kinds.mailings.hooks.effects import BOUNCED
from dashboard.kinds.mailings.ledger import whole
from dashboard.kinds.mailings.watch.lines import CONTENT
from dashboard.models import Delivery, Fate, Mailing, MailingState, User, clock, transaction

LASTING: Final = ("bad-address", "too-large", BOUNCED, CONTENT)
"""The reasons that another try changes nothing about: the same goes to the same."""

CHUNK: Final = 1_000
OPEN: Final = frozenset({MailingState.SENDING, MailingState.PAUSED, MailingState.FINISHED})
"""A mailing that somebody has stopped stays so."""

MAY_PASS: Final = (Delivery.state == Fate.FAILED) & or_(
    Delivery.reason.is_(None), Delivery.reason.not_in(LASTING)
)
IS_UNCERTAIN: Final = Delivery.state == Fate.UNCERTAIN


def retryable(mailing_id: int) -> int:
    """Give how many have failed for what may have passed since."""
    return number_of(mailing_id, MAY_PASS)


def number_of(mailing_id: int, which: ColumnElement[bool]) -> int:
    """Give how many recipients of a mailing are *which*."""
    query = select(func.count()).where(Delivery.mailing_id == mailing_id, which)
    return db.session.execute(query).scalar_one()


def retry(mailing: Mailing, *, by: User) -> int:
    """Try those again that failed for what may have passed; gives how many."""
    return _again(mailing, MAY_PASS, "mailing.retry", by)


def resend(mailing: Mailing, *, by: User) -> int:
    """Send again to those of whom nobody knows, under their old Message-ID; gives how many."""
    return _again(mailing, IS_UNCERTAIN, "mailing.resend", by)


def _again(mailing: Mailing, which: ColumnElement[bool], action: str, by: User) -> int:
    with transaction() as session:
        found = locked(session, mailing.id)
        if found.state not in OPEN:
            return 0
        number = _put_back(session, found.id, which)
        if not number:
            return 0
        if found.state == MailingState.FINISHED:
            # The job that has finished it may not have ended yet: it gets another one.
            found.state, found.finished_at, found.job_id = MailingState.SENDING, None, None
        found.version += 1
        found.changed_at = clock()
        audit.record(action, by=by, detail={"mailing": found.id, "recipients": number})
    if found.state == MailingState.SENDING:
        go_on(found.id, by=by)
    return number


def _put_back(session: Session, mailing_id: int, which: ColumnElement[bool]) -> int:
    """Put the recipients *which* back in line as if they were new; their last try is past."""
    columns = (Delivery.id, Delivery.past, Delivery.changed_at, Delivery.state)
    query = (
        select(*columns, Delivery.code, Delivery.words)
        .where(Delivery.mailing_id == mailing_id, which)
        .order_by(Delivery.id)
        .with_for_update(of=Delivery)
    )
    rows = session.execute(query).mappings().all()
    for begin in range(0, len(rows), CHUNK):
        session.execute(update(Delivery), [_queued(row) for row in rows[begin : begin + CHUNK]])
    return len(rows)


def _queued(row: Mapping[Any, Any]) -> dict[str, Any]:
    last = row["changed_at"], row["state"], row["code"], row["words"]
    return {
        "id": row["id"],
        "past": whole(row["past"], *last),
        "state": Fate.QUEUED,
        "tries": 0,
        "due_at": None,
        "code": None,
        "words": None,
        "reason": None,
    }
