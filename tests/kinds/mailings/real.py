"""Mailings that a worker sends to a mail server of the tests, and what became of them."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of, find, task
from dashboard.kinds.mailings.ledger import counts
from dashboard.mail import carrier_from_url
from dashboard.models import Delivery, Job, Mailing, Sender, User, clock, transaction
from tests.kinds.mailings.carriers import Judged
from tests.mail.scripted import ScriptedServer

SENDER = {"name": "Events", "address": "events@example.org", "reply_to": "answers@example.org"}


@dataclass(frozen=True)
class Sending:
    """A mailing of *app* that waits for its worker."""

    app: Flask
    id: int

    def reaches(
        self, server: ScriptedServer | int, options: str = "?timeout=30", **url: str
    ) -> None:
        """Let e-mails go to *server*, or to a port of this machine."""
        port = server if isinstance(server, int) else server.port
        address = f"{url.get('scheme', 'smtp')}://{url.get('user', '')}127.0.0.1:{port}{options}"
        self.app.extensions["carrier"] = carrier_from_url(address, folder=Path())

    def works(self, carrier: Judged | None = None) -> Fact:
        """Let a worker do one attempt at it, over *carrier*; gives the job's fact."""
        if carrier is not None:
            self.app.extensions["carrier"] = carrier
        with self.app.app_context():
            task.run.apply(args=["mail"], throw=True)
            db.session.rollback()
            return fact_of(db.session.scalars(select(Job)).one())

    def presses(self, button: Any) -> None:
        """Let somebody press pause, resume or stop, which must do something."""
        with self.app.app_context():
            by = db.session.scalars(select(User)).one()
            assert button(db.session.get_one(Mailing, self.id), by=by)

    @property
    def fates(self) -> dict[str, int]:
        """The number of deliveries by their fates."""
        with self.app.app_context():
            return {fate.value: number for fate, number in counts(self.id).items() if number}

    @property
    def state(self) -> tuple[str, str]:
        """Where it stands, and why it has paused."""
        with self.app.app_context():
            found = db.session.get_one(Mailing, self.id)
            return found.state, found.paused_why

    def delivery(self, place: int) -> Delivery:
        """Give what is written down of one person."""
        with self.app.app_context():
            return db.session.scalars(select(Delivery).where(Delivery.place == place)).one()

    def changes(self, place: int, **values: Any) -> None:
        """Change what was frozen of one person."""
        with self.app.app_context(), transaction() as session:
            session.execute(update(Delivery).where(Delivery.place == place).values(**values))


def sending(
    app: Flask,
    mailing_id: int,
    sender: dict[str, str] | None = None,
    *,
    connections: int = 1,
    **parts: Any,
) -> Sending:
    """Give the mailing, with *parts* of its own, begun by its maker."""
    app.config["PUBLIC_URL"] = "https://desk.example.org"
    app.config["MAIL_CONNECTIONS"] = connections
    usual = {"subject": "{{ name }}, come to the fair", "body": "Dear {{ name }},\n\n**come**."}
    with app.app_context():
        with transaction() as session:
            now = clock()
            made = Sender(**{**SENDER, **(sender or {})}, roles=["staff"], made_at=now)
            session.add(made)
            session.flush()
            found = session.get_one(Mailing, mailing_id)
            found.sender_id, found.frozen_at = made.id, now
            for name, value in {**usual, **parts}.items():
                setattr(found, name, value)
            params = {"mailing": mailing_id, "title": found.title, "subject": found.subject[:80]}
        kind = find("mailing")
        assert kind is not None
        by = db.session.scalars(select(User)).one()
        job = jobs.start(kind, params, by=by, key=uuid.uuid4().hex).job
        with transaction() as session:
            session.execute(update(Mailing).values(job_id=job.id))
    return Sending(app, mailing_id)
