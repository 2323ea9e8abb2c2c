"""Drafts with a check of their recipients, as people and the check leave them behind."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Flask, current_app

from dashboard.extensions import db
from dashboard.jobs.contacts.address import normal_form
from dashboard.kinds.mailings.audience.people import EXTENSION, NAME, Fate, Judged, Person, Writing
from dashboard.kinds.mailings.drafts import content_digest
from dashboard.models import (
    Attachment,
    Job,
    Mailing,
    MailingState,
    Sender,
    State,
    clock,
    transaction,
)
from dashboard.storage import Storage

AUDIENCE: dict[str, Any] = {
    "origin": "upload",
    "id": "guests",
    "name": "guests-2026.csv",
    "manner": None,
    "email": "email",
}


def make_sender(name: str = "Events team", *, roles: Sequence[str] = ("staff",)) -> Sender:
    """Add a sender; its address follows from its *name*."""
    with transaction() as session:
        address = f"{name.lower().replace(' ', '.')}@example.org"
        sender = Sender(name=name, address=address, roles=list(roles), made_at=clock())
        session.add(sender)
    return sender


def make_draft(by_id: int, people: int = 3, *, sender: Sender | None = None, **values: Any) -> int:
    """Write a draft whose recipients are checked; gives its id. For use in an app context."""
    sender_id = (sender or make_sender()).id
    given = {
        "title": "Autumn fair invitation",
        "subject": "{{ name }}, you are invited",
        "body": "Dear {{ name }},\n\n**come to the fair**.",
        "audience": AUDIENCE,
        **values,
    }
    with transaction() as session:
        now = clock()
        mailing = Mailing(
            state=MailingState.DRAFT,
            sender_id=sender_id,
            made_by_id=by_id,
            made_at=now,
            changed_at=now,
            **given,
        )
        session.add(mailing)
        session.flush()
        number = mailing.id
    check(number, people)
    return number


def check(mailing_id: int, people: int, *, bad: Sequence[int] = (), prefix: str = "p") -> uuid.UUID:
    """Let the check of a draft find so many rows, those at the places *bad* with a fault."""
    mailing = db.session.get_one(Mailing, mailing_id)
    job_id = uuid.uuid4()
    storage: Storage = current_app.extensions["storage"]
    with storage.draft(f"{job_id}/1/{NAME}.{EXTENSION}") as draft:
        with Writing.into(draft.path) as writing:
            writing.tell(("email", "name"), "email")
            writing.add([_judged(place, place in bad, prefix) for place in range(1, people + 1)])
        stored = draft.commit()
    with transaction() as session:
        now = clock()
        session.add(
            Job(
                id=job_id,
                prefix="M",
                kind="mailing-check",
                family="mailings",
                title=f"Check of {mailing.title}",
                params={
                    "mailing": mailing_id,
                    "title": mailing.title,
                    "audience": mailing.audience,
                    "fields": ["name"],
                    "subject": ["name"],
                    "content": content_digest(mailing),
                },
                choice_hash=job_id.hex,
                idempotency_key=job_id.hex,
                requested_by_id=mailing.made_by_id,
                queue="default",
                state=State.SUCCEEDED,
                created_at=now,
                started_at=now,
                finished_at=now,
                result={
                    "rows": people,
                    "counts": dict(writing.counts),
                    "digest": writing.digest,
                    "fields": ["email", "name"],
                    "missing": {},
                },
            )
        )
        session.flush()
        session.add(
            Attachment(
                job_id=job_id,
                name=NAME,
                key=stored.key,
                size=stored.size,
                sha256=stored.sha256,
                created_at=now,
                expires_at=now + timedelta(days=7),
            )
        )
        session.get_one(Mailing, mailing_id).check_id = job_id
    return job_id


def mailing_of(app: Flask, mailing_id: int) -> Mailing:
    """Give the mailing as the ledger has it now."""
    with app.app_context():
        return db.session.get_one(Mailing, mailing_id)


def _judged(place: int, is_bad: bool, prefix: str) -> Judged:
    email = f"{prefix.upper()}{place}@example.org"
    fate: Fate = "bad" if is_bad else "good"
    fields = {"email": email, "name": f"Person {place}"}
    return Judged(fate, Person(place, normal_form(email), email, fields))
