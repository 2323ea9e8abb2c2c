"""Where a mailing stands, and every way from there to somewhere else."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.extensions import db
from dashboard.jobs import audit, cancel
from dashboard.kinds.mailings.bulk.begin import go_on, let_follow
from dashboard.kinds.mailings.ledger import Holder, prove
from dashboard.models import Delivery, Fate, Mailing, MailingState, User, clock, transaction
from dashboard.words import marked

PAUSED_BY: Final = marked("%(name)s has paused the mailing.")


def state_of(mailing_id: int) -> str:
    """Give where the mailing stands in the ledger now."""
    state = db.session.scalar(select(Mailing.state).where(Mailing.id == mailing_id))
    db.session.rollback()
    return state or MailingState.STOPPED


def pause(mailing: Mailing, *, by: User) -> bool:
    """Send no more until somebody goes on; False where it is not being sent.

    What is in the hands of a mail server is waited for: its sender looks twice a second.
    """
    with transaction() as session:
        found = _locked(session, mailing.id)
        if found is None or found.state != MailingState.SENDING:
            return False
        enter(found, MailingState.PAUSED, clock(), PAUSED_BY % {"name": by.name})
        audit.record("mailing.pause", by=by, detail={"mailing": mailing.id})
    return True


def pause_by_itself(mailing_id: int, why: str, holder: Holder) -> None:
    """Send no more, for *why*, until a person has looked at it; raises ClaimLost."""
    with transaction() as session:
        prove(session, holder)
        found = _locked(session, mailing_id)
        if found is not None and found.state == MailingState.SENDING:
            enter(found, MailingState.PAUSED, clock(), why)


def resume(mailing: Mailing, *, by: User) -> bool:
    """Go on, with another job where the one before has ended; False where it has not paused."""
    with transaction() as session:
        found = _locked(session, mailing.id)
        if found is None or found.state != MailingState.PAUSED:
            return False
        enter(found, MailingState.SENDING, clock(), "")
        let_follow(found)
        audit.record("mailing.resume", by=by, detail={"mailing": mailing.id})
    go_on(mailing.id, by=by)
    return True


def stop(mailing: Mailing, *, by: User) -> bool:
    """Send no more, for good; False where there is nothing to stop."""
    with transaction() as session:
        found = _locked(session, mailing.id)
        if found is None or found.state not in (MailingState.SENDING, MailingState.PAUSED):
            return False
        now = clock()
        enter(found, MailingState.STOPPED, now, "")
        found.finished_at = now
        audit.record("mailing.stop", by=by, detail={"mailing": mailing.id})
        job_id = found.job_id
    if job_id is not None:
        cancel(job_id, by=by)
    return True


def finish(mailing_id: int, holder: Holder) -> bool:
    """Write down that nothing is left to send; False where something is, or it is not to be sent.

    Somebody may have put more in line since it was counted. Raises ClaimLost.
    """
    with transaction() as session:
        prove(session, holder)
        found = _locked(session, mailing_id)
        if found is None or found.state != MailingState.SENDING:
            return False
        left = select(Delivery.id).where(
            Delivery.mailing_id == mailing_id,
            Delivery.state.in_((Fate.QUEUED, Fate.CLAIMED, Fate.DEFERRED)),
        )
        if session.execute(left.limit(1)).first() is not None:
            return False
        now = clock()
        enter(found, MailingState.FINISHED, now, "")
        found.finished_at = now
    return True


def _locked(session: Session, mailing_id: int) -> Mailing | None:
    return session.scalars(
        select(Mailing).where(Mailing.id == mailing_id).with_for_update(of=Mailing)
    ).one_or_none()


def enter(mailing: Mailing, state: MailingState, now: datetime, why: str) -> None:
    """Change the *state* of a mailing that the caller has locked; *why* it has paused."""
    mailing.state = state
    mailing.paused_why = why
    mailing.changed_at = now
    mailing.version += 1
