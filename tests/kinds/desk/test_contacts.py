"""The contacts of a list as a file: what is in it, and that it comes back as all the same."""

import csv
import io
import uuid
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of
from dashboard.jobs.contacts.lists import delete_list, make_list
from dashboard.jobs.contacts.one import add_contact
from dashboard.jobs.kind import STARTERS
from dashboard.jobs.task import run
from dashboard.kinds.desk.contacts import work
from dashboard.models import ContactList, Job
from tests.people import Person, words

FIELDS = [
    {"label": "Phone", "type": "text"},
    {"label": "Points", "type": "number"},
    {"label": "Member", "type": "boolean"},
]


def fills(app: Flask, roles: frozenset[str] = STARTERS, count: int = 3) -> None:
    """Make list 1, in which everybody has a telephone."""
    with app.app_context():
        list_id = make_list("Readers", roles=roles, fields=FIELDS, by=None).id
        for number in range(count):
            found = db.session.get_one(ContactList, list_id)
            values = {"phone": f"+49 {number}", "member": number == 0}
            add_contact(found, f"P{number}@bücher.example", values, by=None)


def starts(by: Person, **choices: Any) -> str:
    """Send the start form; gives the job's id."""
    answer = by.sends("/new/contacts", **{"list": "1", "formats": ["csv"], **choices})
    assert answer.status_code == 303, words(answer.text)
    return (answer.location or "").removeprefix("/jobs/")


def done(app: Flask, job_id: str) -> Fact:
    """Let a worker do what is in line; gives the job."""
    with app.app_context():
        run.apply(args=["reports"], throw=True).get()
        return fact_of(db.session.scalars(select(Job).where(Job.id == uuid.UUID(job_id))).one())


def content(person: Person, fact: Fact, extension: str = "csv") -> bytes:
    """Give the bytes of a finished file."""
    assert fact.state == "succeeded", fact.error
    (file,) = [file for file in fact.files if file.format == extension]
    with person.opens(f"/files/{file.id}") as answer:
        return bytes(answer.data)


def test_everybody_is_in_the_file_in_the_order_of_their_addresses(
    app: Flask, staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH", 2)
    fills(app, count=5)
    fact = done(app, starts(staff, formats=["csv", "xlsx"]))
    rows = list(csv.reader(io.StringIO(content(staff, fact).decode())))
    assert fact.title == "Contacts of Readers"
    assert rows[0] == ["E-mail", "Phone", "Points", "Member"]
    assert rows[1] == ["P0@bücher.example", "'+49 0", "", "true"]
    assert [row[0] for row in rows[1:]] == [f"P{n}@bücher.example" for n in range(5)]
    book = openpyxl.load_workbook(io.BytesIO(content(staff, fact, "xlsx")))
    assert any(cell.value == "+49 4" for sheet in book for row in sheet for cell in row)


def test_it_is_offered_once_there_is_a_list(app: Flask, staff: Person) -> None:
    assert "Contacts of a list" not in staff.opens("/").text
    assert staff.sends("/new/contacts", formats=["csv"]).status_code == 422
    fills(app)
    assert "Contacts of a list" in staff.opens("/").text


def test_what_is_made_for_importing_is_all_the_same(app: Flask, staff: Person) -> None:
    fills(app)
    file = content(staff, done(app, starts(staff, manner="import")))
    assert b"P0@b\xc3\xbccher.example,+49 0,,true" in file
    sent = staff.calls("POST", "/uploads", data={"file": (io.BytesIO(file), "again.csv")})
    params = {"upload": (sent.json or {})["id"]}
    answer = staff.calls("POST", "/jobs/check-contacts-readers_1", json={"params": params})
    assert answer.status_code == 202, answer.text
    check = done(app, (answer.json or {})["id"])
    assert check.state == "succeeded", check.error
    assert {fate: rows for fate, rows in check.result["counts"].items() if rows} == {"s": 3}


def test_a_list_of_others_cannot_be_chosen_nor_had_by_an_earlier_job(
    app: Flask, staff: Person, admin: Person
) -> None:
    fills(app, roles=frozenset({"admin"}))
    answer = staff.sends("/new/contacts", list="1", formats=["csv"])
    assert answer.status_code == 422
    assert "Readers" not in answer.text
    job = starts(admin)
    with app.app_context():
        delete_list(1, by=None)
    fact = done(app, job)
    assert fact.state == "failed"
    assert fact.error is not None
    assert fact.error.what == "This list is not there any more, or you may not see it."
