"""A crowd of ended jobs: plausible, spread out, the same each time, on each database."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from dashboard import create_app
from dashboard.extensions import db
from dashboard.models import FINAL, Artifact, AuditEntry, Base, Follower, Job, LogLine, clock
from dashboard.showcase import NoKinds, crowd
from dashboard.showcase.choices import playable
from tests.conftest import empty, let_go
from tests.people import Person
from tests.showcase.conftest import EMAIL, ada

JOBS = 600


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def desk(
    request: pytest.FixtureRequest, tmp_path: Path, valkey_url: str, shop: Path
) -> Iterator[Flask]:
    """Give a desk with the small shop, on each database in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return
    app = create_app(
        INSTANCE_PATH=tmp_path,
        REDIS_URL=valkey_url,
        SQLALCHEMY_DATABASE_URI=request.getfixturevalue("postgres_ledger"),
        SOURCES={"shop": f"sqlite:///{shop}"},
        TESTING=True,
    )
    empty(app)
    yield app
    let_go(app)


def test_a_crowd_is_spread_over_kinds_people_states_and_days(desk: Flask) -> None:
    with desk.app_context():
        crowd(JOBS)
        now = clock()
        rows = list(db.session.scalars(select(Job).order_by(Job.serial)))
        assert len(rows) == JOBS
        assert {job.state for job in rows} == FINAL
        assert {job.kind for job in rows} == {kind.name for kind in playable()}
        assert len({job.requested_by_id for job in rows}) > 10
        assert len({job.title for job in rows}) > 20
        asked = [job.created_at for job in rows]
        assert asked == sorted(asked)
        assert asked[0] > now - timedelta(days=91)
        assert all(job.finished_at and job.finished_at <= now for job in rows)
        assert count(Artifact) > JOBS
        assert count(LogLine) > JOBS
        assert count(AuditEntry) > JOBS
        assert count(Follower) > 0


def test_files_that_were_kept_long_enough_are_deleted_and_no_others(desk: Flask) -> None:
    with desk.app_context():
        crowd(JOBS)
        now = clock()
        files = list(db.session.scalars(select(Artifact)))
        assert any(file.deleted_at for file in files)
        assert all((file.deleted_at is not None) == (file.expires_at <= now) for file in files)


def test_the_same_seed_gives_the_same_jobs_and_a_second_crowd_others(app: Flask) -> None:
    with app.app_context():
        crowd(50, seed=7)
        first = sorts_of(1, 50)
        crowd(50, seed=7)
        assert count(Job) == 100
        assert sorts_of(51, 100) != first
        for table in (*reversed(Base.metadata.sorted_tables),):
            if table.name != "users":
                db.session.execute(table.delete())
        db.session.commit()
        crowd(50, seed=7)
        assert sorts_of(1, 50) == first


def test_pages_show_a_crowd(app: Flask) -> None:
    with app.app_context():
        crowd(JOBS)
        admin = Person(app, app.test_client(), ada().id, "Ada Admin", EMAIL)
        job_ids = list(db.session.scalars(select(Job.id).order_by(Job.serial.desc()).limit(5)))
    admin.signs_in()
    for path in ("/", "/jobs", "/files", "/attention", *(f"/jobs/{each}" for each in job_ids)):
        assert admin.opens(path).status_code == 200, path


def test_what_is_told_is_how_many_there_are_more(app: Flask) -> None:
    told: list[int] = []
    with app.app_context():
        crowd(JOBS, told=told.append)
    assert sum(told) == JOBS


def test_without_any_kind_there_is_no_crowd(app: Flask) -> None:
    app.extensions["families"] = ()
    with app.app_context(), pytest.raises(NoKinds):
        crowd(10)


def test_the_command_says_how_many_it_made(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["demo", "crowd", "--jobs", "40"])
    assert answer.exit_code == 0, answer.output
    assert "40 ended jobs are there" in answer.output
    with app.app_context():
        assert count(Job) == 40


def count(model: type[Base]) -> int:
    """Give how many rows there are."""
    counted: int = db.session.execute(select(func.count()).select_from(model)).scalar_one()
    return counted


def sorts_of(first: int, last: int) -> Counter[tuple[object, ...]]:
    """Give what the jobs with the numbers from *first* to *last* are."""
    query = select(Job.title, Job.state, Job.progress_done).where(Job.serial.between(first, last))
    return Counter(tuple(row) for row in db.session.execute(query))
