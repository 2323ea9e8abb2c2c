"""The life of a job in the ledger: start, claim, end; each write guarded by the fence."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import TooManyJobs, ending, find, sweep
from dashboard.jobs.claim import Claim, claim
from dashboard.jobs.errors import Failure, LeaseLost, Transient, Verdict, judge
from dashboard.models import (
    Artifact,
    AuditEntry,
    Job,
    LogLine,
    Notice,
    Queue,
    State,
    User,
    WrongState,
    clock,
    transaction,
)
from tests.jobs.conftest import kind, with_kinds

PERMANENT = Verdict(Failure("It cannot be done."), retry=False)
PASSING = judge(Transient("The line is busy."))


def start(user_id: int, key: str | None = None, **changes: Any) -> Job:
    """Start a job for the person."""
    found = find("count")
    assert found is not None
    by = db.session.get_one(User, user_id)
    params = {"what": "sheep"}
    return jobs.start(found, params, by=by, key=key or uuid.uuid4().hex, **changes).job


def take(queue: str = "reports") -> Claim:
    """Claim the next job, which must be there."""
    claimed = claim(queue, worker="worker@here", task_id=uuid.uuid4().hex)
    assert claimed is not None
    return claimed


def artifact() -> Artifact:
    """Give a file that a work has stored."""
    return Artifact(
        id=uuid.uuid4(),
        name="sheep.csv",
        format="csv",
        media_type="text/csv",
        key=uuid.uuid4().hex,
        size=3,
        sha256="0" * 64,
    )


# Every way to end an attempt.
ENDS: tuple[Callable[[Claim], Job], ...] = (
    lambda held: ending.succeed(held.job.id, held.fence, [artifact()], {}),
    lambda held: ending.fail(held.job.id, held.fence, PASSING),
    lambda held: ending.cancelled(held.job.id, held.fence),
    lambda held: ending.hand_back(held.job.id, held.fence),
)


def test_the_same_key_gives_the_same_job(desk: Flask, mara: int) -> None:
    with desk.app_context():
        first = start(mara, key="pressed")
        again = start(mara, key="pressed")
        assert first.id == again.id
        assert db.session.scalar(select(func.count()).select_from(Job)) == 1


def test_twenty_presses_at_once_start_one_job(desk: Flask, mara: int) -> None:
    ids = []

    def press() -> None:
        with desk.app_context():
            ids.append(start(mara, key="pressed").id)

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 20
    assert len(set(ids)) == 1


def test_a_start_is_written_down_with_who_and_what(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = start(mara)
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.job_id == job.id)).one()
        assert (entry.action, entry.user_id) == ("job.start", mara)


def test_a_person_may_not_have_more_jobs_than_the_limit(desk: Flask, mara: int) -> None:
    desk.config["MAX_ACTIVE_JOBS"] = 2
    with desk.app_context():
        start(mara)
        start(mara)
        with pytest.raises(TooManyJobs, match="You have 2 jobs"):
            start(mara)


def test_a_claim_sets_the_job_running_under_a_new_fence(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = start(mara)
        claimed = take()
        assert claimed.job.id == job.id
        assert (job.state, job.fence, job.attempts_used) == (State.RUNNING, 1, 1)
        assert job.lease_until is not None
        assert job.lease_until > clock() + timedelta(seconds=20)
        assert claim("reports", worker="w", task_id="t") is None


def test_a_hint_too_many_finds_nothing(desk: Flask) -> None:
    with desk.app_context():
        assert claim("reports", worker="w", task_id="t") is None


def test_many_workers_at_once_claim_each_job_once(desk: Flask, mara: int) -> None:
    with desk.app_context():
        wanted = {start(mara).id for _ in range(12)}
    taken = []

    def work() -> None:
        with desk.app_context():
            while (claimed := claim("reports", worker="w", task_id="t")) is not None:
                taken.append(claimed.job.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(wanted)


def test_people_are_served_in_turn(desk: Flask, mara: int, jonas: int) -> None:
    with desk.app_context():
        for _ in range(3):
            start(mara)
        start(jonas)
        order = [take().job.requested_by_id for _ in range(4)]
        assert order == [mara, jonas, mara, mara]


def test_a_paused_queue_gives_nothing_until_it_flows_again(desk: Flask, mara: int) -> None:
    with desk.app_context():
        start(mara)
        with transaction() as session:
            session.add(Queue(name="reports", paused_at=clock()))
        assert claim("reports", worker="w", task_id="t") is None
        with transaction() as session:
            session.get_one(Queue, "reports").paused_at = None
        take()


def test_a_kind_that_this_worker_does_not_know_is_left(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = start(mara)
        with_kinds(desk, kind("other"))
        assert claim("reports", worker="w", task_id="t") is None
        assert job.state == State.QUEUED


def test_success_shows_the_files_and_the_end_together(desk: Flask, mara: int) -> None:
    with desk.app_context():
        start(mara, notify=True)
        claimed = take()
        job = ending.succeed(claimed.job.id, claimed.fence, [artifact()], {"rows": 3})
        assert job.state == State.SUCCEEDED
        fact = jobs.fact_of(job)
        assert [file.name for file in fact.files] == ["sheep.csv"]
        assert fact.progress.percent == 100
        assert db.session.scalars(select(Notice)).one().user_id == mara


def test_an_attempt_that_lost_its_fence_can_write_nothing(desk: Flask, mara: int) -> None:
    with desk.app_context():
        start(mara)
        old = take()
        assert ending.take_back(old.job.id, old.fence) is not None
        new = take()
        assert new.fence == old.fence + 1
        for end in ENDS:
            with pytest.raises(LeaseLost):
                end(old)
        assert ending.take_back(old.job.id, old.fence) is None
        assert db.session.scalar(select(func.count()).select_from(Artifact)) == 0
        assert new.job.state == State.RUNNING


def test_a_permanent_error_fails_at_once_in_plain_words(desk: Flask, mara: int) -> None:
    with desk.app_context():
        start(mara)
        claimed = take()
        job = ending.fail(claimed.job.id, claimed.fence, PERMANENT, "Traceback …")
        fact = jobs.fact_of(job)
        assert job.state == State.FAILED
        assert fact.error is not None
        assert fact.error.what == "It cannot be done."
        assert fact.error.unchanged == "No file was made and no data was changed."


def test_a_passing_error_waits_and_fails_after_the_last_attempt(desk: Flask, mara: int) -> None:
    desk.config["RETRY_BASE_SECONDS"] = 0
    with desk.app_context():
        start(mara)
        for attempt in (1, 2):
            claimed = take()
            job = ending.fail(claimed.job.id, claimed.fence, PASSING)
            assert (job.state, job.attempts_used) == (State.WAITING, attempt)
            assert sweep.release_due() == 1
        claimed = take()
        job = ending.fail(claimed.job.id, claimed.fence, PASSING)
        assert (job.state, job.attempts_used) == (State.FAILED, 3)


def test_the_pause_doubles_with_jitter_up_to_its_limit(desk: Flask) -> None:
    with desk.app_context():
        for attempt, pause in ((1, 5), (2, 10), (3, 20), (12, 600)):
            lengths = {ending.backoff(attempt) for _ in range(50)}
            assert min(lengths) >= pause * 0.5
            assert max(lengths) <= pause * 1.5
            assert len(lengths) > 40


def test_a_hand_back_costs_no_attempt_but_a_fence(desk: Flask, mara: int) -> None:
    with desk.app_context():
        start(mara)
        claimed = take()
        job = ending.hand_back(claimed.job.id, claimed.fence)
        assert (job.state, job.attempts_used, job.fence) == (State.QUEUED, 0, 1)
        assert take().fence == 2


def test_a_worker_that_dies_every_time_ends_as_failed(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = start(mara)
        for _ in range(3):
            claimed = take()
            ending.take_back(claimed.job.id, claimed.fence)
        assert job.state == State.FAILED
        assert job.error is not None
        assert "stopped suddenly" in job.error["what"]


def test_an_expired_lease_is_taken_back_once(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = start(mara)
        take()
        assert sweep.take_back_expired() == 0
        with transaction() as session:
            session.execute(update(Job).values(lease_until=clock() - timedelta(seconds=1)))
        assert sweep.take_back_expired() == 1
        assert sweep.take_back_expired() == 0
        assert job.state == State.QUEUED


def test_a_queued_job_is_cancelled_at_once_and_never_claimed(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = start(mara, notify=True)
        jobs.cancel(job.id, by=job.requested_by)
        assert job.state == State.CANCELLED
        assert claim("reports", worker="w", task_id="t") is None
        assert db.session.scalars(select(Notice)).all() == []


def test_a_cancel_before_the_end_wins_over_success_and_hand_back(desk: Flask, mara: int) -> None:
    with desk.app_context():
        for end in ENDS:
            job = start(mara)
            claimed = take()
            jobs.cancel(job.id, by=job.requested_by)
            assert job.state == State.RUNNING
            assert jobs.fact_of(job).word == "Stopping"
            end(claimed)
            assert job.state == State.CANCELLED
        assert db.session.scalar(select(func.count()).select_from(Artifact)) == 0


def test_a_cancel_of_an_ended_job_changes_nothing(desk: Flask, mara: int) -> None:
    with desk.app_context():
        start(mara)
        claimed = take()
        job = ending.succeed(claimed.job.id, claimed.fence, [], {})
        jobs.cancel(job.id, by=job.requested_by)
        assert job.state == State.SUCCEEDED
        assert job.cancel_requested_at is None


def test_a_final_state_has_no_way_out(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = start(mara)
        jobs.cancel(job.id, by=job.requested_by)
        with pytest.raises(WrongState, match="cannot become"):
            job.enter(State.QUEUED)
        db.session.rollback()


def test_the_log_tells_the_life(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = start(mara)
        claimed = take()
        ending.fail(claimed.job.id, claimed.fence, PASSING)
        lines = db.session.scalars(
            select(LogLine.text).where(LogLine.job_id == job.id).order_by(LogLine.id)
        ).all()
        assert lines[0] == "Started on worker@here, attempt 1 of 3"
        assert lines[1] == "The line is busy."
        assert lines[2].startswith("Waiting ")
        assert lines[2].endswith("then attempt 2 of 3")
