"""A mailing whose deliveries are frozen."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from dashboard.models import Delivery, Mailing, MailingState, Role, clock, transaction
from dashboard.web.users import add_user
from tests.kinds.mailings.bounced import PEOPLE, Mailbox
from tests.kinds.mailings.drafting import add_sender
from tests.kinds.mailings.hall import Hall
from tests.kinds.mailings.hooks import becomes
from tests.mail.dovecot import Somebody
from tests.people import Person

MakeMailing = Callable[[int], int]


@pytest.fixture
def made_mailing(any_app: Flask) -> MakeMailing:
    """Give what makes a mailing to so many people, on each database in turn; gives its id."""

    def make(people: int) -> int:
        with any_app.app_context():
            mara = add_user("mara@example.org", "Mara", Role.STAFF, "secret secret").id
            with transaction() as session:
                now = clock()
                mailing = Mailing(
                    title="Autumn fair",
                    state=MailingState.SENDING,
                    made_by_id=mara,
                    made_at=now,
                    changed_at=now,
                    frozen_at=now,
                )
                session.add(mailing)
                session.flush()
                session.add_all(
                    Delivery(
                        mailing_id=mailing.id,
                        place=place,
                        address=f"p{place}@example.org",
                        email=f"P{place}@example.org",
                        values={"name": f"Person {place}"},
                        message_id=f"<{mailing.id}.{place}@example.org>",
                    )
                    for place in range(1, people + 1)
                )
                return mailing.id

    return make


@pytest.fixture
def mara(any_app: Flask) -> Person:
    """Give a person who writes mailings."""
    return Person.joins(any_app, "Mara Berg")


@pytest.fixture
def sender(any_app: Flask) -> int:
    """Give an address that staff may send from."""
    return add_sender(any_app, "Events team", "events@example.org", "staff")


@pytest.fixture
def draft(any_app: Flask, mara: Person, sender: int) -> int:
    """Give a draft of hers."""
    answer = mara.sends("/mailings", "/mailings")
    assert answer.status_code == 303, answer.text
    return int(answer.location.split("/")[2])


@pytest.fixture
def mailbox(any_app: Flask, made_mailing: MakeMailing, somebody: Somebody) -> Mailbox:
    """Give the mailbox of bounces of a desk that has sent a mailing to five people."""
    made_mailing(PEOPLE)
    for place in range(1, PEOPLE + 1):
        becomes(any_app, place, state="sent", code=250, words=f"2.0.0 Ok {place}", tries=1)
    return Mailbox(any_app, somebody).opened()


@pytest.fixture
def hall(any_app: Flask) -> Iterator[Hall]:
    """Give a draft to three people, and those who are concerned."""
    with any_app.app_context():
        yield Hall(any_app)
