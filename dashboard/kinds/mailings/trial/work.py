"""Freezes a copy of a draft for one person, and sends it."""

from typing import Final

from sqlalchemy.orm import Session

from dashboard.jobs.contacts.address import compared
from dashboard.jobs.errors import Permanent
from dashboard.jobs.running import Running
from dashboard.kinds.mailings.single import message_id_of, send_single
from dashboard.models import Delivery, Job, Mailing, MailingState, clock
from dashboard.words import marked

GONE: Final = marked("This mailing does not exist any more.")
CHANGE: Final = marked("Change the mailing, then send the test again.")
COPIED: Final = (
    *("title", "sender_id", "subject", "body", "html", "text", "attachments", "why"),
    "made_by_id",
)


def run(running: Running) -> None:
    """Do the work of one attempt. Raises Later, Permanent, Transient or Stop."""
    params = running.params

    def freeze(session: Session, job: Job) -> Mailing:
        tried = session.get(Mailing, int(params["mailing"]))
        if tried is None:
            raise Permanent(GONE)
        now = clock()
        copy = Mailing(
            state=MailingState.SENDING,
            is_single=True,
            test_of_id=tried.id,
            job_id=running.id,
            made_at=now,
            changed_at=now,
            **{name: getattr(tried, name) for name in COPIED},
        )
        session.add(copy)
        session.flush()
        session.add(
            Delivery(
                mailing_id=copy.id,
                place=1,
                address=compared(params["to"]),
                email=params["to"],
                values=params["values"],
                message_id=message_id_of(running),
            )
        )
        return copy

    send_single(running, freeze, write_again=CHANGE)
