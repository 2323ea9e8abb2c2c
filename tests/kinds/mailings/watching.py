"""What pages of a sent mailing are looked at with: a mailing with recipients of every fate."""

import uuid
from typing import Any, Final

from flask import Flask
from sqlalchemy import select, update

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import find
from dashboard.models import (
    Delivery,
    Fate,
    Job,
    Mailing,
    MailingState,
    Sender,
    User,
    clock,
    transaction,
)

WORDS: Final = {
    Fate.SENT: (250, "2.0.0 Ok", None),
    Fate.FAILED: (554, "5.7.1 Spam", "refused-as-spam"),
    Fate.DEFERRED: (452, "4.2.2 Full", "mailbox-full"),
}


def made(app: Flask, by: int, fates: dict[Fate, int], **values: Any) -> int:
    """Make a mailing of the person *by* with so many recipients of each fate; gives its id."""
    with app.app_context(), transaction() as session:
        now = clock()
        sender = Sender(
            name="Events",
            address=f"{uuid.uuid4().hex[:8]}@example.org",
            roles=values.pop("roles", ["staff"]),
            made_at=now,
        )
        session.add(sender)
        session.flush()
        given = {
            "title": "Autumn fair",
            "subject": "{{ name }}, come",
            "body": "Dear {{ name }},\n\n**come**.",
            "state": MailingState.SENDING,
            "frozen_at": now,
            "started_at": now,
            **values,
        }
        mailing = Mailing(sender_id=sender.id, made_by_id=by, made_at=now, changed_at=now, **given)
        session.add(mailing)
        session.flush()
        places = enumerate((fate for fate, number in fates.items() for _ in range(number)), 1)
        session.add_all(delivery(mailing.id, place, fate) for place, fate in places)
        return mailing.id


def delivery(mailing_id: int, place: int, fate: Fate) -> Delivery:
    """Give the recipient at a *place*, as a sender would have left it."""
    code, words, reason = WORDS.get(fate, (None, None, None))
    return Delivery(
        mailing_id=mailing_id,
        place=place,
        address=f"p{place}@example.org",
        email=f"P{place}@example.org",
        values={"name": f"Person {place}", "city": "=Hamburg"},
        message_id=f"<{mailing_id}.{place}@example.org>",
        state=fate,
        code=code,
        words=words,
        reason=reason,
        tries=0 if fate in (Fate.QUEUED, Fate.SUPPRESSED) else 1,
        changed_at=None if fate == Fate.QUEUED else clock(),
    )


def with_job(app: Flask, mailing_id: int) -> str:
    """Start the job of a mailing; gives its id."""
    with app.app_context():
        kind = find("mailing")
        assert kind is not None
        by = db.session.scalars(select(User).order_by(User.id)).first()
        assert by is not None
        params = {"mailing": mailing_id, "title": "Autumn fair", "subject": "Come"}
        job = jobs.start(kind, params, by=by, key=f"mailing:{mailing_id}").job
        with transaction() as session:
            set_to = update(Mailing).where(Mailing.id == mailing_id)
            session.execute(set_to.values(job_id=job.id))
        return str(job.id)


def state_of(app: Flask, mailing_id: int) -> str:
    """Give where the mailing stands in the ledger."""
    with app.app_context():
        return db.session.get_one(Mailing, mailing_id).state


def jobs_of(app: Flask) -> list[str]:
    """Give the states of all jobs that send, in the order of their starts."""
    with app.app_context():
        query = select(Job.state).where(Job.kind == "mailing").order_by(Job.serial)
        return list(db.session.scalars(query))
