"""Jobs done by real workers: in processes of their own, over a real broker."""

import csv
import hashlib
import json
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard import create_app, jobs
from dashboard.extensions import db
from dashboard.jobs import find
from dashboard.mail import Outbox
from dashboard.models import Artifact, Job, Notice, NoticeState, Role, User
from dashboard.web.users import add_user
from tests.parts import ROOT, Parts, becomes, ends, parts_of, until


@pytest.fixture
def desk(tmp_path: Path, sqlite_ledger: Path, valkey_url: str) -> Flask:
    """Give a desk whose reports take as long as a test needs."""
    (tmp_path / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    sqlite3.connect(tmp_path / "numbers.db").execute("CREATE TABLE unused (x)").connection.close()
    return create_app(
        INSTANCE_PATH=tmp_path,
        REDIS_URL=valkey_url,
        SOURCES={"numbers": f"sqlite:///{tmp_path / 'numbers.db'}"},
        REPORTS_DIR=str(ROOT / "tests" / "reports_slow"),
        RETRY_BASE_SECONDS=1,
        TESTING=True,
    )


@pytest.fixture
def parts(desk: Flask, tmp_path: Path) -> Iterator[Parts]:
    """Give the means to start workers and a scheduler."""
    with parts_of(desk, tmp_path) as parts:
        yield parts


@pytest.fixture
def mara(desk: Flask) -> int:
    """Give the id of a person."""
    with desk.app_context():
        return add_user("mara@example.org", "Mara", Role.STAFF, "secret secret").id


def start(desk: Flask, by: int, kind: str = "counting", **params: Any) -> uuid.UUID:
    """Start a job; gives its id."""
    notify = params.pop("notify", False)
    with desk.app_context():
        found = find(kind)
        assert found is not None
        user = db.session.get_one(User, by)
        choices = {"formats": ["csv"], **params}
        key = uuid.uuid4().hex
        return jobs.start(found, choices, by=user, key=key, notify=notify).job.id


def test_a_job_ends_with_a_file_that_is_right(desk: Flask, parts: Parts, mara: int) -> None:
    parts.worker()
    fact = ends(desk, start(desk, mara, rows=12_345), log=parts.log)
    assert fact.state == "succeeded", fact.error
    assert (fact.attempt, fact.progress.percent) == (1, 100)
    with desk.app_context():
        artifact = db.session.scalars(select(Artifact)).one()
        with desk.extensions["storage"].open(artifact.key) as file:
            data = file.read()
    assert hashlib.sha256(data).hexdigest() == artifact.sha256
    rows = list(csv.reader(data.decode().splitlines()))
    assert rows[1] == ["1", "row 1", "1.5"]
    assert rows[-1] == ["12345", "row 12345", "18517.5"]
    assert len(rows) - 1 == artifact.rows == fact.result["rows"] == 12_345


def test_progress_is_told_and_never_goes_back(desk: Flask, parts: Parts, mara: int) -> None:
    parts.worker()
    job_id = start(desk, mara, rows=8_000_000)
    seen: list[int] = []

    def look(fact: jobs.Fact) -> bool:
        if fact.state == "running" and fact.progress.percent is not None:
            seen.append(fact.progress.percent)
        return fact.is_final

    fact = becomes(desk, job_id, look, log=parts.log)
    assert fact.state == "succeeded", fact.error
    assert seen == sorted(seen)
    assert max(seen) < 100
    assert len(set(seen)) > 2


def test_a_job_that_was_never_hinted_is_done(desk: Flask, parts: Parts, mara: int) -> None:
    broker = desk.config["REDIS_URL"]
    desk.config["REDIS_URL"] = "redis://127.0.0.1:1/0"
    desk.extensions["celery"].conf.broker_url = desk.config["REDIS_URL"]
    job_id = start(desk, mara, rows=3)
    desk.config["REDIS_URL"] = broker
    parts.worker()
    parts.scheduler()
    assert ends(desk, job_id, log=parts.log).state == "succeeded"


def test_a_source_that_comes_back_is_read_by_the_next_attempt(
    desk: Flask, parts: Parts, mara: int, tmp_path: Path
) -> None:
    parts.worker()
    parts.scheduler()
    (tmp_path / "numbers.db").rename(tmp_path / "away.db")
    job_id = start(desk, mara, rows=3)
    fact = becomes(desk, job_id, lambda fact: fact.state == "waiting", log=parts.log)
    assert fact.due_at is not None
    (tmp_path / "away.db").rename(tmp_path / "numbers.db")
    fact = ends(desk, job_id, log=parts.log)
    assert (fact.state, fact.attempt) == ("succeeded", 2)


def test_no_rows_is_a_finished_job_that_says_so(desk: Flask, parts: Parts, mara: int) -> None:
    parts.worker()
    fact = ends(desk, start(desk, mara, rows=0), log=parts.log)
    assert (fact.state, fact.word, fact.result["rows"]) == ("succeeded", "Finished, no rows", 0)


def test_whoever_asked_is_told_by_mail_once(desk: Flask, parts: Parts, mara: int) -> None:
    parts.worker()
    fact = ends(desk, start(desk, mara, rows=3, notify=True), log=parts.log)

    def sent() -> bool:
        return db.session.scalars(select(Notice.state)).one() == NoticeState.SENT

    until(desk, sent, 60, log=parts.log)
    outbox = desk.extensions["mailer"]
    assert isinstance(outbox, Outbox)
    letter = outbox.read()[0]
    assert letter.subject == f"{fact.title} is ready ({fact.number})"
    assert len(outbox.read()) == 1


def test_celerys_own_backend_ends_true(desk: Flask, parts: Parts, mara: int) -> None:
    parts.worker()
    job_id = start(desk, mara, rows=3)
    ends(desk, job_id, log=parts.log)
    with desk.app_context():
        task_id = db.session.scalars(select(Job.task_id).where(Job.id == job_id)).one()
    result = desk.extensions["celery"].AsyncResult(task_id)

    def stored() -> bool:
        return bool(result.state == "SUCCESS")

    until(desk, stored, 60, log=parts.log)
    assert json.loads(json.dumps(result.result)) == {"job": str(job_id)}
