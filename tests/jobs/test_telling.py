"""What the work says reaches the ledger and the pages, at their own pace."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import fact_of, find, telling
from dashboard.jobs.claim import claim
from dashboard.jobs.telling import Telling
from dashboard.models import Job, User


def test_what_was_said_last_is_in_the_ledger_soon_though_nothing_more_is_said(
    desk: Flask, mara: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "FACT_SECONDS", 0)
    with desk.app_context():
        kind = find("count")
        assert kind is not None
        jobs.start(kind, {}, by=db.session.get_one(User, mara), key=uuid.uuid4().hex)
        claimed = claim("reports", worker="worker@here", task_id="task")
        assert claimed is not None
        job_id = claimed.job.id
        told = Telling(job_id, claimed.fence, fact_of(claimed.job))
        db.session.rollback()

        told.say(7, 10, "Counting", "rows")
        assert not told.flush()
        assert told.fact.progress.done == 7
        monkeypatch.setattr(telling, "ROW_SECONDS", 0)
        assert told.flush()

        assert db.session.query(Job.progress_done).filter_by(id=job_id).scalar() == 7
        db.session.rollback()
        assert not told.flush()


def test_the_time_of_what_is_said_is_the_ledgers_whatever_the_workers_clock_says(
    desk: Flask, mara: int
) -> None:
    with desk.app_context():
        kind = find("count")
        assert kind is not None
        jobs.start(kind, {}, by=db.session.get_one(User, mara), key=uuid.uuid4().hex)
        claimed = claim("reports", worker="worker@here", task_id="task")
        assert claimed is not None
        fact = fact_of(claimed.job)
    assert fact.started_at is not None
    # A worker whose clock is an hour late: the ledger's time of the claim lies in its future.
    ahead = replace(fact, started_at=fact.started_at + timedelta(hours=1))
    told = Telling(claimed.job.id, claimed.fence, ahead).now()
    assert timedelta(minutes=59) < told - datetime.now(UTC) < timedelta(minutes=61)
