"""Work that goes on later: its slot is free meanwhile, and no attempt is counted."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Running, cancel, ending, fact_of, sweep
from dashboard.jobs.attempt import attempt
from dashboard.jobs.claim import claim
from dashboard.jobs.errors import Later, LeaseLost
from dashboard.models import Attempt, Job, Outcome, State, clock
from tests.jobs.attempts import start, take
from tests.jobs.conftest import kind, with_kinds

WHY = "The mail server asked for a pause."


def putting_off(running: Running) -> None:
    """Count one sheep a turn, two in all."""
    running.log("One sheep")
    if running.fence < 2:
        raise Later(WHY, at=clock() + timedelta(hours=1))


def no_progress(*_: object) -> None:
    """Say nothing."""


def test_the_work_goes_on_and_only_its_last_turn_counts(desk: Flask, mara: int) -> None:
    with_kinds(desk, kind(work=putting_off))
    with desk.app_context():
        held = start(mara)
        assert attempt(held, lambda telling: no_progress) == State.WAITING
        job = db.session.get_one(Job, held.job.serial)
        assert (job.attempts_used, job.lease_until, job.worker) == (0, None, None)
        assert claim("reports", worker="w", task_id="t") is None

        assert ending.wake(held.job.id)

        assert not ending.wake(held.job.id)
        assert attempt(take(), lambda telling: no_progress) == State.SUCCEEDED
        rows = db.session.execute(
            select(Attempt.number, Attempt.outcome, Attempt.cause).order_by(Attempt.fence)
        ).all()
        assert [tuple(row) for row in rows] == [
            (1, Outcome.PUT_OFF, WHY),
            (1, Outcome.SUCCEEDED, None),
        ]
        fact = fact_of(db.session.get_one(Job, held.job.serial))
        assert [line.text for line in fact.lines].count("One sheep") == 2
        assert [one.outcome for one in fact.tries] == [Outcome.SUCCEEDED]


@pytest.mark.parametrize("seconds", [-1, 60, None])
def test_the_scheduler_lets_it_go_on_at_its_time(
    desk: Flask, mara: int, seconds: int | None
) -> None:
    with desk.app_context():
        held = start(mara)
        at = None if seconds is None else clock() + timedelta(seconds=seconds)
        job = ending.put_off(held.job.id, held.fence, Later(WHY, at=at))
        assert (job.state, job.due_at) == (State.WAITING, at)

        assert sweep.release_due() == (1 if seconds == -1 else 0)


def test_a_cancel_that_was_asked_for_meanwhile_wins(desk: Flask, mara: int) -> None:
    with desk.app_context():
        held = start(mara)
        cancel(held.job.id, by=held.job.requested_by)
        assert ending.put_off(held.job.id, held.fence, Later(WHY)).state == State.CANCELLED


def test_a_job_that_was_put_off_is_cancelled_at_once(desk: Flask, mara: int) -> None:
    with desk.app_context():
        held = start(mara)
        job = ending.put_off(held.job.id, held.fence, Later(WHY))
        cancel(job.id, by=job.requested_by)
        assert db.session.get_one(Job, job.serial).state == State.CANCELLED
        assert not ending.wake(job.id)


def test_whoever_lost_the_lease_puts_nothing_off(desk: Flask, mara: int) -> None:
    with desk.app_context():
        held = start(mara)
        ending.hand_back(held.job.id, held.fence)
        with pytest.raises(LeaseLost):
            ending.put_off(held.job.id, held.fence, Later(WHY))
        assert not ending.wake(uuid.uuid4())
