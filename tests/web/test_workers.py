"""What does the work, and what waits for it; and the outbox."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from dashboard.jobs.claim import claim
from dashboard.mail import Letter, Outbox
from dashboard.models import Process, Queue, clock, transaction
from tests.people import Person, words
from tests.web.desk import Desk


def heard(app: Flask, name: str, *, ago: timedelta = timedelta(0)) -> None:
    """Let a worker have been heard of."""
    with app.app_context(), transaction() as session:
        worker = Process(name=name, part="worker", host="here", pid=1, slots=2)
        worker.queues = ["reports"]
        worker.started_at = worker.heard_at = clock() - ago
        session.add(worker)


def test_without_a_worker_the_page_says_that_jobs_wait(desk: Desk, staff: Person) -> None:
    desk.queued(staff)

    said = words(staff.opens("/workers").text)

    assert "reports" in said
    assert "No worker" in said


def test_the_page_shows_who_works_on_what(
    app: Flask, desk: Desk, staff: Person, colleague: Person
) -> None:
    heard(app, "worker@here")
    job_id = desk.running(staff)

    page = colleague.opens("/workers").text

    assert "R-1" in page
    assert "Totals" not in page
    assert desk.fact(job_id).worker == "worker@here"


def test_a_worker_that_fell_silent_is_shown_as_such(app: Flask, staff: Person) -> None:
    heard(app, "worker@here", ago=timedelta(minutes=3))

    assert "No answer" in words(staff.opens("/workers").text)


def test_an_administrator_pauses_a_queue_and_lets_it_flow_again(
    app: Flask, desk: Desk, admin: Person, staff: Person
) -> None:
    desk.queued(staff)

    def take() -> bool:
        with app.app_context():
            return claim("reports", worker="w", task_id="t") is not None

    admin.sends("/workers/pause", "/workers", queue="reports")
    assert "The queue “reports” is paused." in words(admin.opens("/workers").text)
    assert not take()

    admin.sends("/workers/pause", "/workers", queue="reports")
    assert take()
    acts = [*desk.audit("queue.pause"), *desk.audit("queue.resume")]
    assert [(entry.user_id, entry.detail) for entry in acts] == [
        (admin.id, {"queue": "reports"}),
        (admin.id, {"queue": "reports"}),
    ]


def test_a_queue_without_a_name_is_none(app: Flask, admin: Person) -> None:
    assert admin.sends("/workers/pause", "/workers", queue="").status_code == 400
    with app.app_context(), transaction() as session:
        assert session.query(Queue).count() == 0


def test_staff_have_no_button_that_pauses(staff: Person, admin: Person) -> None:
    assert "/workers/pause" in admin.opens("/workers").text
    assert "/workers/pause" not in staff.opens("/workers").text


@pytest.fixture
def letter(app: Flask) -> Letter:
    """Keep an e-mail in the outbox."""
    letter = Letter(
        to="mara@example.org",
        to_name="Mara",
        subject="Totals <b>is</b> ready",
        text="Hello <script>alert(1)</script>\n",
        message_id="<1@bellhop.invalid>",
        date=datetime(2026, 11, 21, tzinfo=UTC),
    )
    app.extensions["mailer"].send(letter)
    return letter


def test_an_administrator_reads_the_outbox(admin: Person, letter: Letter) -> None:
    page = admin.opens("/outbox").text
    assert "Totals &lt;b&gt;is&lt;/b&gt; ready" in page

    found = re.search(r'href="(/outbox/[^"]+)"', page)
    assert found is not None
    mail = admin.opens(found.group(1)).text

    assert "Hello &lt;script&gt;" in mail
    assert "<script>alert" not in mail


@pytest.mark.parametrize("letter_id", ["..", "x", "..%2fledger", "%2e%2e", "*", "%00"])
def test_only_what_the_outbox_kept_can_be_read(
    admin: Person, letter: Letter, letter_id: str
) -> None:
    assert admin.opens(f"/outbox/{letter_id}").status_code == 404


def test_without_an_outbox_the_page_says_where_mails_go(app: Flask, admin: Person) -> None:
    assert isinstance(app.extensions["mailer"], Outbox)
    app.extensions["mailer"] = object()

    answer = admin.opens("/outbox")

    assert answer.status_code == 404
    assert "E-mails leave by SMTP here; none is kept." in words(answer.text)
