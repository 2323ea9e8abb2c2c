"""Freezes what somebody wrote to one person, and sends it."""

from typing import Final

from sqlalchemy.orm import Session

from dashboard.jobs.contacts.address import normal_form
from dashboard.jobs.running import Running
from dashboard.kinds.mailings.single import message_id_of, send_single
from dashboard.models import Delivery, Job, Mailing, MailingState, clock
from dashboard.models.mailing import MAILING_TITLE_LIMIT
from dashboard.words import marked

WRITE_AGAIN: Final = marked("Press “Change and run again”, and write it in another way.")


def run(running: Running) -> None:
    """Do the work of one attempt. Raises Later, Permanent, Transient or Stop."""
    params = running.params

    def freeze(session: Session, job: Job) -> Mailing:
        now = clock()
        mailing = Mailing(
            title=params["subject"][:MAILING_TITLE_LIMIT],
            state=MailingState.SENDING,
            subject=params["subject"],
            body=params["message"],
            is_single=True,
            job_id=running.id,
            made_by_id=job.requested_by_id,
            made_at=now,
            changed_at=now,
        )
        session.add(mailing)
        session.flush()
        session.add(
            Delivery(
                mailing_id=mailing.id,
                place=1,
                address=normal_form(params["to"]),
                email=params["to"],
                values={},
                message_id=message_id_of(running),
            )
        )
        return mailing

    send_single(running, freeze, write_again=WRITE_AGAIN)
