"""To whom the desk writes no e-mail any more."""

import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import notices, people
from dashboard.models import Job, Notice, User, transaction
from tests.people import Person
from tests.web.desk import Desk


@pytest.fixture
def ended(app: Flask, desk: Desk, staff: Person) -> uuid.UUID:
    """Give a job whose end is about to be told to whoever asked for it."""
    job_id = uuid.UUID(desk.running(staff))
    with app.app_context(), transaction() as session:
        session.scalars(select(Job).where(Job.id == job_id)).one().notify = True
    desk.succeeds(str(job_id))
    return job_id


def delivers(app: Flask) -> tuple[int, list[str | None]]:
    """Send what is due; gives how many e-mails left, and why each notice did not."""
    with app.app_context():
        return notices.deliver(), list(db.session.scalars(select(Notice.error)))


def test_whoever_asked_is_told(app: Flask, ended: uuid.UUID) -> None:
    assert delivers(app) == (1, [None])


def test_whoever_was_switched_off_is_told_nothing(
    app: Flask, staff: Person, admin: Person, ended: uuid.UUID
) -> None:
    admin.sends(f"/users/{staff.id}", "/users", act="switch")

    assert delivers(app) == (0, ["The person is switched off."])
    assert staff.email not in admin.opens("/outbox").text


def test_whoever_may_not_see_the_job_any_more_is_told_nothing_and_others_are(
    app: Flask, desk: Desk, staff: Person, colleague: Person, ended: uuid.UUID
) -> None:
    with app.app_context():
        mara, jonas = (db.session.get_one(User, each.id) for each in (staff, colleague))
        people.hand_over(ended, to=jonas, by=mara)
        people.unfollow(ended, person=mara, by=jonas)
        with transaction() as session:
            session.add(
                Notice(user_id=jonas.id, due_at=jonas.created_at, changed_at=jonas.created_at)
            )

    sent, why = delivers(app)

    assert sent == 1
    assert sorted(filter(None, why)) == ["The person may not see the job any more."]
