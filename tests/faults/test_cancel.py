"""Cancelled means cancelled: without a worker, in the middle of work, across a crash."""

import signal

import pytest

from dashboard.models import Outcome
from tests.faults.stand import Stand

pytestmark = pytest.mark.faults

LONG_ROWS = 100_000_000


@pytest.mark.parametrize("kind", ["counting", "thinking"])
def test_a_running_job_is_cancelled_in_the_middle_and_leaves_no_file(
    shared: Stand, kind: str
) -> None:
    job_id = shared.start(kind, **({"rows": LONG_ROWS} if kind == "counting" else {}))
    if kind == "counting":
        shared.writes(job_id)
    else:
        shared.runs(job_id)
    shared.cancel(job_id)
    fact = shared.becomes(job_id, lambda fact: fact.is_final)
    assert fact.state == "cancelled"
    assert fact.files == []
    # The worker has let go of it once it takes the next.
    assert shared.ends(shared.start(rows=3)).state == "succeeded"
    shared.until(lambda: shared.stored() == shared.named())
    assert shared.outcomes(job_id) == [Outcome.CANCELLED]


def test_a_job_cancelled_while_there_is_no_worker_never_runs(alone: Stand) -> None:
    cancelled, other = alone.start(rows=3), alone.start(rows=4)
    alone.cancel(cancelled)
    assert alone.ends(cancelled, 1).state == "cancelled"
    alone.parts.worker()
    assert alone.ends(other).state == "succeeded"
    assert alone.ends(cancelled, 1).state == "cancelled"
    assert alone.outcomes(cancelled) == []


def test_a_cancelled_job_stays_cancelled_when_its_worker_is_killed(alone: Stand) -> None:
    worker = alone.parts.worker("first")
    job_id = alone.start(rows=LONG_ROWS)
    alone.writes(job_id)
    worker.send_signal(signal.SIGSTOP)
    alone.cancel(job_id)
    alone.parts.stop(worker, signal.SIGKILL)
    alone.parts.scheduler(wait=False)
    alone.parts.worker("second")
    assert alone.ends(job_id).state == "cancelled"
    assert alone.ends(alone.start(rows=3)).state == "succeeded"
    assert len(alone.outcomes(job_id)) == 1
    assert len(alone.named()) == 1
