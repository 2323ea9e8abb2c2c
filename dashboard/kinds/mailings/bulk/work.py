"""Sends a mailing: as long as there is something to send now, and later what is due later."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from flask import current_app
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import line
from dashboard.jobs.errors import Later, Permanent
from dashboard.jobs.running import Running
from dashboard.kinds.mailings.audience.standing import check_of
from dashboard.kinds.mailings.bulk.begin import has_ended
from dashboard.kinds.mailings.bulk.freezing import OTHER_PEOPLE, WRITE_DOWN, OtherPeople, freeze
from dashboard.kinds.mailings.bulk.standing import finish, pause_by_itself, state_of
from dashboard.kinds.mailings.drafts import content_digest
from dashboard.kinds.mailings.drafts.ledger import locked
from dashboard.kinds.mailings.ledger import Holder, is_kept, next_due, prove
from dashboard.kinds.mailings.sending.letters import Letters, letters_of
from dashboard.kinds.mailings.sending.pace import Limit
from dashboard.kinds.mailings.sending.work import HAS_LEFT, SEND, Ended, send
from dashboard.mail.mime import BadHeader
from dashboard.mail.writing import Refusal
from dashboard.models import Fate, Mailing, MailingState, clock, transaction
from dashboard.words import PLAIN, Manner, marked

SLICE_SECONDS: Final = 60.0
"""Behind so long it gives way to others that wait in its queue."""

LOOK_AGAIN: Final = timedelta(minutes=1)

GONE: Final = marked("This mailing does not exist any more, or is not to be sent.")
ANOTHER: Final = marked("Another job sends this mailing.")
PAUSED: Final = marked("The mailing is paused. It goes on when somebody presses “Resume”.")
GIVES_WAY: Final = marked("Others in the line come first for a moment.")
TRIED_AGAIN: Final = marked("Some were refused for now and are tried again.")
BEGINS: Final = marked("It begins on %(moment)s (%(zone)s).")
ALL_KEPT: Final = marked("%(title)s is finished. Its e-mails are in the outbox.")
TO_NOBODY: Final = marked("%(title)s is finished. Nobody was sent it.")
UNSEALED: Final = marked("Nobody has approved this mailing. Make it a draft and send it again.")
OTHER_CONTENT: Final = marked(
    "The message or its sender was changed since it was approved, so nothing more is sent."
)


def run(running: Running) -> None:
    """Do the work of one attempt. Raises Later, Permanent, Transient or Stop."""
    holder = Holder(running.id, running.fence)
    mailing = _taken_up(running, holder)
    mailing_id = mailing.id
    running.steps([WRITE_DOWN, SEND])
    running.step(WRITE_DOWN)
    try:
        _check_seal(mailing)
        letters, limits = letters_of(mailing, clock()), limits_of(mailing)
        _freeze(running, mailing)
    except (Refusal, BadHeader) as error:
        raise _paused_for(str(error), mailing_id, holder) from error
    except OtherPeople as error:
        raise _paused_for(OTHER_PEOPLE, mailing_id, holder) from error
    except Permanent as error:
        raise _paused_for(error.what, mailing_id, holder) from error
    _begin(running, mailing_id, holder)
    running.step(SEND)
    ended = _send(running, mailing_id, letters, limits)
    _settle(mailing_id, ended, holder)
    found = {fate.value: number for fate, number in ended.counts.items() if number}
    running.log(", ".join(f"{number:,} {name}" for name, number in found.items()))
    sent, kept = ended.counts[Fate.SENT], is_kept(mailing_id)
    running.result |= {
        "rows": sent,
        "fates": found,
        "kept": kept,
        "news": (ALL_KEPT if kept else HAS_LEFT) if sent else TO_NOBODY,
        "place": f"/mailings/{mailing_id}",
    }


def _taken_up(running: Running, holder: Holder) -> Mailing:
    """Give the mailing, which is this job's from now on. Raises Permanent, Later or ClaimLost."""
    with transaction() as session:
        prove(session, holder)
        query = select(Mailing).where(Mailing.id == int(running.params["mailing"]))
        mailing = session.scalars(query.with_for_update(of=Mailing)).one_or_none()
        if mailing is None or mailing.state not in (MailingState.SENDING, MailingState.PAUSED):
            raise Permanent(GONE)
        if mailing.job_id != running.id:
            if not has_ended(mailing.job_id):
                raise Permanent(ANOTHER)
            mailing.job_id = running.id
    if mailing.state == MailingState.PAUSED:
        raise _paused()
    return mailing


def _check_seal(mailing: Mailing) -> None:
    """Raise Permanent where the mailing is not what was approved."""
    if mailing.seal is None:
        if mailing.frozen_at is None:
            raise Permanent(UNSEALED)
    elif mailing.seal["content"] != content_digest(mailing):
        raise Permanent(OTHER_CONTENT)


def _freeze(running: Running, mailing: Mailing) -> None:
    """See to it that all recipients are in the ledger."""
    if mailing.frozen_at is not None:
        return
    check, seal = check_of(mailing), mailing.seal
    if check is None or seal is None or check.result.get("digest") != seal["audience"]:
        raise OtherPeople
    assert mailing.check_id is not None
    mailing_id, check_id = mailing.id, mailing.check_id
    db.session.rollback()
    if not freeze(running, mailing_id, check_id, seal["people"]):
        raise _paused()


def _begin(running: Running, mailing_id: int, holder: Holder) -> None:
    """Wait for the time that was chosen, then write down that it begins."""
    with transaction() as session:
        prove(session, holder)
        mailing = locked(session, mailing_id)
        if mailing.state != MailingState.SENDING:
            raise _paused()
        now = clock()
        if mailing.send_at is not None and mailing.send_at > now:
            raise Later(_sentence_of(mailing.send_at, running.zone), at=mailing.send_at)
        if mailing.started_at is None:
            mailing.started_at = now


def _sentence_of(moment: datetime, zone: str) -> str:
    return BEGINS % {"moment": Manner(PLAIN.locale, zone).moment(moment), "zone": zone}


def _paused_for(why: str, mailing_id: int, holder: Holder) -> Permanent:
    """Pause for *why*; “Resume” gives the mailing another job."""
    db.session.rollback()
    pause_by_itself(mailing_id, why, holder)
    return Permanent(why)


def limits_of(mailing: Mailing) -> list[Limit]:
    """Give the speed limits that all e-mails of *mailing* stand under."""
    sender = mailing.sender
    given = (
        ("all", current_app.config["MAIL_A_MINUTE"]),
        (f"sender:{mailing.sender_id}", sender.a_minute if sender else None),
        (f"mailing:{mailing.id}", mailing.a_minute),
    )
    return [Limit(key, float(a_minute)) for key, a_minute in given if a_minute]


def _send(running: Running, mailing_id: int, letters: Letters, limits: Sequence[Limit]) -> Ended:
    until = time.monotonic() + SLICE_SECONDS

    def must_stop() -> bool:
        if state_of(mailing_id) != MailingState.SENDING:
            return True
        return time.monotonic() > until and line.has_work(running.kind.queue)

    return send(
        running,
        mailing_id,
        letters,
        limits=limits,
        lanes=current_app.config["MAIL_CONNECTIONS"],
        must_stop=must_stop,
    )


def _paused() -> Later:
    """Wait for “Resume”; should it come at this very moment, it is seen a little later."""
    return Later(PAUSED, at=clock() + LOOK_AGAIN)


def _settle(mailing_id: int, ended: Ended, holder: Holder) -> None:
    """Write down that all is sent; raises Later where it is not."""
    if ended.why is not None:
        sentence, values = ended.why
        pause_by_itself(mailing_id, sentence % values, holder)
    if state_of(mailing_id) != MailingState.SENDING:
        raise _paused()
    if ended.counts[Fate.QUEUED] or ended.counts[Fate.CLAIMED]:
        raise Later(GIVES_WAY, at=clock())
    if ended.counts[Fate.DEFERRED]:
        raise Later(TRIED_AGAIN, at=next_due(mailing_id))
    if not finish(mailing_id, holder):
        raise Later(GIVES_WAY, at=clock())
