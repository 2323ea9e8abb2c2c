"""Dead letters: which failures need attention, who is told, and how often."""

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard import create_app, jobs
from dashboard.extensions import db
from dashboard.jobs import Fact, dead_letters, ending, find, sweep
from dashboard.jobs.claim import Claim, claim
from dashboard.jobs.errors import Failure, Permanent, Transient, Verdict, judge
from dashboard.mail import Outbox
from dashboard.mail.outbox import Kept
from dashboard.models import (
    Attempt,
    AuditEntry,
    DeadLetter,
    Job,
    Notice,
    Process,
    Role,
    State,
    User,
    clock,
    transaction,
)
from dashboard.sources import QueryError
from dashboard.web.users import add_user
from tests.jobs.conftest import kind, with_kinds
from tests.jobs.test_working import start as start_report
from tests.parts import Parts, becomes, ends, only_child, parts_of, until

POISON = Verdict(Failure("Its data cannot be read."), retry=False, attention=True)
BROKEN = """/*
title = "Broken"
summary = "Its table is not there."
source = "numbers"
*/
SELECT * FROM nowhere
"""
COUNTING = Path(__file__).parents[1] / "reports_slow" / "counting.sql"


def take() -> Claim:
    """Claim the next job, which must be there."""
    claimed = claim("reports", worker="one@here", task_id=uuid.uuid4().hex)
    assert claimed is not None
    return claimed


def start(by: int, again_of: Job | None = None) -> Job:
    """Start a job for the person."""
    found = find("count")
    assert found is not None
    user = db.session.get_one(User, by)
    key = uuid.uuid4().hex
    return jobs.start(found, {"what": "sheep"}, by=user, key=key, again_of=again_of).job


def dead(by: int, verdict: Verdict = POISON) -> Job:
    """Give a job that has failed."""
    start(by)
    held = take()
    return ending.fail(held.job.id, held.fence, verdict)


def letters() -> list[Notice]:
    """Give the letters that were written to administrators."""
    return list(db.session.scalars(select(Notice).order_by(Notice.id)))


@pytest.fixture
def ada(desk: Flask) -> int:
    """Give the id of an administrator."""
    with desk.app_context():
        return add_user("ada@example.org", "Ada", Role.ADMIN, "secret secret").id


@pytest.mark.parametrize(
    ("error", "counts"),
    [
        (Permanent("The period ends before it begins."), False),
        (Permanent("The disk is full.", attention=True), True),
        (QueryError("There is no table called orders."), True),
        (KeyError("region"), True),
        (MemoryError(), True),
    ],
)
def test_only_a_failure_that_staff_cannot_mend_needs_attention(
    desk: Flask, mara: int, error: Exception, counts: bool
) -> None:
    with desk.app_context():
        job = dead(mara, judge(error))
        assert job.state == State.FAILED
        assert dead_letters.count() == counts


def test_what_was_tried_again_and_again_needs_attention_only_at_the_end(
    desk: Flask, mara: int
) -> None:
    with_kinds(desk, kind(max_attempts=2))
    desk.config["RETRY_BASE_SECONDS"] = 0
    with desk.app_context():
        job = dead(mara, judge(Transient("The line is busy.")))
        assert (job.state, dead_letters.count()) == (State.WAITING, 0)
        sweep.release_due()
        held = take()
        ending.fail(held.job.id, held.fence, judge(Transient("The line is busy.")))
        assert (job.state, dead_letters.count()) == (State.FAILED, 1)
        fact = jobs.fact_of(job)
    assert [(each.number, each.outcome, each.cause) for each in fact.tries] == [
        (1, "retried", "The line is busy."),
        (2, "failed", "The line is busy."),
    ]
    assert fact.needs_attention


def test_dismissing_writes_down_who_when_and_why_and_counts_once(
    desk: Flask, mara: int, jonas: int
) -> None:
    with desk.app_context():
        first, second = dead(mara), dead(mara)
        by, late = db.session.get_one(User, mara), db.session.get_one(User, jonas)
        before = clock()

        assert dead_letters.dismiss([first.id, second.id], by=by, reason="Known.") == 2
        assert dead_letters.dismiss([first.id], by=late, reason="Known as well.") == 0

        assert dead_letters.count() == 0
        found = jobs.fact_of(first).attention
        assert found is not None
        assert found.dismissed_by is not None
        assert (found.dismissed_by.id, found.dismissed_by.name) == (mara, "Mara")
        assert found.reason == "Known."
        assert found.dismissed_at is not None
        assert before <= found.dismissed_at <= clock()
        query = select(AuditEntry).where(AuditEntry.action == "job.dismiss")
        entries = list(db.session.scalars(query))
        assert {entry.job_id for entry in entries} == {first.id, second.id}
        assert {entry.user_id for entry in entries} == {mara}


def test_two_people_who_dismiss_at_once_dismiss_each_job_once(
    desk: Flask, mara: int, jonas: int
) -> None:
    with desk.app_context():
        ids = [dead(mara).id for _ in range(6)]
    counted: list[int] = []
    barrier = threading.Barrier(2)

    def dismiss(by: int, order: list[uuid.UUID]) -> None:
        with desk.app_context():
            user = db.session.get_one(User, by)
            barrier.wait()
            counted.append(dead_letters.dismiss(order, by=user, reason="Known."))

    threads = [
        threading.Thread(target=dismiss, args=(mara, ids)),
        threading.Thread(target=dismiss, args=(jonas, ids[::-1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counted) == [0, 6]


def test_running_a_job_again_settles_it(desk: Flask, mara: int) -> None:
    with desk.app_context():
        old = dead(mara)
        new = start(mara, again_of=old)
        assert dead_letters.count() == 0
        found = jobs.fact_of(old).attention
        assert found is not None
        assert found.reason == f"Run again as {new.number}"


def test_a_job_that_was_dismissed_keeps_its_reason_when_it_is_run_again(
    desk: Flask, mara: int
) -> None:
    with desk.app_context():
        old = dead(mara)
        dead_letters.dismiss([old.id], by=db.session.get_one(User, mara), reason="Known.")
        start(mara, again_of=old)
        found = jobs.fact_of(old).attention
        assert found is not None
        assert found.reason == "Known."


def test_one_letter_tells_every_active_administrator_of_all_jobs(
    desk: Flask, mara: int, ada: int
) -> None:
    desk.config["PUBLIC_URL"] = "https://desk.example.org/"
    with desk.app_context():
        gone = add_user("gone@example.org", "Gone", Role.ADMIN, "secret secret")
        other = add_user("other@example.org", "Other", Role.ADMIN, "secret secret")
        with transaction():
            gone.active = False
        numbers = [dead(mara).number for _ in range(12)]

        assert dead_letters.tell_admins() == 12

        written = letters()
        assert {letter.user_id for letter in written} == {ada, other.id}
        assert written[0].subject == "12 jobs need attention"
        text = written[0].text or ""
        assert [number for number in numbers if f"{number}  Count sheep" in text] == numbers[:10]
        assert "and 2 more" in text
        assert "asked for by Mara" in text
        assert "Its data cannot be read." in text
        assert "https://desk.example.org/attention" in text


def test_a_letter_about_one_job_names_it_and_a_long_title_fits(
    desk: Flask, mara: int, ada: int
) -> None:
    with desk.app_context():
        job = dead(mara)
        with transaction():
            job.title = "x" * 500
        assert dead_letters.tell_admins() == 1
        (letter,) = letters()
        assert (letter.subject or "").endswith(f"x… needs attention ({job.number})")
        assert "This job failed and needs somebody’s attention" in (letter.text or "")


def test_no_second_letter_within_a_quarter_of_an_hour(desk: Flask, mara: int, ada: int) -> None:
    with desk.app_context():
        assert dead_letters.tell_admins() == 0
        dead(mara)
        assert dead_letters.tell_admins() == 1
        later = [dead(mara).number for _ in range(3)]
        assert dead_letters.tell_admins() == 0
        _let_pass(timedelta(minutes=14))
        assert dead_letters.tell_admins() == 0
        _let_pass(timedelta(minutes=2))
        assert dead_letters.tell_admins() == 3
        assert dead_letters.tell_admins() == 0
        first, second = letters()
        assert all(number in (second.text or "") for number in later)


def test_what_was_settled_before_anybody_was_told_is_not_told(
    desk: Flask, mara: int, ada: int
) -> None:
    with desk.app_context():
        job = dead(mara)
        dead_letters.dismiss([job.id], by=job.requested_by, reason="Known.")
        assert dead_letters.tell_admins() == 0
        assert letters() == []


def test_nothing_counts_as_told_while_there_is_nobody_to_tell(desk: Flask, mara: int) -> None:
    with desk.app_context():
        dead(mara)
        assert dead_letters.tell_admins() == 0
        add_user("ada@example.org", "Ada", Role.ADMIN, "secret secret")
        assert dead_letters.tell_admins() == 1


def test_a_scheduler_that_comes_second_waits_and_then_keeps_quiet(
    desk: Flask, mara: int, ada: int
) -> None:
    told: list[int] = []
    with desk.app_context():
        first = dead(mara).id
        dead(mara)

        def tell() -> None:
            with desk.app_context():
                told.append(dead_letters.tell_admins())

        second = threading.Thread(target=tell)
        with transaction() as session:
            # Another scheduler is in the middle of it: it knew only the first of the two jobs.
            query = select(DeadLetter).where(DeadLetter.job_id == first)
            session.scalars(query.with_for_update(of=DeadLetter)).one().told_at = clock()
            session.flush()
            second.start()
            second.join(0.5)
            assert told == []
        second.join()
        assert told == [0]
        assert letters() == []


def test_many_schedulers_at_once_write_one_letter(desk: Flask, mara: int, ada: int) -> None:
    with desk.app_context():
        for _ in range(5):
            dead(mara)
    told: list[int] = []
    barrier = threading.Barrier(6)

    def tell() -> None:
        with desk.app_context():
            barrier.wait()
            told.append(dead_letters.tell_admins())

    threads = [threading.Thread(target=tell) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [0, 0, 0, 0, 0, 5]
    with desk.app_context():
        assert len(letters()) == 1


@pytest.fixture
def real_desk(any_app: Flask, tmp_path: Path) -> Flask:
    """Give a desk with a report that counts and a broken one, on each ledger in turn."""
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "broken.sql").write_text(BROKEN)
    (reports / "counting.sql").write_text(COUNTING.read_text())
    (tmp_path / "numbers.db").touch()
    return create_app(
        INSTANCE_PATH=tmp_path,
        REDIS_URL=any_app.config["REDIS_URL"],
        SQLALCHEMY_DATABASE_URI=any_app.config["SQLALCHEMY_DATABASE_URI"],
        SOURCES={"numbers": f"sqlite:///{tmp_path / 'numbers.db'}"},
        REPORTS_DIR=str(reports),
        TICK_SECONDS=1,
        TESTING=True,
    )


@pytest.fixture
def parts(real_desk: Flask, tmp_path: Path) -> Iterator[Parts]:
    """Give the means to start workers and schedulers."""
    with parts_of(real_desk, tmp_path) as parts:
        yield parts
    with real_desk.app_context():
        db.engine.dispose()


@pytest.mark.faults
def test_a_poison_job_ends_while_others_flow_and_two_schedulers_write_one_letter(
    real_desk: Flask, parts: Parts
) -> None:
    with real_desk.app_context():
        add_user("ada@example.org", "Ada", Role.ADMIN, "secret secret")
        mara = add_user("mara@example.org", "Mara", Role.STAFF, "secret secret").id
    worker = parts.worker(slots=1)
    poison = start_report(real_desk, mara, rows=50_000_000)
    for attempt in (1, 2, 3):
        becomes(real_desk, poison, at_work(attempt), log=parts.log)
        only_child(worker).kill()
    fact = ends(real_desk, poison, log=parts.log)
    assert fact.state == "failed"
    assert [each.outcome for each in fact.tries] == ["lost"] * 3
    assert all(each.seconds is not None for each in fact.tries)
    assert fact.needs_attention

    others = [start_report(real_desk, mara, kind, rows=3) for kind in ("broken", "counting")]
    states = [ends(real_desk, job_id, log=parts.log).state for job_id in others]
    assert states == ["failed", "succeeded"]

    for _ in range(2):
        parts.scheduler()
    until(real_desk, lambda: bool(_outbox(real_desk)), 30, log=parts.log)
    ticked(real_desk, parts, 4)
    (letter,) = _outbox(real_desk)
    assert (letter.to, letter.subject) == ("Ada <ada@example.org>", "2 jobs need attention")
    assert fact.number in letter.text

    late = start_report(real_desk, mara, "broken")
    ends(real_desk, late, log=parts.log)
    ticked(real_desk, parts, 4)
    assert len(_outbox(real_desk)) == 1
    with real_desk.app_context():
        _let_pass(timedelta(minutes=16))
    until(real_desk, lambda: len(_outbox(real_desk)) == 2, 30, log=parts.log)
    ticked(real_desk, parts, 2)
    assert len(_outbox(real_desk)) == 2
    with real_desk.app_context():
        assert db.session.scalars(select(Attempt).where(Attempt.ended_at.is_(None))).all() == []


def at_work(attempt: int) -> Callable[[Fact], bool]:
    """Give whether a job is in the middle of the attempt."""

    def holds(fact: Fact) -> bool:
        return fact.state == "running" and fact.attempt == attempt and bool(fact.progress.done)

    return holds


def ticked(app: Flask, parts: Parts, times: int) -> None:
    """Wait until the schedulers have said *times* times that they are alive."""
    seen: set[object] = set()

    def enough() -> bool:
        query = select(Process.heard_at).where(Process.part == "scheduler")
        seen.update(db.session.scalars(query))
        return len(seen) > times

    until(app, enough, 60, log=parts.log)


def _outbox(app: Flask) -> list[Kept]:
    outbox = app.extensions["mailer"]
    assert isinstance(outbox, Outbox)
    return outbox.read()


def _let_pass(time: timedelta) -> None:
    """Let the last letter have been written that much earlier."""
    with transaction() as session:
        told = session.scalars(
            select(DeadLetter.told_at).where(DeadLetter.told_at.is_not(None)).limit(1)
        ).one()
        assert told is not None
        session.execute(
            update(DeadLetter)
            .where(DeadLetter.told_at.is_not(None))
            .values(told_at=told - time)
            .execution_options(synchronize_session=False)
        )
