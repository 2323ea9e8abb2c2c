"""A broker that dies, freezes, forgets and stammers: the ledger knows what is to be done."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from subprocess import Popen
from uuid import UUID

import psutil
import pytest
from sqlalchemy import func, select

from dashboard.extensions import db
from dashboard.jobs import hints
from dashboard.models import Attempt, Job, Outcome, Part, Process, State, clock
from tests.faults.broker import Broker
from tests.faults.conftest import Stands
from tests.faults.stand import Stand
from tests.parts import ROOT
from tests.people import words

pytestmark = pytest.mark.faults

CONSUMES_AGAIN_SECONDS = 45.0  # Celery connects again within 15 s on a machine that is quiet.
LONG_ROWS = 100_000_000


def worker_of(stand: Stand) -> "Popen[bytes]":
    """Give the shared desk's worker."""
    return stand.parts.running[-1]


@pytest.mark.parametrize("busy", [1, 2, 0], ids=["one of two slots", "both slots", "no slot"])
def test_a_worker_outlives_its_broker_whatever_it_does(
    shared: Stand, shared_broker: Broker, busy: int
) -> None:
    outlives(shared, shared_broker, busy)
    shared.until(lambda: heard_lately(shared))


def test_the_pinned_celery_outlives_its_broker_with_late_acknowledgement_as_well(
    stands: Stands, broker: Broker
) -> None:
    # Celery 5.7.0 does not: a worker of which some, but not all slots are busy dies then.
    stand = stands(REDIS_URL=broker.url)
    stand.parts.worker(slots=2, FLASK_CELERY__task_acks_late="true")
    outlives(stand, broker, busy=1)


def outlives(stand: Stand, broker: Broker, busy: int) -> None:
    """Restart the broker while *busy* slots of the worker are at work, and see it go on."""
    running = [stand.start(rows=LONG_ROWS + number) for number in range(busy)]
    for job_id in running:
        stand.writes(job_id)
    broker.is_down_for(1.0)
    for job_id in running:
        stand.cancel(job_id)
        assert stand.ends(job_id).state == "cancelled"
    fact = stand.ends(stand.start(rows=3), CONSUMES_AGAIN_SECONDS)
    assert (fact.state, fact.attempt) == ("succeeded", 1)
    assert worker_of(stand).poll() is None


def heard_lately(stand: Stand) -> bool:
    """Whether the worker still says that it lives."""
    query = select(Process.heard_at).where(Process.part == Part.WORKER)
    return bool(db.session.scalars(query).one() > clock() - timedelta(seconds=6))


def test_a_running_job_goes_on_while_the_broker_is_frozen(
    shared: Stand, shared_broker: Broker
) -> None:
    job_id = shared.start(rows=LONG_ROWS)
    before = shared.writes(job_id)
    shared_broker.freeze()
    try:
        done = before.progress.done or 0
        shared.becomes(job_id, lambda fact: (fact.progress.done or 0) > done)
        time.sleep(3)
        with shared.app.app_context():
            then = db.session.scalars(select(Job.progress_done).where(Job.id == job_id)).one() or 0
        # Whatever was blocked has given up by now: the job goes on without a broker.
        shared.becomes(job_id, lambda fact: (fact.progress.done or 0) > then)
        shared.cancel(job_id)
        assert shared.ends(job_id).state == "cancelled"
    finally:
        shared_broker.thaw()
    assert shared.ends(shared.start(rows=3), CONSUMES_AGAIN_SECONDS).state == "succeeded"


@pytest.mark.parametrize("how", ["refused", "frozen"])
def test_pressing_while_the_broker_is_away_is_answered_and_the_job_runs_afterwards(
    shared: Stand, shared_broker: Broker, how: str
) -> None:
    (shared_broker.kill if how == "refused" else shared_broker.freeze)()
    try:
        for rows in (41, 42):
            # While nobody takes the hint: whoever waited for that would wait for ever.
            answer = shared.mara.sends("/new/counting", rows=rows, formats="csv")
            page = shared.mara.opens(answer.location)
            assert answer.status_code == 303
            assert "Waiting" in words(page.text)
    finally:
        (shared_broker.start if how == "refused" else shared_broker.thaw)()
    job_id = UUID(answer.location.rpartition("/")[2])
    assert shared.ends(job_id, CONSUMES_AGAIN_SECONDS).state == "succeeded"


def test_a_cancel_needs_no_broker(shared: Stand, shared_broker: Broker) -> None:
    running = shared.start(rows=LONG_ROWS)
    shared.writes(running)
    shared_broker.kill()
    try:
        waiting = shared.start(rows=LONG_ROWS + 1)
        for job_id in (running, waiting):
            shared.cancel(job_id)
            assert shared.ends(job_id).state == "cancelled"
    finally:
        shared_broker.start()
    assert shared.outcomes(waiting) == []
    assert shared.ends(shared.start(rows=3), CONSUMES_AGAIN_SECONDS).state == "succeeded"


def test_hints_delivered_three_times_do_each_job_once(shared: Stand) -> None:
    celery = shared.app.extensions["celery"]
    ids = []
    for rows in range(1, 11):
        ids.append(shared.start(rows=rows * 1000))
        for _ in range(3):
            celery.send_task(hints.RUN, args=["reports"], queue="reports", ignore_result=True)
    for job_id in ids:
        assert shared.ends(job_id).state == "succeeded"
        assert shared.outcomes(job_id) == [Outcome.SUCCEEDED]


CRASH = """
import os, signal, sys
from dashboard import create_app, jobs
from dashboard.extensions import db
from dashboard.jobs import find, hints
from dashboard.models import User

hints.wake = lambda *args, **kwargs: os.kill(os.getpid(), signal.SIGKILL)
app = create_app()
with app.app_context():
    user = db.session.get_one(User, int(sys.argv[1]))
    jobs.start(find("counting"), {"formats": ["csv"], "rows": 7}, by=user, key="crash")
"""


def test_a_crash_between_the_commit_and_the_hint_loses_nothing(shared: Stand) -> None:
    crashing = subprocess.run(
        [sys.executable, "-c", CRASH, str(shared.mara.id)],
        cwd=ROOT,
        env={**os.environ, **shared.parts.environment()},
        check=False,
    )
    assert crashing.returncode == -signal.SIGKILL
    with shared.app.app_context():
        job_id = db.session.scalars(select(Job.id).where(Job.idempotency_key == "crash")).one()
    assert shared.ends(job_id).state == "succeeded"


def test_a_broker_that_forgot_everything_costs_no_job(stands: Stands, broker: Broker) -> None:
    stand = stands(REDIS_URL=broker.url, MAX_ACTIVE_JOBS=1000)
    count = 200
    for rows in range(1, count + 1):
        stand.start(rows=rows)
    broker.wipe()
    stand.parts.scheduler(wait=False)
    worker = stand.parts.worker()
    succeeded = select(func.count()).where(Job.state == State.SUCCEEDED)
    stand.until(lambda: db.session.execute(succeeded).scalar_one() > count // 4)
    broker.wipe()
    stand.until(lambda: db.session.execute(succeeded).scalar_one() == count)
    with stand.app.app_context():
        assert db.session.execute(select(func.count(Attempt.id))).scalar_one() == count
    assert psutil.pid_exists(worker.pid)
