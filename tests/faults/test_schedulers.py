"""Two schedulers, old workers beside new ones, clocks that are wrong: nothing is done twice."""

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dashboard.extensions import db
from dashboard.mail import Outbox
from dashboard.models import Attempt, LogLine, Notice, NoticeState, Outcome
from tests.faults.conftest import Stands
from tests.faults.stand import Stand
from tests.parts import ROOT

pytestmark = pytest.mark.faults

LIBFAKETIME = ("usr/lib/*/faketime/libfaketimeMT.so.1", "usr/local/lib/faketime/*MT.so.1")
# Its clock that only counts seconds stays right, as it does where somebody sets the time.
FAKE = {"FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def test_two_schedulers_do_nothing_twice(stands: Stands) -> None:
    stand = stands(TICK_SECONDS=0.1, RETRY_BASE_SECONDS=120)
    stand.parts.scheduler(wait=False)
    stand.parts.scheduler(wait=False)
    worker = stand.parts.worker("first")
    (stand.folder / "numbers.db").rename(stand.folder / "away.db")
    due = [stand.start(rows=rows, notify=True) for rows in range(1, 6)]
    for job_id in due:
        stand.becomes(job_id, lambda fact: fact.state == "waiting")
    (stand.folder / "away.db").rename(stand.folder / "numbers.db")
    stand.ends_pauses()  # Of all at once: both schedulers see them.
    for job_id in due:
        assert stand.ends(job_id).state == "succeeded"
    lost = [stand.start(rows=50_000_000 + number) for number in range(2)]
    for job_id in lost:
        stand.writes(job_id)
    stand.parts.stop(worker, signal.SIGKILL)
    for job_id in lost:
        stand.becomes(job_id, lambda fact: fact.state == "queued")
        assert stand.outcomes(job_id) == [Outcome.LOST]
    stand.parts.worker("second")
    unsent = select(func.count()).where(Notice.state != NoticeState.SENT)
    stand.until(lambda: db.session.execute(unsent).scalar_one() == 0)
    outbox = stand.app.extensions["mailer"]
    assert isinstance(outbox, Outbox)
    assert len(outbox.read()) == len({letter.subject for letter in outbox.read()}) == len(due)
    with stand.app.app_context():
        anew = select(func.count()).where(LogLine.text.contains("starts anew"))
        assert db.session.execute(anew).scalar_one() == len(lost)


def test_a_kind_that_an_old_worker_does_not_know_is_left_to_a_new_one(
    stands: Stands, tmp_path: Path
) -> None:
    old = tmp_path / "old-reports"
    old.mkdir()
    shutil.copy(ROOT / "tests" / "reports_slow" / "thinking.sql", old)
    stand = stands()
    stand.parts.scheduler(wait=False)
    stand.parts.worker("old", FLASK_REPORTS_DIR=str(old))
    unknown = stand.start("counting", rows=3)
    known = stand.start("thinking")
    stand.runs(known)
    stand.cancel(known)
    stand.ends(known)
    assert stand.outcomes(unknown) == []
    stand.parts.worker("new")
    fact = stand.ends(unknown)
    assert (fact.state, fact.attempt, fact.worker) == ("succeeded", 1, "new@here")
    with stand.app.app_context():
        tried = set(db.session.scalars(select(Attempt.worker).where(Attempt.job_id == unknown)))
    assert tried == {"new@here"}


@pytest.mark.postgresql
def test_workers_whose_clocks_are_an_hour_off_are_like_any_other(
    stands: Stands, postgres_ledger: str
) -> None:
    found = [path for pattern in LIBFAKETIME for path in Path("/").glob(pattern)]
    if not found:
        pytest.skip("libfaketime is not installed (apt-get install faketime)")
    # The library makes threads wait for one another, so the lease is one that can be kept with it.
    stand = stands(SQLALCHEMY_DATABASE_URI=postgres_ledger, LEASE_SECONDS=30)
    stand.parts.scheduler(wait=False)
    for name, wrong in {"ahead": "+1h", "behind": "-1h"}.items():
        fake = {**FAKE, "LD_PRELOAD": str(found[0]), "FAKETIME": wrong}
        assert 3500 < abs(seconds_told(fake) - time.time()) < 3700
        stand.parts.worker(name, 1, **fake)
    numbers = count(300_000)
    while workers_of(stand) != {"ahead@here", "behind@here"}:
        two = [stand.start(rows=next(numbers)) for _ in range(2)]
        see_that_times_are_right(stand, two)


def see_that_times_are_right(stand: Stand, ids: list[uuid.UUID]) -> None:
    """See that the jobs end well, and that what is told of them is told by the ledger's clock."""
    for job_id in ids:
        fact = stand.ends(job_id)
        assert (fact.state, fact.attempt) == ("succeeded", 1), stand.parts.log()
        assert stand.outcomes(job_id) == [Outcome.SUCCEEDED]
        assert fact.finished_at is not None
        assert abs((fact.finished_at - fact.created_at).total_seconds()) < 600
        # What the work says is told by the ledger's clock as well.
        assert all(abs((line.at - fact.created_at).total_seconds()) < 600 for line in fact.lines)


def workers_of(stand: Stand) -> set[str]:
    """Give the names of those who have taken a job so far."""
    with stand.app.app_context():
        return set(db.session.scalars(select(Attempt.worker)))


def seconds_told(environment: dict[str, str]) -> float:
    """Give the time as a process with this environment has it, in seconds since 1970."""
    look = [sys.executable, "-c", "import time; print(time.time())"]
    told = subprocess.run(look, env={**os.environ, **environment}, capture_output=True, check=True)
    return float(told.stdout)
