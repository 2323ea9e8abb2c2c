"""Made-up states are those that pages know, and nothing that lives changes them."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from dashboard.extensions import db
from dashboard.jobs import Fact, Kind, fact_of, find, leftovers, line, sweep
from dashboard.jobs.damage import Round
from dashboard.jobs.parts import WORDS
from dashboard.models import Artifact, AuditEntry, Job, clock, transaction
from dashboard.showcase import Made, states
from dashboard.showcase.choices import playable
from dashboard.showcase.player import job_of
from dashboard.showcase.scenes import SCENES
from dashboard.showcase.specials import LONG_TITLE, SPECIALS
from tests.people import Person
from tests.showcase.conftest import EMAIL, ada

# What a page calls each state; those that are not here are called what the state is.
SHOWN = {
    "finished": "succeeded",
    "finished-no-rows": "succeeded",
    "finished-warnings": "succeeded",
    "some-files-damaged": "succeeded",
    "files-deleted": "deleted",
    "files-damaged": "damaged",
    "needs-attention": "failed",
    "dismissed": "failed",
    "cancelled-running": "cancelled",
    "running-begun": "running",
    "running-unknown-total": "running",
    "running-second-try": "running",
    "queued-unserved": "queued",
    "queued-paused": "queued",
}


@pytest.fixture
def kind(app: Flask) -> Kind:
    """Give a kind of the shop."""
    with app.app_context():
        found = find("sales-by-region")
    assert found is not None
    return found


@pytest.fixture
def made(app: Flask, kind: Kind) -> Made:
    """Make every state of one kind."""
    with app.app_context():
        return states(ada(), of=[kind])


@pytest.fixture
def fact(app: Flask, made: Made) -> Callable[[str], Fact]:
    """Give the means to look at a job as pages show it."""

    def of(name: str) -> Fact:
        with app.app_context():
            return fact_of(job_of(made.job(name)))

    return of


@pytest.fixture
def admin(app: Flask, made: Made) -> Person:
    """Give the administrator, who has signed in."""
    with app.app_context():
        person = Person(app, app.test_client(), ada().id, "Ada Admin", EMAIL)
    person.signs_in()
    return person


def test_each_state_is_what_its_name_says(made: Made, fact: Callable[[str], Fact]) -> None:
    assert made.left_out == []
    found = {name: fact(name).shown_state for name in SCENES}
    assert found == {name: SHOWN.get(name, name) for name in SCENES}
    assert set(found.values()) == set(WORDS)


def test_no_page_of_a_made_up_job_fails(admin: Person, made: Made) -> None:
    for name in (*SCENES, *SPECIALS):
        assert admin.opens(f"/jobs/{made.job(name)}").status_code == 200, name
    for path in ("/", "/jobs", "/files", "/attention", "/workers"):
        assert admin.opens(path).status_code == 200


def test_what_a_finished_one_shows_is_real(admin: Person, fact: Callable[[str], Fact]) -> None:
    finished = fact("finished")
    assert [file.format for file in finished.files] == ["csv", "xlsx", "pdf"]
    assert finished.result["chart"]["series"]
    assert len(finished.result["preview"]["rows"]) > 5
    assert fact("finished-no-rows").word == "Finished, no rows"
    assert len(fact("finished-warnings").result["warnings"]) == 2
    assert fact("some-files-damaged").files_damaged == 1
    with admin.opens(f"/files/{finished.files[0].id}") as answer:
        csv = answer.data
    assert csv.count(b"\n") == finished.result["rows"] + 1


def test_what_is_under_way_shows_how_far_it_is(fact: Callable[[str], Fact]) -> None:
    half = fact("running")
    assert half.progress.percent is not None
    assert 40 <= half.progress.percent <= 70
    assert half.progress.speed
    assert half.progress.left
    assert {step.state for step in half.steps} == {"done", "running", "waiting"}
    unknown = fact("running-unknown-total").progress
    assert (unknown.percent, unknown.total, unknown.left) == (None, None, None)
    assert fact("running-second-try").attempt == 2
    assert fact("running-begun").progress.done is None


def test_failures_say_what_happened_and_who_should_see_them(fact: Callable[[str], Fact]) -> None:
    failed = fact("failed")
    assert failed.error is not None
    assert failed.error.next
    assert not failed.needs_attention
    tried = fact("needs-attention")
    assert tried.needs_attention
    assert [each.outcome for each in tried.tries] == ["lost", "retried", "failed"]
    dismissed = fact("dismissed").attention
    assert dismissed is not None
    assert dismissed.reason


ACTS = (
    sweep.take_back_expired,
    sweep.release_due,
    sweep.hint_again,
    sweep.delete_expired_files,
    leftovers.sweep_files,
    leftovers.sweep_drafts,
    sweep.forget_processes,
    Round().go_on,
)


def test_no_scheduler_and_no_worker_changes_what_was_made(app: Flask, made: Made) -> None:
    with app.app_context():
        before = standing()
        for act in ACTS:
            act()
        assert standing() == before
        assert line.next_job(db.session(), "reports", clock()) is None


def standing() -> dict[uuid.UUID, tuple[str, int]]:
    """Give the state and the version of every job."""
    rows = db.session.execute(select(Job.id, Job.state, Job.version))
    return {row.id: (row.state, row.version) for row in rows}


def test_a_job_that_lies_back_lies_back_as_a_whole(app: Flask, made: Made) -> None:
    with app.app_context():
        spring = clock() - timedelta(days=120)
        job = job_of(made.job("months-ago"))
        assert job.created_at < spring
        moments = select(func.max(AuditEntry.at)).where(AuditEntry.job_id == job.id)
        assert db.session.execute(moments).scalar_one() < spring
        files = list(db.session.scalars(select(Artifact).where(Artifact.job_id == job.id)))
        assert all(file.deleted_at and file.deleted_at < spring for file in files)


def test_special_jobs_bear_what_they_are_named_for(app: Flask, fact: Callable[[str], Fact]) -> None:
    assert len(LONG_TITLE) == 500
    assert fact("long-title").title == LONG_TITLE
    assert fact("two-million").result["rows"] == 2_000_000
    with app.app_context():
        assert ada().id in fact("followed").followers
        assert find(fact("removed-kind").kind) is None
    assert fact("handed-over").started_by is not None
    assert len(fact("with-notes").notes) == 3


def test_some_states_of_some_kinds_can_be_had_alone(app: Flask, kind: Kind) -> None:
    with app.app_context():
        made = states(ada(), only=["failed", "followed"], of=[kind])
        assert [*made.scenes, *made.specials] == ["failed", "followed"]
        assert made.count == 2


def test_the_command_says_what_it_made_and_that_it_was_here(app: Flask, kind: Kind) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["demo", "states"])
    assert first.exit_code == 0, first.output
    assert "finished: R-1, " in first.output
    second = runner.invoke(args=["demo", "states"])
    assert "there already" in second.output
    with app.app_context():
        counted = db.session.scalar(select(func.count()).select_from(Job))
        made = len(SCENES) * len(playable()) + len(SPECIALS)
    assert f"{made} jobs are there" in first.output
    assert counted == made + 1  # the one that was run again


@pytest.mark.parametrize("command", ["states", "crowd"])
def test_made_up_jobs_do_not_come_among_those_of_people(
    app: Flask, kind: Kind, command: str
) -> None:
    with app.app_context():
        made = states(ada(), only=["cancelled"], of=[kind])
        with transaction() as session:
            mine = Job.id == made.job("cancelled")
            session.execute(update(Job).where(mine).values(idempotency_key="form:1:real"))
    answer = app.test_cli_runner().invoke(args=["demo", command])
    assert answer.exit_code == 1
    assert "jobs of people" in answer.output


def test_somebody_who_is_not_here_has_no_jobs_made(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["demo", "states", "--for", "nobody@example.org"])
    assert answer.exit_code == 1
    assert "nobody@example.org" in answer.output
