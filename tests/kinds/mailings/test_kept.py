"""Where a desk keeps its e-mails no page says that anybody got one."""

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import notices, people
from dashboard.mail import Outcome
from dashboard.models import Fate, Job, MailingState, User, clock
from tests.kinds.mailings.carriers import Judged
from tests.kinds.mailings.conftest import MakeMailing
from tests.kinds.mailings.made import make_draft
from tests.kinds.mailings.real import Sending, sending
from tests.kinds.mailings.test_sendoff import presses
from tests.kinds.mailings.watching import made
from tests.people import Person, words

SPAM = Outcome("failed", 554, "5.7.1 Spam")
KEEPS = "This desk keeps its e-mails in its outbox and sends none. Nobody outside gets this."
KEPT = "This desk kept these e-mails in its outbox and sent none. Nobody outside got them."


@pytest.fixture
def mailing(any_app: Flask, made_mailing: MakeMailing) -> Sending:
    """Give a mailing of Mara's to three people that waits for its worker."""
    return sending(any_app, made_mailing(3))


@pytest.fixture
def mara(any_app: Flask, mailing: Sending) -> Person:
    """Give the one whose mailing it is."""
    with any_app.app_context():
        user = db.session.scalars(select(User)).one()
        person = Person(any_app, any_app.test_client(), user.id, user.name, user.email)
    assert person.signs_in("secret secret").status_code == 302
    return person


def test_before_it_is_sent_the_page_says_that_nothing_leaves(app: Flask, staff: Person) -> None:
    with app.app_context():
        draft = make_draft(staff.id, 20)

    page = words(staff.opens(f"/mailings/{draft}/send").text)

    assert page.index(KEEPS) < page.index("Send 20 e-mails")
    assert "Look into the outbox" not in page
    app.config["MAIL_URL"] = "smtp://127.0.0.1"
    assert "outbox" not in words(staff.opens(f"/mailings/{draft}/send").text)


def test_an_administrator_is_led_to_the_outbox(app: Flask, admin: Person) -> None:
    with app.app_context():
        draft = make_draft(admin.id, 20)

    page = admin.opens(f"/mailings/{draft}/send").text

    assert f"{KEEPS} Look into the outbox" in words(page)
    assert '<a href="/outbox">Look into the outbox' in page


def test_whoever_approves_it_is_told_as_well(app: Flask, staff: Person, colleague: Person) -> None:
    app.config["MAIL_APPROVE_ABOVE"] = 10
    with app.app_context():
        draft = make_draft(staff.id, 20)
    assert presses(staff, draft, "ask").status_code == 303

    page = words(colleague.opens(f"/mailings/{draft}/send").text)

    assert page.index(KEEPS) < page.index("Approve and send 20 e-mails")


def test_what_was_kept_is_not_called_sent(mailing: Sending, mara: Person) -> None:
    page = words(mara.opens(f"/mailings/{mailing.id}").text)
    assert KEEPS in page

    fact = mailing.works()

    assert (fact.state, fact.result["fates"]) == ("succeeded", {"sent": 3}), fact.error
    page = words(mara.opens(f"/mailings/{mailing.id}", show="sent").text)
    assert "All 3 e-mails were written." in page
    assert KEPT in page
    assert "were sent it" not in page
    assert "3 kept 0 failed" in page
    assert page.count("Kept in the outbox.") == 3
    one = mailing.delivery(1).id
    page = words(mara.opens(f"/mailings/{mailing.id}/people/{one}").text)
    assert "Kept in the outbox." in page
    assert "250 Kept" not in page
    page = words(mara.opens(f"/jobs/{fact.id}").text)
    assert "All 3 e-mails were written. This desk kept these e-mails in its outbox" in page


def test_what_was_sent_stays_sent_though_the_desk_keeps_e_mails_now(
    any_app: Flask, mailing: Sending, mara: Person
) -> None:
    fact = mailing.works(Judged())

    page = words(mara.opens(f"/mailings/{mailing.id}", show="sent").text)

    assert "All 3 people were sent it." in page
    assert page.count("The mail server took it.") == 3
    assert "outbox" not in page
    assert "outbox" not in words(mara.opens(f"/jobs/{fact.id}").text)


def test_what_was_kept_stays_kept_though_the_desk_sends_e_mails_now(
    any_app: Flask, mailing: Sending, mara: Person
) -> None:
    mailing.works()
    any_app.config["MAIL_URL"] = "smtp://127.0.0.1"

    page = words(mara.opens(f"/mailings/{mailing.id}").text)

    assert KEPT in page


def test_one_that_was_stopped_before_anything_was_kept_says_nothing_of_it(
    any_app: Flask, mara: Person
) -> None:
    stopped = made(any_app, mara.id, {Fate.QUEUED: 2}, state=MailingState.STOPPED)

    assert "outbox" not in words(mara.opens(f"/mailings/{stopped}").text)


@pytest.mark.parametrize(
    ("carrier", "says"),
    [
        (Judged(), "Autumn fair has been sent."),
        (Judged(lambda one: SPAM), "Autumn fair is finished. Nobody was sent it."),
        (None, "Autumn fair is finished. Its e-mails are in the outbox."),
    ],
    ids=["sent", "refused", "kept"],
)
def test_its_end_is_told_in_its_own_words(
    any_app: Flask, mailing: Sending, mara: Person, carrier: Judged | None, says: str
) -> None:
    with any_app.app_context():
        since = clock().isoformat()
        job = db.session.scalars(select(Job)).one()
        user = db.session.scalars(select(User)).one()
        people.wish_for_mail(job.id, person=user, wanted=True)

    fact = mailing.works(carrier)

    told = mara.opens("/live/summary", view="job", id=fact.id, since=since).json
    assert told is not None
    (news,) = told["ended"]
    assert (news["text"], news["label"]) == (says, "Open")
    assert (news["job"], news["href"]) == (fact.id, f"/mailings/{mailing.id}")
    assert told["tab"]["text"] == f"✓ {says}"
    with any_app.app_context():
        notices.deliver()
        subject = f"{says.rstrip('.')} ({fact.number})"
        (letter,) = [
            each for each in any_app.extensions["mailer"].read() if each.subject == subject
        ]
    assert says.replace("Autumn fair", "“Autumn fair”") in letter.text
    assert f"https://desk.example.org/mailings/{mailing.id}" in letter.text
    assert "files are kept" not in letter.text
