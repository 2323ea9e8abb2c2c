"""Leases: kept by whoever works, lost by whoever falls silent."""

import sqlite3
import time
from contextlib import closing

import psutil
import pytest
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.models import Attempt, Outcome
from tests.faults.conftest import Stands
from tests.faults.stand import Stand, busy_child

pytestmark = pytest.mark.faults


def freeze(stand: Stand, child: psutil.Process) -> None:
    """SIGSTOP, at a moment when the child does not write to the ledger: SQLite has one writer."""
    while True:
        child.suspend()
        with closing(sqlite3.connect(stand.folder / "ledger.db", timeout=1)) as ledger:
            try:
                ledger.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                child.resume()
            else:
                return


def test_a_job_much_longer_than_its_lease_is_done_once(stands: Stands) -> None:
    stand = stands(LEASE_SECONDS=5, TICK_SECONDS=0.2)
    stand.parts.scheduler(wait=False)
    stand.parts.worker()
    job_id = stand.start(rows=100_000_000)
    stand.writes(job_id)
    time.sleep(11)  # More than two leases.
    stand.cancel(job_id)
    fact = stand.ends(job_id)
    assert (fact.state, fact.attempt) == ("cancelled", 1)
    assert stand.outcomes(job_id) == [Outcome.CANCELLED]


def test_a_child_that_wakes_up_after_its_lease_writes_nothing_more(alone: Stand) -> None:
    alone.parts.scheduler(wait=False)
    sleeper = alone.parts.worker("sleeper", slots=1)
    alone.hold()
    job_id = alone.start(rows=1_000_000)
    alone.writes(job_id)
    child = busy_child(sleeper)
    freeze(alone, child)
    alone.release()
    alone.parts.worker("second", slots=1)
    alone.becomes(job_id, lambda fact: fact.attempt == 2 and bool(fact.progress.done))
    child.resume()
    fact = alone.ends(job_id)
    assert (fact.state, fact.attempt, fact.worker) == ("succeeded", 2, "second@here")
    # The sleeper notices by itself, and is of use again.
    alone.until(lambda: alone.stored() == alone.named())
    assert "lost its lease" in alone.parts.log()
    assert alone.outcomes(job_id) == [Outcome.LOST, Outcome.SUCCEEDED]
    assert alone.named() == {f"{job_id}/2-counting.csv"}
    # While one of the two has its hands full, the other one is of use.
    alone.hold()
    ids = [alone.start(rows=100_000)]
    alone.runs(ids[0])
    alone.release()
    ids.append(alone.start(rows=100_001))
    assert alone.ends(ids[1]).state == "succeeded"
    alone.cancel(ids[0])
    assert alone.ends(ids[0]).state == "cancelled"
    with alone.app.app_context():
        workers = set(db.session.scalars(select(Attempt.worker).where(Attempt.job_id.in_(ids))))
    assert workers == {"sleeper@here", "second@here"}
