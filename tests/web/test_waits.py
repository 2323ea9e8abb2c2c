"""Why a job waits, in words: who or what it waits for, and for how long that usually is."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from dashboard.extensions import db
from dashboard.models import Job, Process, Queue, User, clock, transaction
from dashboard.web import waits
from tests.people import Person, words
from tests.web.desk import Desk
from tests.web.streams import Streams


def answers(app: Flask, name: str = "w@here", *, slots: int = 1, queue: str = "reports") -> None:
    """Let a worker be heard of."""
    with app.app_context(), transaction() as session:
        worker = Process(name=name, part="worker", host="here", pid=1, slots=slots)
        worker.queues, worker.started_at, worker.heard_at = [queue], clock(), clock()
        session.add(worker)


def page_of(person: Person, job_id: str) -> str:
    return words(person.opens(f"/jobs/{job_id}").text)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "ask an administrator."),
        (("Tom Fischer",), "ask Tom Fischer."),
        (("Tom Fischer", "Mara Berg"), "ask Mara Berg or Tom Fischer."),
        (
            ("Tom Fischer", "Mara Berg", "Zoe Zander", "Ute Urban"),
            "ask Mara Berg, Tom Fischer or another administrator.",
        ),
    ],
)
def test_where_no_worker_takes_a_queue_the_page_names_whom_to_ask(
    app: Flask, desk: Desk, staff: Person, names: tuple[str, ...], said: str
) -> None:
    for name in names:
        Person.joins(app, name, role="admin")
    answers(app, queue="others")
    job_id = desk.queued(staff)

    assert f"No worker takes reports: {said} The job starts by itself" in page_of(staff, job_id)


def test_an_administrator_is_never_told_to_ask_themselves(
    app: Flask, desk: Desk, admin: Person
) -> None:
    job_id = desk.queued(admin)
    alone = page_of(admin, job_id)
    Person.joins(app, "Tom Fischer", role="admin")

    assert "No worker takes reports: ask the person who runs the servers." in alone
    assert "No worker takes reports: ask Tom Fischer." in page_of(admin, job_id)


def test_an_administrator_who_may_not_sign_in_is_not_named(
    app: Flask, desk: Desk, staff: Person
) -> None:
    gone = Person.joins(app, "Gone Grey", role="admin")
    with app.app_context(), transaction() as session:
        session.get_one(User, gone.id).active = False

    assert "Gone Grey" not in page_of(staff, desk.queued(staff))


def test_a_worker_that_fell_silent_takes_nothing(app: Flask, desk: Desk, staff: Person) -> None:
    answers(app)
    job_id = desk.queued(staff)
    assert "A worker is free, so the job starts in a moment." in page_of(staff, job_id)
    with app.app_context(), transaction() as session:
        session.execute(update(Process).values(heard_at=clock() - timedelta(minutes=1)))

    assert "No worker takes reports" in page_of(staff, job_id)


def test_busy_places_are_counted(app: Flask, desk: Desk, staff: Person) -> None:
    answers(app, "worker@here")
    desk.running(staff)
    job_id = desk.queued(staff)
    assert "The worker is busy." in page_of(staff, job_id)

    answers(app, "other@here", slots=2)
    assert "A worker is free" in page_of(staff, job_id)
    with app.app_context(), transaction() as session:
        session.execute(update(Process).where(Process.name == "other@here").values(slots=0))
        session.execute(update(Process).where(Process.name == "worker@here").values(slots=2))
    desk.running(staff, "orders")
    last = desk.queued(staff)
    # Of the three the one that came first was taken.
    assert "All 2 places of the workers are busy." in page_of(staff, last)


def test_a_paused_queue_says_who_paused_it(
    app: Flask, desk: Desk, staff: Person, admin: Person
) -> None:
    answers(app)
    job_id = desk.queued(staff)
    admin.sends("/workers/pause", "/workers", queue="reports")

    said = "has paused the queue reports. The job starts by itself once it flows."
    assert f"Ada Admin {said}" in page_of(staff, job_id)
    with app.app_context(), transaction() as session:
        session.execute(update(Queue).values(paused_by_id=None))
    assert f"An administrator {said}" in page_of(staff, job_id)


def test_a_job_of_a_kind_that_is_gone_says_so_and_whom_to_ask(
    app: Flask, desk: Desk, staff: Person, admin: Person
) -> None:
    answers(app)
    job_id = desk.queued(staff)
    app.extensions["families"] = ()

    page = page_of(staff, job_id)

    assert "it was renamed or removed. Cancel the job, or ask Ada Admin to bring it back." in page
    assert "Usual wait" not in page


def test_what_waits_for_somebody_warns_and_what_only_waits_does_not(
    app: Flask, desk: Desk, staff: Person
) -> None:
    job_id = desk.queued(staff)
    warning = '<div class="notice" data-tone="warn">'
    assert warning in staff.opens(f"/jobs/{job_id}").text
    answers(app)
    assert warning not in staff.opens(f"/jobs/{job_id}").text


def test_the_usual_wait_is_that_of_the_last_jobs_of_the_queue(
    app: Flask, desk: Desk, staff: Person
) -> None:
    answers(app)
    for _ in range(waits.LEAST - 1):
        desk.succeeded(staff)
    job_id = desk.queued(staff)
    assert "Usual wait" not in page_of(staff, job_id)
    desk.cancels(job_id, staff)
    desk.succeeded(staff)
    with app.app_context(), transaction() as session:
        for number, job in enumerate(session.scalars(select(Job).order_by(Job.serial))):
            if job.started_at is not None:
                job.created_at = job.started_at - timedelta(seconds=10 + number * 10)

    job_id = desk.queued(staff)

    # 10, 20 and 40 seconds: the cancelled one in between never began.
    assert "Usual wait about 20 s" in page_of(staff, job_id)
    with app.app_context():
        assert waits.usual_wait("others") is None


def test_the_reason_and_the_usual_wait_reach_the_open_page(
    app: Flask, desk: Desk, staff: Person, streams: Streams
) -> None:
    for _ in range(waits.LEAST):
        desk.succeeded(staff)
    answers(app)
    job_id = desk.queued(staff)
    page = streams.page(staff, "job", job_id)

    begin = page.hears("fragment", "A worker is free")

    assert "Usual wait" in words(begin.data)


def test_the_page_of_a_waiting_job_asks_the_ledger_no_more_for_more_jobs(
    app: Flask, desk: Desk, staff: Person
) -> None:
    answers(app)
    job_id = desk.queued(staff)

    def asked() -> int:
        counted = 0

        def count(*_: object) -> None:
            nonlocal counted
            counted += 1

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", count)
        staff.opens(f"/jobs/{job_id}")
        event.remove(engine, "before_cursor_execute", count)
        return counted

    few = asked()
    for number in range(30):
        desk.queued(staff, "orders", name=str(number))
    assert asked() == few
