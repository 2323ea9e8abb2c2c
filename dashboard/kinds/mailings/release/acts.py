"""Sends a mailing, asks a second person for it, approves, declines, makes it a draft again.

Whoever has asked for approval never gives it themselves; whoever has written it may, where
somebody else has asked: two people have looked at it then. Nobody types a number where a second
person looks.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, null, select
from sqlalchemy.orm import Session

from dashboard.extensions import db
from dashboard.jobs import TooManyJobs, audit, cancel, hints
from dashboard.kinds.mailings.bulk.begin import begin, check_room, has_ended
from dashboard.kinds.mailings.bulk.standing import enter
from dashboard.kinds.mailings.drafts.ledger import locked
from dashboard.kinds.mailings.release import news, refusals as no
from dashboard.kinds.mailings.release.approvers import approvers, may_approve
from dashboard.kinds.mailings.release.needs import needs
from dashboard.kinds.mailings.release.numerals import number_of
from dashboard.kinds.mailings.release.obstacles import obstacles
from dashboard.kinds.mailings.release.refusals import Refused, refused
from dashboard.kinds.mailings.release.seal import mark_of, present_seal
from dashboard.kinds.mailings.release.speed import FASTEST, allowed
from dashboard.kinds.mailings.release.timing import LONGEST
from dashboard.kinds.mailings.sight import find_mailing
from dashboard.models import Delivery, Fate, Mailing, MailingState, User, clock, transaction
from dashboard.words import marked

DECLINED: Final = marked("%(name)s has declined it: %(note)s")
NOTE_LIMIT: Final = 500  # characters
UNTRIED: Final = (Delivery.state == Fate.QUEUED) & (Delivery.tries == 0) & Delivery.past.is_(null())
BEFORE: Final = (MailingState.DRAFT, MailingState.ASKED)


def send(
    mailing_id: int,
    *,
    by: User,
    version: int,
    seen: str,
    typed: str = "",
    at: datetime | None = None,
    a_minute: int | None = None,
) -> None:
    """Send the draft to the good rows of its check, now or *at* a moment.

    *version* is the one that was read, *seen* the mark of the seal that was shown, *typed* the
    number as it was typed where that is asked for. Raises Refused.
    """
    _make_room(mailing_id, by)
    with transaction() as session:
        mailing = _as_read(session, mailing_id, MailingState.DRAFT, version, by)
        seal = _seal_as_seen(mailing, by, seen)
        needed = needs(seal["people"])
        if needed.approval:
            raise refused(no.NEEDS_APPROVAL)
        if needed.confirm and number_of(typed) != seal["people"]:
            raise refused(no.TYPE_NUMBER)
        _plan(mailing, seal, at, a_minute)
        _release(mailing)
        audit.record("mailing.send", by=by, detail=_detail(mailing))
    begin(mailing_id, by=by)


def ask(
    mailing_id: int,
    *,
    by: User,
    version: int,
    seen: str,
    at: datetime | None = None,
    a_minute: int | None = None,
) -> None:
    """Ask a second person to approve the draft, and write to those who may. Raises Refused."""
    with transaction() as session:
        mailing = _as_read(session, mailing_id, MailingState.DRAFT, version, by)
        seal = _seal_as_seen(mailing, by, seen)
        _plan(mailing, seal, at, a_minute)
        now = clock()
        mailing.asked_by_id, mailing.asked_at = by.id, now
        enter(mailing, MailingState.ASKED, now, "")
        news.tell_approvers(session, mailing, by, approvers(mailing, by.id))
        audit.record("mailing.ask", by=by, detail=_detail(mailing))
    hints.deliver()


def approve(mailing_id: int, *, by: User, version: int, seen: str) -> None:
    """Send what somebody else has asked approval for, as it was asked for. Raises Refused."""
    _make_room(mailing_id, by)
    with transaction() as session:
        mailing = _as_read(session, mailing_id, MailingState.ASKED, version, by)
        _check_approver(mailing, by)
        if mailing.seal != present_seal(mailing):
            raise refused(no.BROKEN)
        if mark_of(mailing.seal) != seen:
            raise refused(no.OPENED)
        for obstacle in obstacles(mailing, by):
            raise Refused(obstacle.sentence)
        now = clock()
        if mailing.send_at is not None and mailing.send_at <= now:
            raise refused(no.TIME_OVER)
        asker = mailing.asked_by
        mailing.approved_by_id, mailing.approved_at = by.id, now
        _release(mailing)
        news.tell_approved(session, mailing, by)
        audit.record("mailing.approve", by=by, detail=_detail(mailing))
    hints.deliver()
    begin(mailing_id, by=by, follower=asker)


def decline(mailing_id: int, *, by: User, version: int, note: str) -> None:
    """Make what somebody else has asked approval for a draft again, and say why. Raises Refused."""
    note = " ".join(note.split())[:NOTE_LIMIT]
    with transaction() as session:
        mailing = _as_read(session, mailing_id, MailingState.ASKED, version, by)
        _check_approver(mailing, by)
        if not note:
            raise refused(no.SAY_WHY)
        if mailing.asked_by is not None:
            news.tell_declined(session, mailing, mailing.asked_by, by, note)
        _make_draft(mailing, DECLINED % {"name": by.name, "note": note})
        audit.record("mailing.decline", by=by, detail={"mailing": mailing.id, "note": note})
    hints.deliver()


def take_back(mailing_id: int, *, by: User, version: int) -> None:
    """Ask for approval no longer; only whoever has asked may do so. Raises Refused."""
    with transaction() as session:
        mailing = _as_read(session, mailing_id, MailingState.ASKED, version, by)
        if mailing.asked_by_id != by.id:
            raise refused(no.NOT_YOURS)
        _make_draft(mailing)
        audit.record("mailing.take_back", by=by, detail={"mailing": mailing.id})


def may_reopen(mailing: Mailing) -> bool:
    """Say whether nothing of it has left, and it waits for its time or has paused."""
    if mailing.state != MailingState.PAUSED and not _waits(mailing):
        return False
    tried = (Delivery.mailing_id == mailing.id) & ~UNTRIED
    return db.session.scalars(select(Delivery.id).where(tried).limit(1)).first() is None


def reopen(mailing_id: int, *, by: User, version: int) -> None:
    """Make a draft again of what waits for its time or has paused before anything has left.

    Raises Refused.
    """
    with transaction() as session:
        mailing = _as_read(session, mailing_id, None, version, by)
        if mailing.state != MailingState.PAUSED and not _waits(mailing):
            raise refused(no.NOT_PAUSED)
        # Its sender may be claiming: what is deleted here nobody can claim, and else it stays.
        gone = delete(Delivery).where(Delivery.mailing_id == mailing.id, UNTRIED)
        session.execute(gone.execution_options(synchronize_session=False))
        left = select(Delivery.id).where(Delivery.mailing_id == mailing.id).limit(1)
        if session.scalars(left).first() is not None:
            raise refused(no.LEFT)
        job_id = mailing.job_id
        _make_draft(mailing)
        audit.record("mailing.reopen", by=by, detail={"mailing": mailing.id})
    if job_id is not None:
        cancel(job_id, by=by)


def _waits(mailing: Mailing) -> bool:
    return mailing.state == MailingState.SENDING and mailing.started_at is None


def _make_room(mailing_id: int, by: User) -> None:
    """Refuse whoever has too many jobs, and cancel what is left of an earlier job of a draft."""
    mailing = db.session.get(Mailing, mailing_id, populate_existing=True)
    if mailing is not None and mailing.state in BEFORE and not has_ended(mailing.job_id):
        assert mailing.job_id is not None
        cancel(mailing.job_id, by=by)
    try:
        check_room(by)
    except TooManyJobs as error:
        raise Refused(str(error)) from error


def _as_read(
    session: Session, mailing_id: int, state: MailingState | None, version: int, by: User
) -> Mailing:
    """Give the mailing, locked, as somebody has read it who may change it."""
    mailing = locked(session, mailing_id)
    if not by.may_start or find_mailing(mailing_id, by) is None:
        raise refused(no.NOT_FOR_YOU)
    if state is not None and mailing.state != state:
        raise refused(no.NOT_ASKED if state == MailingState.ASKED else no.NO_DRAFT)
    if mailing.version != version:
        raise refused(no.CHANGED)
    if mailing.state in BEFORE and not has_ended(mailing.job_id):
        raise refused(no.ENDS)
    return mailing


def _seal_as_seen(mailing: Mailing, by: User, seen: str) -> dict[str, Any]:
    """Give the seal of what can be sent as it stands, and as it was shown."""
    for obstacle in obstacles(mailing, by):
        raise Refused(obstacle.sentence)
    seal = present_seal(mailing)
    if seal is None or mark_of(seal) != seen:
        raise refused(no.OPENED)
    return seal


def _check_approver(mailing: Mailing, by: User) -> None:
    if mailing.asked_by_id == by.id:
        raise refused(no.OWN)
    if not may_approve(mailing, by):
        raise refused(no.NOT_FOR_YOU)


def _plan(
    mailing: Mailing, seal: dict[str, Any], at: datetime | None, a_minute: int | None
) -> None:
    now = clock()
    if at is not None and at <= now:
        raise refused(no.PAST)
    if at is not None and at > now + LONGEST:
        raise refused(no.TOO_FAR)
    if a_minute is not None and a_minute < 1:
        raise refused(no.ONE_A_MINUTE)
    most = allowed(mailing.sender)
    if a_minute is not None and a_minute > (most or FASTEST):
        raise refused(no.TOO_FAST, number=most or FASTEST)
    mailing.seal, mailing.send_at, mailing.a_minute = seal, at, a_minute


def _release(mailing: Mailing) -> None:
    """Hand it over to the job that is begun once this is committed."""
    mailing.job_id = None
    mailing.frozen_at = mailing.started_at = mailing.finished_at = None
    enter(mailing, MailingState.SENDING, clock(), "")


def _make_draft(mailing: Mailing, why: str = "") -> None:
    mailing.seal = mailing.send_at = None
    mailing.asked_by_id = mailing.asked_at = None
    mailing.approved_by_id = mailing.approved_at = None
    mailing.frozen_at = mailing.started_at = None
    enter(mailing, MailingState.DRAFT, clock(), why)


def _detail(mailing: Mailing) -> dict[str, Any]:
    at = mailing.send_at.isoformat() if mailing.send_at else None
    return {"mailing": mailing.id, "seal": mailing.seal, "at": at, "a_minute": mailing.a_minute}
