"""One e-mail to one person: pressed on the page or asked for by a program, and sent once."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of, task
from dashboard.jobs.ending import wake
from dashboard.kinds.mailings.suppressions import find, suppress
from dashboard.mail import Outcome
from dashboard.models import Cause, Delivery, Job, Mailing, clock, transaction
from tests.people import Person

LETTER = {
    "to": "ada@example.org",
    "subject": "Your invoice {{ name }}",
    "message": "Dear Ada,\r\n\r\nhere it is: **12,50 €** {% if %} {# no #}\r\n",
}


class Broken:
    """A carrier on which each parcel has the same fate."""

    name = "nowhere"

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.carried: list[Any] = []

    def round(self) -> Any:
        return self

    def __enter__(self) -> "Broken":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def interrupt(self) -> None:
        pass

    def carry(self, parcels: Any, may_leave: Any) -> Iterator[Outcome]:
        for parcel in parcels:
            self.carried.append(parcel)
            yield self.outcomes.pop(0)


@pytest.fixture
def ada(any_app: Flask) -> Person:
    """Give a person at the desk."""
    return Person.joins(any_app, "Mara Berg")


def sends(person: Person, **changes: str) -> str:
    """Press “Send e-mail”; gives the id of the job."""
    answer = person.sends("/new/email", **{**LETTER, **changes})
    assert answer.status_code == 303, answer.text
    return str(answer.location).rpartition("/")[2]


def works(app: Flask) -> Fact:
    """Let a worker do the next job of the queue; gives its fact."""
    with app.app_context():
        task.run.apply(args=["mail"], throw=True)
        db.session.rollback()
        return fact_of(db.session.scalars(select(Job).order_by(Job.serial.desc())).one())


def outbox(app: Flask) -> list[EmailMessage]:
    """Give the messages that lie in the outbox."""
    folder = Path(app.instance_path) / "outbox"
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(folder.glob("*.eml"))
    ]


def test_it_leaves_once_as_text_and_html_just_as_it_was_written(
    any_app: Flask, ada: Person
) -> None:
    sends(ada)

    fact = works(any_app)

    assert (fact.state, fact.result["rows"]) == ("succeeded", 1), fact.error
    assert fact.title == "E-mail to ada@example.org: Your invoice {{ name }}"
    (message,) = outbox(any_app)
    assert (message["To"], message["Subject"]) == ("ada@example.org", "Your invoice {{ name }}")
    assert message["Message-ID"] == fact.result["message_id"]
    assert message["List-Unsubscribe"] is None
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "here it is: 12,50 € {% if %} {# no #}" in text.get_content().replace("**", "")
    assert "<strong>12,50 €</strong>" in html.get_content()


def test_it_returns_to_the_address_for_that_where_there_is_one(any_app: Flask, ada: Person) -> None:
    any_app.config["MAIL_RETURN_PATH"] = "returned@bücher.example"
    any_app.extensions["carrier"] = carrier = Broken(Outcome("sent", 250, "Ok"))
    sends(ada)

    works(any_app)

    (parcel,) = carrier.carried
    assert parcel.sender == "returned@xn--bcher-kva.example"
    assert b"\r\nFrom: bellhop@localhost\r\n" in b"\r\n" + parcel.body


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("to", "ada", "the @ is missing"),
        ("to", "ada@example.org\r\nBcc: all@example.org", "Not an e-mail address"),
        ("subject", "Hello\r\nBcc: all@example.org", "A subject is one line."),
        ("subject", "", "Enter a subject"),
        ("subject", "x" * 401, "Use at most 400 characters."),
        ("message", "", "Write a message"),
        ("message", "See [this](nowhere/at/all).", "nowhere/at/all"),
        ("message", "x" * 50_001, "Use at most 50000 characters."),
    ],
)
def test_what_cannot_be_sent_is_said_and_kept(
    any_app: Flask, ada: Person, field: str, value: str, sentence: str
) -> None:
    answer = ada.sends("/new/email", **{**LETTER, field: value})

    assert answer.status_code == 422
    assert sentence in answer.text
    with any_app.app_context():
        assert db.session.scalars(select(Job)).first() is None


def test_a_program_asks_for_it_by_the_same_names(any_app: Flask, ada: Person) -> None:
    headers = {"Authorization": f"Bearer {ada.token()}", "Idempotency-Key": "once"}
    client = any_app.test_client()
    for _ in range(2):
        answer = client.post("/api/v1/jobs/email", json={"params": LETTER}, headers=headers)
        assert answer.status_code == 202, answer.text

    works(any_app)

    assert len(outbox(any_app)) == 1


def test_what_the_server_refuses_for_good_fails_in_plain_words(any_app: Flask, ada: Person) -> None:
    any_app.extensions["carrier"] = Broken(Outcome("failed", 550, "5.1.1 No such user here"))
    sends(ada)

    fact = works(any_app)

    assert fact.state == "failed"
    assert fact.error is not None
    assert fact.error.what == "There is no such address."
    assert fact.error.unchanged == "The e-mail was not sent."
    with any_app.app_context():
        assert [one.address for one in find().found] == ["ada@example.org"]


def test_where_nobody_knows_whether_it_has_left_the_job_says_so_and_sends_no_more(
    any_app: Flask, ada: Person
) -> None:
    carrier = Broken(Outcome("uncertain", 0, "The connection broke."))
    any_app.extensions["carrier"] = carrier
    sends(ada)

    fact = works(any_app)

    assert fact.state == "failed"
    assert fact.error is not None
    assert "nobody knows whether it has left" in fact.error.what
    assert fact.error.unchanged == "It may have arrived."
    assert len(carrier.carried) == 1


def test_what_is_refused_for_now_is_tried_again_with_the_same_message_id(
    any_app: Flask, ada: Person
) -> None:
    carrier = Broken(Outcome("deferred", 451, "4.3.0 Later"), Outcome("sent", 250, "Ok"))
    any_app.extensions["carrier"] = carrier
    job_id = sends(ada)

    assert works(any_app).state == "waiting"
    assert "The mail server does not take it now." in ada.opens(f"/jobs/{job_id}").text
    with any_app.app_context():
        with transaction() as session:
            session.execute(update(Delivery).values(due_at=clock()))
        assert wake(db.session.scalars(select(Job.id)).one())

    assert works(any_app).state == "succeeded"
    first, second = (message_from_bytes(one.body) for one in carrier.carried)
    assert first["Message-ID"] == second["Message-ID"]


def test_nothing_goes_to_who_has_asked_for_nothing(any_app: Flask, ada: Person) -> None:
    with any_app.app_context():
        suppress("ada@example.org", Cause.UNSUBSCRIBED)
    carrier = Broken()
    any_app.extensions["carrier"] = carrier
    sends(ada)

    fact = works(any_app)

    assert (fact.state, carrier.carried) == ("failed", [])


def test_a_second_attempt_makes_no_second_mailing(any_app: Flask, ada: Person) -> None:
    carrier = Broken(Outcome("deferred", 451, "Later"), Outcome("deferred", 451, "Later"))
    any_app.extensions["carrier"] = carrier
    sends(ada)
    works(any_app)
    with any_app.app_context():
        wake(db.session.scalars(select(Job.id)).one())
    works(any_app)
    with any_app.app_context():
        assert len(db.session.scalars(select(Mailing)).all()) == 1
        assert len(db.session.scalars(select(Delivery)).all()) == 1
