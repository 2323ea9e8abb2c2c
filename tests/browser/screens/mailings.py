"""E-mails to look at: one that has left, and the link of a mailing by which a person stops them."""

import uuid
from typing import Final

from flask import Flask
from sqlalchemy import false, select

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import find
from dashboard.kinds.mailings import senders
from dashboard.kinds.mailings.hooks.event import Subscription
from dashboard.kinds.mailings.hooks.subscriptions import note_subscription
from dashboard.kinds.mailings.suppressions import suppress
from dashboard.kinds.mailings.unsubscribing import token_of
from dashboard.models import (
    Cause,
    Delivery,
    Fate,
    Job,
    Mailing,
    MailingState,
    User,
    clock,
    transaction,
)
from tests.browser.screens.deliverable import fill_deliverable
from tests.browser.screens.drafted import fill_drafts
from tests.browser.screens.leaving import fill_leaving
from tests.browser.screens.recipients import fill_recipients
from tests.browser.screens.returning import fill_returning
from tests.browser.screens.watched import fill_watched
from tests.parts import until

LETTER: Final = {
    "to": "ines.okafor@example.org",
    "subject": "Your stand at the autumn fair",
    "message": "Dear Ines,\n\nyour stand is **B 14**, hall 2. We open at 9:00.\n\nThe events team",
}
SECONDS: Final = 60.0
TOPIC: Final = "arn:aws:sns:eu-central-1:123456789012:desk-bounces"
SUBSCRIBE: Final = (
    "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn="
    + TOPIC
    + "&Token=2336412f37fb687f5d51e6e2425c464ce1bbf7d3c15e0e8d6c0f0b9f7f6f1a3e"
)


def fill_mailings(app: Flask, email: str) -> dict[str, str]:
    """Send an e-mail and make a mailing; gives the ids that paths name."""
    with app.app_context():
        by = db.session.scalars(select(User).where(User.email == email)).one()
        kind = find("email")
        assert kind is not None
        job_id = jobs.start(kind, LETTER, by=by, key=uuid.uuid4().hex).job.id
    query = select(Job.state).where(Job.id == job_id)
    until(app, lambda: db.session.scalars(query).one() == "succeeded", SECONDS)
    with app.app_context():
        link = _link(email)
        add_senders(email)
        suppress_some(email)
        fill_returning()
        made = {"email": str(job_id), "link": link, **fill_watched(email), **fill_drafts(email)}
        made |= fill_leaving(email) | fill_deliverable(email)
    return made | fill_recipients(app, email)


def add_senders(email: str) -> None:
    """Let people send from some addresses; one is retired."""
    by = db.session.scalars(select(User).where(User.email == email)).one()
    senders.add("Events team", "events@example.org", reply_to="desk@example.org", by=by)
    senders.add("The managing directors", "board@bücher.example.org", roles=["admin"], a_minute=60)
    old = senders.add("Summer sale 2025", "summer-sale-newsletter@shop.example.org", by=by)
    senders.retire(old.id, by=by)


def suppress_some(email: str) -> None:
    """Put somebody on the list for each cause, and let a service ask to be confirmed."""
    by = db.session.scalars(select(User).where(User.email == email)).one()
    mailing_id = db.session.scalars(select(Mailing.id).where(Mailing.is_single == false())).one()
    refused = "550 5.1.1 The email account that you tried to reach does not exist."
    suppress("b.lindqvist@example.org", Cause.BOUNCED, note=refused, mailing_id=mailing_id)
    suppress("carla.jung@example.org", Cause.COMPLAINED, note="abuse", mailing_id=mailing_id)
    suppress("ines.okafor@example.org", Cause.UNSUBSCRIBED, mailing_id=mailing_id)
    suppress("a-very-long-name-of-a-person-" + "x" * 30 + "@example.org", Cause.BOUNCED)
    suppress("press@example.org", Cause.BY_HAND, note="Asked us by telephone", by=by)
    for number in range(60):
        suppress(f"visitor.{number:02}@example.org", Cause.UNSUBSCRIBED)
    note_subscription(Subscription(TOPIC, SUBSCRIBE))


def _link(email: str) -> str:
    by = db.session.scalars(select(User.id).where(User.email == email)).one()
    with transaction() as session:
        now = clock()
        mailing = Mailing(
            title="Autumn fair invitation",
            state=MailingState.FINISHED,
            made_by_id=by,
            made_at=now,
            changed_at=now,
        )
        session.add(mailing)
        session.flush()
        delivery = Delivery(
            mailing_id=mailing.id,
            place=1,
            address="ines.okafor@example.org",
            email="Ines.Okafor@example.org",
            values={},
            message_id="<screens@example.org>",
            state=Fate.SENT,
        )
        session.add(delivery)
        session.flush()
        return token_of(delivery.id)
