"""What the work says reaches the ledger and the pages, at their own pace."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import Permanent, Running, fact_of, find, telling
from dashboard.jobs.attempt import attempt
from dashboard.jobs.claim import claim
from dashboard.jobs.errors import Later
from dashboard.jobs.telling import Telling
from dashboard.models import Job, State, User
from tests.jobs.attempts import start
from tests.jobs.conftest import kind, with_kinds


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


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Permanent("The line is cut."), State.FAILED),
        (Later("The line is busy.", at=datetime(2030, 1, 1, tzinfo=UTC)), State.WAITING),
    ],
)
def test_what_was_said_last_is_kept_with_the_end_though_the_ledger_was_away(
    desk: Flask, mara: int, monkeypatch: pytest.MonkeyPatch, error: Exception, state: State
) -> None:
    monkeypatch.setattr("dashboard.jobs.attempt.ASK_AGAIN_SECONDS", 0)
    refused: list[str] = []

    def away(connection: object, cursor: object, statement: str, *_: object) -> None:
        if len(refused) < 2:  # What was said last, and the end.
            refused.append(statement)
            raise OperationalError(statement, {}, Exception("The ledger is away."))

    def work(running: Running) -> None:
        running.progress(7, 10, "Counting")
        event.listen(db.engine, "before_cursor_execute", away)
        raise error

    with_kinds(desk, kind(work=work))
    with desk.app_context():
        held = start(mara)
        try:
            assert attempt(held, lambda telling: lambda meta: None) == state
        finally:
            event.remove(db.engine, "before_cursor_execute", away)
        fact = fact_of(db.session.get_one(Job, held.job.serial))

    assert len(refused) == 2
    assert (fact.progress.done, fact.progress.total) == (7, 10)
