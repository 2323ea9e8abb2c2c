"""The very same job: found while it is under way, and as long as all of its files are there."""

import uuid
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import Kind, ending, find
from dashboard.jobs.same import choice_hash, joinable, same_finished, same_under_way
from dashboard.models import Artifact, Job, User, clock, transaction
from tests.jobs.attempts import store, take

SHEEP = {"what": "sheep"}
GOATS = {"what": "goats"}


def counting() -> Kind:
    """Give the one kind of the desk."""
    kind = find("count")
    assert kind is not None
    return kind


def started(person: int) -> Job:
    """Start to count sheep."""
    by = db.session.get_one(User, person)
    return jobs.start(counting(), SHEEP, by=by, key=uuid.uuid4().hex).job


def finished(desk: Flask, person: int, names: tuple[str, ...] = ("a.csv", "b.csv")) -> Job:
    """Count sheep to the end, into files called *names*."""
    started(person)
    claimed = take()
    files = [store(desk, claimed, name) for name in names]
    return ending.succeed(claimed.job.id, claimed.fence, files, {"rows": 1})


def an_hour_ago() -> datetime:
    """Give when the day of these tests began."""
    return clock() - timedelta(hours=1)


def found(params: dict[str, str] = SHEEP) -> Job | None:
    """Look for a finished job with these choices."""
    return same_finished(counting(), params, since=an_hour_ago())


def spoils(job: Job, **values: object) -> None:
    """Change the first file of the job."""
    with transaction() as session:
        of_job = select(Artifact.id).where(Artifact.job_id == job.id)
        first = session.scalars(of_job.order_by(Artifact.position).limit(1)).one()
        session.execute(update(Artifact).where(Artifact.id == first).values(**values))


def test_the_same_choices_are_the_same_in_any_order() -> None:
    one = choice_hash("count", {"a": 1, "b": [2, "c"]})

    assert choice_hash("count", {"b": [2, "c"], "a": 1}) == one
    assert choice_hash("count", {"b": ["c", 2], "a": 1}) != one
    assert choice_hash("other", {"a": 1, "b": [2, "c"]}) != one


def test_the_newest_job_with_the_same_choices_is_found(desk: Flask, mara: int, jonas: int) -> None:
    with desk.app_context():
        finished(desk, mara)
        newest = finished(desk, jonas)

        assert found() == newest
        assert found(GOATS) is None
        assert same_under_way(counting(), SHEEP) is None


def test_what_is_under_way_is_not_finished(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = started(mara)

        assert same_under_way(counting(), SHEEP) == job
        assert found() is None


def test_what_failed_or_was_cancelled_is_of_no_use(desk: Flask, mara: int) -> None:
    with desk.app_context():
        started(mara)
        claimed = take()
        ending.fail(claimed.job.id, claimed.fence, jobs.errors.judge(jobs.Permanent("No.")))
        other = started(mara)
        jobs.cancel(other.id, by=db.session.get_one(User, mara))

        assert found() is None
        for job in (claimed.job, other):
            assert joinable(job.id, counting(), SHEEP, since=an_hour_ago()) is None


@pytest.mark.parametrize("spoilt", ["deleted_at", "damaged_at", "expires_at"])
def test_a_job_of_which_one_file_is_gone_is_of_no_use(desk: Flask, mara: int, spoilt: str) -> None:
    with desk.app_context():
        job = finished(desk, mara)
        assert found() == job
        spoils(job, **{spoilt: clock() - timedelta(seconds=1)})

        assert found() is None
        assert joinable(job.id, counting(), SHEEP, since=an_hour_ago()) is None


def test_a_job_without_files_has_nothing_to_use(desk: Flask, mara: int) -> None:
    with desk.app_context():
        finished(desk, mara, ())

        assert found() is None


def test_what_was_finished_before_the_day_began_is_old(desk: Flask, mara: int) -> None:
    with desk.app_context():
        job = finished(desk, mara)
        later = clock() + timedelta(seconds=1)

        assert same_finished(counting(), SHEEP, since=later) is None
        assert joinable(job.id, counting(), SHEEP, since=later) is None


def test_only_the_very_same_choices_prove_the_right_to_join(desk: Flask, mara: int) -> None:
    with desk.app_context():
        ended, under_way = finished(desk, mara), started(mara)

        for job in (ended, under_way):
            assert joinable(job.id, counting(), SHEEP, since=an_hour_ago()) == job
            assert joinable(job.id, counting(), GOATS, since=an_hour_ago()) is None
        assert joinable(uuid.uuid4(), counting(), SHEEP, since=an_hour_ago()) is None
