"""Files of people on their way into a contact list, on each database of the ledger."""

import uuid
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard.extensions import db
from dashboard.jobs import Fact
from dashboard.jobs.contacts.fields import EMAIL
from dashboard.jobs.contacts.lists import change_list, delete_list, make_list
from dashboard.jobs.kind import STARTERS
from dashboard.kinds.imports.converting import converter
from dashboard.kinds.imports.spelling import Spelling
from dashboard.kinds.imports.stored import findings_of
from dashboard.models import Contact, ContactList, transaction
from dashboard.sources.writing import TargetColumn
from tests.kinds.imports.importer import Importer, workbook
from tests.people import Person, words
from tests.sources.databases import Database

FIELDS = [
    {"label": "First name", "type": "text"},
    {"label": "Points", "type": "number"},
    {"label": "Born", "type": "date"},
    {"label": "Member", "type": "boolean"},
]
KIND = "check-contacts-newsletter_readers_1"
FILE = """E-Mail-Adresse;First name;Points;Born;Member
Ada@Example.org;Ada;12,50;10.12.1815;ja
bo@bücher.example;<b>Bo</b>;;;nein
nobody;No;1;;
cy@example.org;قائمة;3;;
"""


@pytest.fixture
def importer(any_app: Flask) -> Importer:
    """Give a colleague at a desk with a list, and no source at all."""
    with any_app.app_context():
        make_list("Newsletter readers", roles=STARTERS, fields=FIELDS, by=None)
    return Importer(any_app, Person.joins(any_app, "Mara Keller"), cast(Database, None))


def counts(check: Fact) -> dict[str, int]:
    assert check.state == "succeeded", check.error
    return {fate: rows for fate, rows in check.result["counts"].items() if rows}


def faults(importer: Importer, check: Fact) -> dict[int, list[tuple[str, str]]]:
    """Give what is wrong, by the rows of the file."""
    with importer.app.app_context(), findings_of(uuid.UUID(check.id)) as found:
        return {
            bad.row: [(fault.column, str(fault.unfit)) for fault in bad.faults]
            for bad in found.bad(after=0, limit=100)
        }


def kept(importer: Importer) -> dict[str, dict[str, Any]]:
    """Give the values of each contact by e-mail."""
    with importer.app.app_context():
        query = select(Contact.email, Contact.values).order_by(Contact.address)
        return {row[0]: row[1] for row in db.session.execute(query)}


def test_a_file_is_checked_imported_and_found_again_as_all_the_same(importer: Importer) -> None:
    check = importer.checks(FILE, kind=KIND)
    assert counts(check) == {"n": 3, "b": 1}
    assert faults(importer, check) == {
        4: [("email", "Not an e-mail address: the @ is missing")],
    }
    page = words(importer.person.opens(f"/imports/{check.id}").text)
    assert "Import 3 rows, skip 1" in page
    assert kept(importer) == {}
    done = importer.imports(check)
    assert (done.state, done.result["added"], done.result["refused"]) == ("succeeded", 3, 0)
    assert done.title == "Import contacts into Newsletter readers: spring.csv"
    assert kept(importer) == {
        "Ada@Example.org": {
            "first_name": "Ada",
            "points": "12.50",
            "born": "1815-12-10",
            "member": True,
        },
        "bo@bücher.example": {"first_name": "<b>Bo</b>", "member": False},
        "cy@example.org": {"first_name": "قائمة", "points": "3"},
    }
    assert counts(importer.checks(FILE, kind=KIND)) == {"s": 3, "b": 1}


def test_what_changed_is_told_with_before_and_after_and_other_fields_stay(
    importer: Importer,
) -> None:
    importer.imports(importer.checks(FILE, kind=KIND))
    check = importer.checks("email,points\nada@EXAMPLE.org,13\nnew@example.org,\n", kind=KIND)
    assert counts(check) == {"n": 1, "c": 1}
    done = importer.imports(check)
    assert (done.result["added"], done.result["updated"]) == (1, 1)
    assert kept(importer)["ada@EXAMPLE.org"] == {
        "first_name": "Ada",
        "points": "13",
        "born": "1815-12-10",
        "member": True,
    }


def test_two_spellings_of_an_address_are_one_person(importer: Importer) -> None:
    file = "email\nada@bücher.example\nb@example.org\nADA@xn--bcher-kva.example\n"
    check = importer.checks(file, kind=KIND)
    assert counts(check) == {"n": 2, "b": 1}
    assert faults(importer, check) == {4: [("email", "The same as in row 2, which comes first")]}


def test_a_workbook_fills_a_list_too(importer: Importer) -> None:
    book = workbook(("Mail", "First name", "Points"), ("ada@example.org", "Ada", 12.5), (7, "", 1))
    check = importer.checks(book, name="people.xlsx", kind=KIND)
    assert counts(check) == {"n": 1, "b": 1}
    importer.imports(check)
    assert kept(importer)["ada@example.org"]["points"] == "12.5"


def test_a_contact_that_was_changed_since_the_check_is_left_as_it_is(importer: Importer) -> None:
    importer.imports(importer.checks(FILE, kind=KIND))
    check = importer.checks(FILE.replace("Ada;", "Countess;"), kind=KIND)
    assert counts(check) == {"c": 1, "s": 2, "b": 1}
    with importer.app.app_context(), transaction() as session:
        ada = update(Contact).where(Contact.address == "ada@example.org")
        session.execute(ada.values({"values": {"first_name": "Augusta"}}))
    done = importer.imports(check)
    assert done.result["refusals"] == [[2, "", "Somebody changed this row since the check."]]
    assert kept(importer)["Ada@Example.org"] == {"first_name": "Augusta"}


def test_a_list_whose_fields_changed_asks_for_a_new_check(importer: Importer) -> None:
    check = importer.checks(FILE, kind=KIND)
    with importer.app.app_context():
        found = db.session.get_one(ContactList, 1)
        change_list(
            1,
            seen=found.changed_at,
            title="Renamed",
            summary="",
            roles=STARTERS,
            fields=found.fields[:2],
            by=None,
        )
    done = importer.imports(check)
    assert done.state == "failed"
    assert done.error is not None
    assert done.error.what == "The table was altered since the check. Nothing was imported."
    assert kept(importer) == {}
    assert done.title == "Import contacts into Renamed: spring.csv"


def test_a_list_that_is_deleted_takes_no_file_any_more(importer: Importer) -> None:
    check = importer.checks(FILE, kind=KIND)
    with importer.app.app_context():
        delete_list(1, by=None)
    answer = importer.presses(check)
    assert answer.location == f"/imports/{check.id}"
    assert importer.person.opens(f"/new/{KIND}").status_code == 404


def test_names_and_addresses_of_a_file_are_bounded(importer: Importer) -> None:
    file = f"email,first_name\n{'x' * 500}@example.org,A\nb@example.org,{'x' * 1001}\n"
    check = importer.checks(file, kind=KIND)
    assert faults(importer, check) == {
        2: [("email", "Not an e-mail address: it is too long")],
        3: [("first_name", "Too long: at most 1000 characters, this has 1001")],
    }


def test_an_empty_cell_is_no_address() -> None:
    column = TargetColumn(EMAIL, "text", EMAIL, required=True)
    read = converter(column, Spelling(".", "dmy", "empty", "UTC"))
    with pytest.raises(ValueError, match="Missing"):
        read.many(["a@example.org", ""])
    assert read.one(" B@Example.org ") == "B@Example.org"
