"""What was approved is written down, waits for its time, and is sent; what differs is not."""

import re
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import Fact, cancel, fact_of, sweep, task
from dashboard.kinds.mailings import release
from dashboard.kinds.mailings.audience.found import Found
from dashboard.kinds.mailings.audience.people import Person
from dashboard.kinds.mailings.bulk import freezing
from dashboard.kinds.mailings.bulk.begin import mend
from dashboard.kinds.mailings.bulk.standing import pause, resume, stop
from dashboard.kinds.mailings.drafts import content_digest
from dashboard.kinds.mailings.ledger import prove
from dashboard.models import (
    Attachment,
    Attempt,
    Delivery,
    Job,
    MailingState,
    Sender,
    clock,
    transaction,
)
from tests.kinds.mailings.carriers import Judged
from tests.kinds.mailings.hall import Hall
from tests.kinds.mailings.made import check

PEOPLE = 7


@pytest.fixture
def hall(any_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    """Give a draft to seven people of eight rows, written down three at a time."""
    monkeypatch.setattr(freezing, "CHUNK", 3)
    with any_app.app_context():
        hall = Hall(any_app)
        check(hall.mailing_id, PEOPLE + 1, bad=[2])
        yield hall


def works(hall: Hall) -> tuple[Fact, Judged]:
    """Let a worker do the next attempt; gives the newest job and what has left."""
    hall.app.extensions["carrier"] = carrier = Judged()
    db.session.rollback()
    task.run.apply(args=["mail"], throw=True)
    db.session.rollback()
    return newest(), carrier


def newest() -> Fact:
    """Give the newest job that sends."""
    query = select(Job).where(Job.kind == "mailing").order_by(Job.serial.desc()).limit(1)
    return fact_of(db.session.scalars(query.execution_options(populate_existing=True)).one())


def why(fact: Fact) -> str:
    """Give why the job waits, as its last attempt has said."""
    query = select(Attempt.cause).where(Attempt.job_id == uuid.UUID(fact.id))
    return db.session.scalars(query.order_by(Attempt.fence.desc())).first() or ""


def rows(hall: Hall) -> list[Delivery]:
    """Give the deliveries in their order."""
    query = select(Delivery).where(Delivery.mailing_id == hall.mailing_id).order_by(Delivery.place)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def due(hall: Hall) -> None:
    """Let the time come."""
    hall.changes(send_at=clock() - timedelta(seconds=1))
    with transaction() as session:
        session.execute(update(Job).where(Job.state == "waiting").values(due_at=clock()))
    sweep.release_due()


def test_each_good_row_is_written_down_once_and_gets_it(hall: Hall) -> None:
    hall.sends()

    fact, carrier = works(hall)

    assert fact.state == "succeeded", fact.error
    assert [step.name for step in fact.steps] == ["Write down the recipients", "Send"]
    assert Counter(one.to for one in carrier.carried) == Counter(
        f"P{place}@example.org" for place in (1, 3, 4, 5, 6, 7, 8)
    )
    found, mailing = rows(hall), hall.mailing
    assert [row.place for row in found] == [1, 3, 4, 5, 6, 7, 8]
    assert found[1].values == {"email": "P3@example.org", "name": "Person 3"}
    ids = [
        re.fullmatch(rf"<ml-{mailing.id}\.(\d)\.([0-9a-f]{{12}})@example.org>", row.message_id)
        for row in found
    ]
    assert [each and int(each[1]) for each in ids] == [1, 3, 4, 5, 6, 7, 8]
    assert len({each and each[2] for each in ids}) == 7  # Nobody knows that of another.
    assert mailing.frozen_at is not None
    assert mailing.started_at is not None
    assert mailing.frozen_at <= mailing.started_at


class Died(Exception):
    """The worker is gone."""


def test_an_attempt_goes_on_where_the_one_before_was_cut_off(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.sends()
    seen: list[Any] = []

    def die_at_the_third(*args: Any) -> None:
        seen.append(args)
        if len(seen) == 3:
            raise Died
        prove(*args)

    with monkeypatch.context() as patch:
        patch.setattr(freezing, "prove", die_at_the_third)
        fact, _ = works(hall)
    assert fact.state == "failed"
    assert [row.place for row in rows(hall)] == [1, 3, 4, 5, 6, 7]
    assert hall.mailing.frozen_at is None
    mend()
    assert hall.mailing.state == MailingState.PAUSED

    assert resume(hall.mailing, by=hall.who("Mara"))
    fact, carrier = works(hall)

    assert fact.state == "succeeded", fact.error
    assert len(carrier.carried) == len({one.to for one in carrier.carried}) == PEOPLE


def test_what_waits_for_its_time_is_written_down_and_holds_no_slot(hall: Hall) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=300)
    hall.sends(at=at)

    fact, carrier = works(hall)

    assert (fact.state, fact.attempt, carrier.carried) == ("waiting", 0, [])
    assert fact.due_at == at
    assert len(rows(hall)) == PEOPLE
    assert (hall.mailing.state, hall.mailing.started_at) == ("sending", None)
    assert "It begins on " in why(fact)
    due(hall)
    fact, carrier = works(hall)
    assert (fact.state, len(carrier.carried)) == ("succeeded", PEOPLE)


def test_before_its_time_it_can_be_paused_go_on_and_be_stopped(hall: Hall) -> None:
    hall.sends(at=datetime.now(UTC) + timedelta(hours=1))
    works(hall)

    assert pause(hall.mailing, by=hall.who("Jonas"))
    due(hall)
    fact, carrier = works(hall)
    assert (fact.state, carrier.carried) == ("waiting", [])
    hall.changes(send_at=datetime.now(UTC) + timedelta(hours=1))
    assert resume(hall.mailing, by=hall.who("Jonas"))
    fact, carrier = works(hall)
    assert (fact.state, carrier.carried) == ("waiting", [])

    assert stop(hall.mailing, by=hall.who("Jonas"))

    assert (hall.mailing.state, newest().state) == ("stopped", "cancelled")


def other_name() -> None:
    with transaction() as session:
        session.execute(update(Sender).values(name="Somebody else"))


def other_check(hall: Hall) -> None:
    check(hall.mailing_id, 3)


def damaged(hall: Hall) -> None:
    with transaction() as session:
        session.execute(update(Attachment).values(sha256="0" * 64))


def gone(hall: Hall) -> None:
    with transaction() as session:
        session.execute(update(Attachment).values(deleted_at=clock()))


def fewer(hall: Hall) -> None:
    seal = hall.mailing.seal
    assert seal is not None
    hall.changes(seal={**seal, "people": 6})


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda hall: hall.changes(subject="Another one"), "changed since it was approved"),
        (lambda hall: other_name(), "changed since it was approved"),
        (lambda hall: hall.changes(seal=None), "Nobody has approved"),
        (other_check, "not those that were approved"),
        (fewer, "not those that were approved"),
        (damaged, "damaged"),
        (gone, "not kept"),
    ],
    ids=["subject", "sender", "unsealed", "check", "number", "damaged", "gone"],
)
def test_what_is_not_what_was_approved_pauses_and_can_be_a_draft_again(
    hall: Hall, spoil: Any, words: str
) -> None:
    hall.sends()
    spoil(hall)

    fact, carrier = works(hall)

    assert (fact.state, carrier.carried) == ("failed", [])
    assert hall.mailing.state == MailingState.PAUSED
    assert words in hall.mailing.paused_why
    release.reopen(hall.mailing_id, by=hall.who("Mara"), version=hall.mailing.version)
    assert (hall.mailing.state, rows(hall)) == ("draft", [])
    check(hall.mailing_id, 2)
    hall.sends()
    assert len(works(hall)[1].carried) == 2


def test_a_message_that_cannot_be_written_goes_on_with_another_job_once_it_can(
    hall: Hall,
) -> None:
    body = hall.mailing.body
    hall.sends()
    spoilt = "{% if a %}"
    hall.changes(body=spoilt)
    seal = hall.mailing.seal
    assert seal is not None
    hall.changes(seal={**seal, "content": content_digest(hall.mailing)})
    first, _ = works(hall)
    assert (first.state, hall.mailing.state) == ("failed", "paused")

    assert resume(hall.mailing, by=hall.who("Mara"))
    second, _ = works(hall)
    assert (second.state, hall.mailing.state) == ("failed", "paused")
    hall.changes(body=body, seal=seal)
    assert resume(hall.mailing, by=hall.who("Mara"))
    third, carrier = works(hall)

    assert len({first.id, second.id, third.id}) == 3
    assert (third.state, len(carrier.carried)) == ("succeeded", PEOPLE)


def test_a_job_that_somebody_cancels_pauses_its_mailing_and_resume_begins_another(
    hall: Hall,
) -> None:
    hall.sends()
    job_id = hall.mailing.job_id
    assert job_id is not None
    cancel(job_id, by=hall.who("Mara"))

    mend()

    assert (hall.mailing.state, bool(hall.mailing.paused_why)) == ("paused", True)
    assert resume(hall.mailing, by=hall.who("Mara"))
    assert not resume(hall.mailing, by=hall.who("Mara"))
    assert hall.mailing.job_id != job_id
    assert works(hall)[0].state == "succeeded"


def test_what_has_left_in_part_is_no_draft_again(hall: Hall) -> None:
    hall.sends()
    works(hall)
    hall.changes(state=MailingState.PAUSED)

    with pytest.raises(release.Refused, match="sent already"):
        release.reopen(hall.mailing_id, by=hall.who("Mara"), version=hall.mailing.version)

    assert len(rows(hall)) == PEOPLE
    assert hall.mailing.state == MailingState.PAUSED


def test_a_mailing_that_pauses_while_it_is_written_down_sends_nothing(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.sends()
    good, calls = Found.good, []

    def look(self: Found, after: int = 0, limit: int = 2000) -> list[Person]:
        calls.append(after)
        if len(calls) == 2:
            assert pause(hall.mailing, by=hall.who("Mara"))
        return good(self, after, limit)

    monkeypatch.setattr(Found, "good", look)
    fact, carrier = works(hall)

    assert (fact.state, carrier.carried) == ("waiting", [])
    assert len(rows(hall)) == 3
    assert (hall.mailing.state, hall.mailing.frozen_at) == ("paused", None)


def test_a_second_job_for_a_mailing_does_nothing(hall: Hall) -> None:
    hall.sends(at=datetime.now(UTC) + timedelta(hours=1))
    first = newest()
    kind = jobs.find("mailing")
    assert kind is not None
    works(hall)
    jobs.start(kind, first.params, by=hall.who("Mara"), key="by hand")

    fact, carrier = works(hall)

    assert (fact.state, carrier.carried) == ("failed", [])
    assert str(hall.mailing.job_id) == first.id
    assert hall.mailing.state == MailingState.SENDING
