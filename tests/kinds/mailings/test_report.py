"""The recipients of a mailing as a file."""

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of, task
from dashboard.kinds.mailings.report import work
from dashboard.models import Fate, Job, Mailing, MailingState, transaction
from tests.kinds.mailings.watching import made
from tests.people import Person

FATES = {Fate.SENT: 3, Fate.FAILED: 2, Fate.QUEUED: 1}


@pytest.fixture
def mara(any_app: Flask) -> Person:
    """Give a colleague, on each database in turn."""
    return Person.joins(any_app, "Mara Keller")


def works(app: Flask) -> Fact:
    """Let a worker do what waits; gives the job's fact."""
    with app.app_context():
        task.run.apply(args=["reports"], throw=True)
        db.session.rollback()
        job = db.session.scalars(select(Job).order_by(Job.serial.desc())).first()
        assert job is not None
        return fact_of(job)


def rows_of(mara: Person, fact: Fact) -> list[dict[str, str]]:
    """Download the file of a job; give its rows."""
    (file,) = fact.files
    with mara.opens(f"/files/{file.id}") as answer:
        text = answer.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_everybody_stands_in_it_with_what_became_of_them(
    any_app: Flask, mara: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH", 2)
    mailing = made(any_app, mara.id, FATES, state=MailingState.FINISHED)

    mara.sends(f"/mailings/{mailing}/report", f"/mailings/{mailing}")

    fact = works(any_app)
    assert (fact.state, fact.result["rows"]) == ("succeeded", 6), fact.error
    rows = rows_of(mara, fact)
    assert [row["Recipient"] for row in rows] == [f"P{place}@example.org" for place in range(1, 7)]
    failed = rows[3]
    assert failed["State"] == "Failed"
    assert failed["Code"] == "554"
    assert failed["The mail server said"] == "5.7.1 Spam"
    assert failed["What it means"] == "The mail server takes the message for spam."
    assert failed["Message-ID"] == f"<{mailing}.4@example.org>"
    assert failed["name"] == "Person 4"
    # No spreadsheet takes a value of a recipient for a formula.
    assert failed["city"] == "'=Hamburg"
    assert rows[5]["Tries"] == "0"
    assert rows[5]["When"] == ""


def test_one_sort_alone_can_be_asked_for_and_to_press_twice_makes_one(
    any_app: Flask, mara: Person
) -> None:
    mailing = made(any_app, mara.id, FATES)
    page = f"/mailings/{mailing}?show=failed"

    first = mara.sends(f"/mailings/{mailing}/report", page, which="failed", token="t")
    second = mara.sends(f"/mailings/{mailing}/report", page, which="failed", token="t")

    assert first.location == second.location
    assert [row["State"] for row in rows_of(mara, works(any_app))] == ["Failed"] * 2


def test_who_may_not_see_it_any_more_gets_no_file(any_app: Flask, mara: Person) -> None:
    jonas = Person.joins(any_app, "Jonas Brandt")
    mailing = made(any_app, mara.id, FATES)
    jonas.sends(f"/mailings/{mailing}/report", f"/mailings/{mailing}")
    with any_app.app_context(), transaction() as session:
        session.get_one(Mailing, mailing).sender_id = None

    fact = works(any_app)

    assert fact.state == "failed"
    assert fact.error is not None
    assert "is not for you to see" in fact.error.what
