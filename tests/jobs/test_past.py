"""The pace of a kind's last jobs, which the time left of the next one is judged by."""

import uuid
from types import SimpleNamespace

import pytest
from flask import Flask

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import ending, find, task
from dashboard.jobs.claim import claim
from dashboard.jobs.past import PACE, past_runs
from dashboard.jobs.remaining import Remaining, Run
from dashboard.jobs.snapshot import fact_of
from dashboard.jobs.telling import Telling
from dashboard.models import Job, User


def started(user_id: int, formats: list[str]) -> Job:
    """Start a job that makes *formats*."""
    kind = find("count")
    assert kind is not None
    by = db.session.get_one(User, user_id)
    return jobs.start(kind, {"formats": formats}, by=by, key=uuid.uuid4().hex).job


def ended(user_id: int, formats: list[str], units: int, counting: float, finishing: float) -> None:
    """Let a job end well that took so many seconds."""
    started(user_id, formats)
    claimed = claim("reports", worker="worker@here", task_id="task")
    assert claimed is not None
    pace = {"units": units, "counting": counting, "finishing": finishing}
    ending.succeed(claimed.job.id, claimed.fence, [], {PACE: pace if units else None})


def test_only_jobs_in_the_same_formats_speak_the_latest_first(desk: Flask, mara: int) -> None:
    with desk.app_context():
        ended(mara, ["csv", "pdf"], 1000, 10, 2)
        ended(mara, ["pdf", "csv"], 1000, 30, 4)
        ended(mara, ["csv", "pdf"], 2000, 40, 6)
        ended(mara, ["csv"], 1000, 1, 0)
        ended(mara, ["csv", "pdf"], 0, 1, 1)
        found = past_runs("count", ["csv", "pdf"])
        assert found == [(2000, 40, 6), (1000, 30, 4), (1000, 10, 2)]
        assert Remaining(found)._pace(10_000) == (0.02, 0.003)


def test_a_kind_without_finished_jobs_has_no_past(desk: Flask, mara: int) -> None:
    with desk.app_context():
        started(mara, ["csv"])
        assert past_runs("count", ["csv"]) == []


def test_a_job_leaves_its_own_pace_to_the_next_ones(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job_id = started(mara, ["csv"]).id
        db.session.rollback()
        task.run.apply(args=("reports",), throw=True)
        result = db.session.query(Job.result).filter_by(id=job_id).scalar()
        assert result[PACE]["units"] == 10
        assert len(past_runs("count", ["csv"])) == 1


def test_a_job_that_stands_still_goes_on_telling_what_is_left(
    desk: Flask, mara: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("dashboard.jobs.telling.time", SimpleNamespace(monotonic=lambda: now))
    with desk.app_context():
        started(mara, ["csv"])
        claimed = claim("reports", worker="worker@here", task_id="task")
        assert claimed is not None
        told = Telling(claimed.job.id, claimed.fence, fact_of(claimed.job), [Run(1000, 100, 0)])
        db.session.rollback()
        for done in range(0, 101, 10):
            told.say(done, 1000, "Counting", "rows")
            told.flush()
            now += 1.0
        before = told.fact.progress.left
        assert before is not None
        for _ in range(60):
            now += 1.0
            told.flush()
        after = told.fact.progress.left
        assert after is not None
        assert after > before
        row = db.session.query(Job.progress_left).filter_by(id=claimed.job.id).scalar()
        assert row == after
