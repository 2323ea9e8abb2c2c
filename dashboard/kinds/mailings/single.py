"""Sends one e-mail to one person, at most once; its job says whether it has left, or that nobody
knows."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.extensions import db
from dashboard.jobs.ending import fenced
from dashboard.jobs.errors import Later, Permanent, Transient
from dashboard.jobs.running import Running
from dashboard.kinds.mailings.ledger import next_due
from dashboard.kinds.mailings.sending.letters import letters_of
from dashboard.kinds.mailings.sending.work import HAS_LEFT, SEND, send
from dashboard.mail.mime import BadHeader
from dashboard.mail.mishaps import KEPT
from dashboard.mail.replies import plain
from dashboard.mail.writing import Refusal
from dashboard.models import Delivery, Fate, Job, Mailing, clock
from dashboard.words import marked

DEFERRED: Final = marked("The mail server does not take it now. It is tried again.")
UNCERTAIN: Final = marked(
    "The connection broke behind the last word of the e-mail, so nobody knows whether it has left."
)
ASK: Final = marked("Ask whether it has come before you send it again.")
SUPPRESSED: Final = marked("This person has asked for no e-mails, or the address does not exist.")
LET_OFF: Final = marked("An administrator can let the address off.")
LOOK_AT_ADDRESS: Final = marked("Look at the address, then send it again.")
MAY_HAVE: Final = marked("It may have arrived.")
NOT_SENT: Final = marked("The e-mail was not sent.")

ONE_KEPT: Final = marked("%(title)s is in the outbox.")

Freeze = Callable[[Session, Job], Mailing]


def send_single(running: Running, freeze: Freeze, *, write_again: str) -> None:
    """Do the work of one attempt. Raises Later, Permanent, Transient or Stop.

    *freeze* adds the mailing of this job with its one delivery, in the first attempt; *write_again*
    says what to do where it cannot be written.
    """
    running.unchanged = NOT_SENT
    running.steps([SEND])
    running.step(SEND)
    with fenced(running.id, running.fence) as (session, job):
        mailing = session.scalars(select(Mailing).where(Mailing.job_id == running.id)).first()
        mailing = mailing or freeze(session, job)
    mailing_id = mailing.id
    try:
        letters = letters_of(mailing, mailing.made_at)
    except (Refusal, BadHeader) as error:
        raise Permanent(str(error), next=write_again, change=True) from error
    db.session.rollback()
    ended = send(running, mailing_id, letters)
    one = db.session.scalars(select(Delivery).where(Delivery.mailing_id == mailing_id)).one()
    match one.state:
        case Fate.SENT:
            kept = one.words == KEPT
            running.log(KEPT if kept else f"The mail server took it: {one.words}")
            running.result |= {
                "rows": 1,
                "message_id": one.message_id,
                "words": one.words,
                "kept": kept,
                "news": ONE_KEPT if kept else HAS_LEFT,
            }
        case Fate.UNCERTAIN:
            running.unchanged = MAY_HAVE
            raise Permanent(UNCERTAIN, next=ASK)
        case Fate.SUPPRESSED:
            raise Permanent(SUPPRESSED, next=LET_OFF)
        case Fate.FAILED:
            running.log(one.words or "", "error")
            reading = plain(one.code or 0, one.words or "")
            raise Permanent(reading.sentence, next=LOOK_AT_ADDRESS)
        case Fate.DEFERRED:
            running.log(one.words or "", "warn")
            raise Later(DEFERRED, at=next_due(mailing_id))
        case _ if ended.why is not None:
            sentence, values = ended.why
            raise Transient(sentence % values)
        case _:
            raise Later(DEFERRED, at=clock())


def message_id_of(running: Running) -> str:
    """Give the number of the e-mail, which is the same in every attempt."""
    return f"<{running.number.lower()}.{running.id.hex}@bellhop.invalid>"
