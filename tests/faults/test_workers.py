"""Workers that are killed and stopped: no job is lost, none is done twice."""

import random
import signal
import time
import uuid

import pytest
from sqlalchemy import func, select, update

from dashboard.extensions import db
from dashboard.models import Artifact, Attempt, DeadLetter, Job, Outcome, State, transaction
from tests.faults.conftest import Stands
from tests.faults.stand import Stand, busy_child

pytestmark = pytest.mark.faults


def test_a_killed_child_loses_nothing(alone: Stand) -> None:
    worker = alone.parts.worker()
    alone.hold()
    job_id = alone.start(rows=1_000_000)
    alone.writes(job_id)
    alone.release()
    busy_child(worker).kill()
    alone.becomes(job_id, lambda fact: fact.attempt == 2)
    fact = alone.ends(job_id)
    assert (fact.state, fact.attempt) == ("succeeded", 2)
    assert fact.files[0].rows == 1_000_000
    assert any("stopped suddenly" in line.text for line in fact.lines)
    assert alone.outcomes(job_id) == [Outcome.LOST, Outcome.SUCCEEDED]
    assert alone.named() <= alone.stored()


def test_the_jobs_of_a_killed_worker_are_done_by_another_when_their_leases_are_over(
    alone: Stand,
) -> None:
    alone.parts.scheduler(wait=False)
    worker = alone.parts.worker("first")
    alone.hold()
    job_id = alone.start(rows=1_000_000)
    alone.runs(job_id)
    alone.parts.stop(worker, signal.SIGKILL)
    alone.release()
    alone.parts.worker("second")
    fact = alone.ends(job_id)
    assert (fact.state, fact.attempt) == ("succeeded", 2)


def test_workers_killed_again_and_again_under_a_backlog_lose_nothing(stands: Stands) -> None:
    stand = stands(LEASE_SECONDS=1, MAX_ACTIVE_JOBS=1000)
    count = 100
    ids = [stand.start(rows=number) for number in range(1, count + 1)]
    with stand.app.app_context(), transaction() as session:
        session.execute(update(Job).values(max_attempts=9))  # Each kill may hit the same job.
    stand.parts.scheduler(wait=False)
    dice = random.Random(2026)
    for kill in range(3):
        worker = stand.parts.worker(f"kill-{kill}")
        time.sleep(dice.uniform(0.1, 0.6))  # Anywhere in the life of a job.
        stand.parts.stop(worker, signal.SIGKILL)
    stand.parts.worker("last")
    ended = select(func.count()).where(Job.state == State.SUCCEEDED)
    stand.until(lambda: db.session.execute(ended).scalar_one() == count)
    with stand.app.app_context():
        rows = db.session.execute(select(Artifact.job_id, Artifact.rows)).all()
        done = select(Attempt.job_id).where(Attempt.outcome == Outcome.SUCCEEDED)
        assert sorted(db.session.scalars(done)) == sorted(ids)
    assert {row.job_id: row.rows for row in rows} == dict(
        zip(ids, range(1, count + 1), strict=True)
    )
    assert len(rows) == count


def test_a_worker_with_time_enough_ends_its_jobs_before_it_stops(alone: Stand) -> None:
    worker = alone.parts.worker(FLASK_CELERY__worker_soft_shutdown_timeout="25")
    job_id = alone.start(rows=150_000)
    alone.writes(job_id)
    assert alone.parts.stop(worker) == 0
    fact = alone.becomes(job_id, lambda fact: fact.is_final, 1)
    assert (fact.state, fact.attempt) == ("succeeded", 1)
    assert alone.outcomes(job_id) == [Outcome.SUCCEEDED]


def test_a_worker_without_time_hands_its_job_back_and_that_costs_no_attempt(alone: Stand) -> None:
    worker = alone.parts.worker("first", FLASK_CELERY__worker_soft_shutdown_timeout="1")
    alone.hold()
    job_id = alone.start(rows=1_000_000)
    alone.writes(job_id)
    assert alone.parts.stop(worker) == 0
    fact = alone.becomes(job_id, lambda fact: fact.state == "queued")
    assert fact.attempt == 0
    assert alone.outcomes(job_id) == [Outcome.HANDED_BACK]
    assert alone.stored() == set()
    alone.parts.worker("second")
    assert alone.runs(job_id).attempt == 1


def test_a_worker_killed_while_it_stops_loses_nothing(alone: Stand) -> None:
    alone.parts.scheduler(wait=False)
    worker = alone.parts.worker("first", FLASK_CELERY__worker_soft_shutdown_timeout="20")
    alone.hold()
    job_id = alone.start(rows=1_000_000)
    alone.writes(job_id)
    worker.terminate()
    time.sleep(0.3)  # It has begun to stop.
    alone.parts.stop(worker, signal.SIGKILL)
    alone.release()
    alone.parts.worker("second")
    fact = alone.ends(job_id)
    assert (fact.state, fact.attempt) == ("succeeded", 2)
    assert alone.outcomes(job_id) == [Outcome.LOST, Outcome.SUCCEEDED]


def test_a_job_that_kills_its_worker_every_time_fails_while_others_keep_flowing(
    alone: Stand,
) -> None:
    worker = alone.parts.worker(slots=1)
    poison = alone.start(rows=100_000_000)
    others = []
    for attempt in (1, 2, 3):
        writes_again(alone, poison, attempt)
        others.append(alone.start(rows=attempt))
        busy_child(worker).kill()
    fact = alone.ends(poison)
    assert (fact.state, fact.attempt) == ("failed", 3)
    assert fact.error is not None
    assert "stopped suddenly" in fact.error.what
    assert alone.outcomes(poison) == [Outcome.LOST] * 3
    assert [alone.ends(other).state for other in others] == ["succeeded"] * 3
    with alone.app.app_context():
        assert db.session.scalars(select(DeadLetter.job_id)).all() == [poison]


def writes_again(stand: Stand, job_id: uuid.UUID, attempt: int) -> None:
    """Wait until this attempt writes the job's file."""
    stand.becomes(job_id, lambda fact: fact.attempt == attempt and bool(fact.progress.done))
