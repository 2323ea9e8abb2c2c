"""Imports that people take back, in every engine that may be written."""

import re

import pytest
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Fact
from dashboard.models import AuditEntry, Job, State, transaction
from tests.kinds.imports.importer import Importer
from tests.kinds.imports.undoer import looks, presses_look, presses_undo, undoes
from tests.people import Person, words

FILE = """customer_no,name,since,credit,active,email
C-2,Bo Diddley,2021-05-06,,no,
C-4,Di,2026-02-28,7.25,no,di@example.org
C-5,Ed,2026-02-28,7.25,no,ed@example.org
"""


@pytest.fixture
def check(importer: Importer) -> Fact:
    """Give the check of a file that was imported: one row was updated and two were added."""
    check = importer.checks(FILE)
    done = importer.imports(check)
    assert (done.result["added"], done.result["updated"]) == (2, 1), done.error
    return check


def last_import(importer: Importer, check: Fact) -> Fact:
    """Give the import of a check."""
    answer = importer.presses(check)
    return importer.fact(answer.location.rpartition("/")[2])


def test_an_undo_brings_everything_back(importer: Importer) -> None:
    before = importer.rows()
    check = importer.checks(FILE)
    done = importer.imports(check)
    page = importer.person.opens(f"/jobs/{done.id}").text
    assert f'href="/imports/{check.id}/undo"' in page

    look = looks(importer, check)

    assert look.state == "succeeded", look.error
    assert look.title == "Import customers: look before the undo of spring.csv"
    assert look.result["counts"] == {
        "remove": 2,
        "restore": 1,
        "changed": 0,
        "gone": 0,
        "already": 0,
    }
    assert importer.rows() != before
    page = words(importer.person.opens(f"/imports/undo/{look.id}").text)
    assert "Nothing has been taken back yet." in page
    assert "2 C-2 now: Bo Diddley before the import: Bo" in page
    assert "Undo: remove 2 rows, restore 1" in page
    assert "Keep theirs" not in page

    undo = undoes(importer, look)

    assert undo.state == "succeeded", undo.error
    assert undo.title == "Import customers: undo of spring.csv"
    assert importer.rows() == before
    page = words(importer.person.opens(f"/jobs/{undo.id}").text)
    assert "3 rows are taken back." in page
    assert "Removed 2 Restored 1 Refused 0 Left as they are 0" in page


def test_the_pages_of_an_import_say_that_it_was_undone(importer: Importer, check: Fact) -> None:
    done = last_import(importer, check)
    undo = undoes(importer, looks(importer, check))

    page = words(importer.person.opens(f"/jobs/{done.id}").text)
    assert re.search(rf"This import was undone by Mara Keller , .* : {undo.number}", page), page
    page = words(importer.person.opens(f"/imports/{check.id}").text)
    assert "What was imported of this file was undone by Mara Keller" in page
    assert "To import it again, check the file again." in page
    assert "This file is imported" not in page
    page = words(importer.person.opens(f"/imports/{check.id}/undo").text)
    assert "It was undone by Mara Keller" in page
    assert "3 rows are taken back." in page


def test_what_was_undone_can_be_imported_again_only_by_a_new_check(importer: Importer) -> None:
    before = importer.rows()
    check = importer.checks(FILE)
    importer.imports(check)
    imported = importer.rows()
    undoes(importer, looks(importer, check))

    importer.presses(check)
    assert importer.rows() == before

    importer.imports(importer.checks(FILE))
    assert importer.rows() == imported


def test_rows_that_somebody_changed_since_are_kept_unless_they_are_to_be_restored(
    importer: Importer, check: Fact
) -> None:
    importer.shop.execute("UPDATE customers SET name = 'Theirs' WHERE customer_no = 'C-2'")
    importer.shop.execute("UPDATE customers SET name = 'Theirs' WHERE customer_no = 'C-4'")
    look = looks(importer, check)
    assert look.result["counts"] == {
        "remove": 1,
        "restore": 0,
        "changed": 2,
        "gone": 0,
        "already": 0,
    }
    page = words(importer.person.opens(f"/imports/undo/{look.id}").text)
    assert "2 rows were changed by somebody else since the import." in page
    assert "now: Theirs before the import: Bo" in page
    assert "Undo: remove 1 row" in page

    undo = undoes(importer, look, changed="keep", what="all")

    assert (undo.result["removed"], undo.result["restored"], undo.result["left"]) == (1, 0, 0)
    assert [row[:2] for row in importer.rows()] == [
        *[("C-1", "Ada"), ("C-2", "Theirs"), ("C-4", "Theirs")]
    ]
    page = words(importer.person.opens(f"/jobs/{undo.id}").text)
    assert "2 rows that somebody else had changed stay as they are, as you chose." in page
    again = looks(importer, check)
    assert again.result["counts"]["already"] == 1

    undo = undoes(importer, again, changed="restore", what="all")

    assert (undo.result["removed"], undo.result["restored"]) == (1, 1)
    assert [row[:2] for row in importer.rows()] == [("C-1", "Ada"), ("C-2", "Bo")]


def test_what_changes_between_the_look_and_the_undo_is_left_and_told(
    importer: Importer, check: Fact
) -> None:
    look = looks(importer, check)
    importer.shop.execute("UPDATE customers SET name = 'Theirs' WHERE customer_no = 'C-4'")

    undo = undoes(importer, look)

    assert (undo.result["removed"], undo.result["restored"], undo.result["left"]) == (1, 1, 1)
    page = words(importer.person.opens(f"/jobs/{undo.id}").text)
    assert "1 row was changed by somebody since you looked, and stays as it is." in page


def test_only_the_chosen_rows_are_taken_back(importer: Importer, check: Fact) -> None:
    look = looks(importer, check)
    page = importer.person.opens(f"/imports/undo/{look.id}", show="remove").text
    numbers = re.findall(r'name="row" value="(\d+)"', page)
    assert len(numbers) == 2

    undo = undoes(importer, look, what="chosen", row=numbers[1])

    assert (undo.result["removed"], undo.result["restored"]) == (1, 0)
    assert [row[0] for row in importer.rows()] == ["C-1", "C-2", "C-4"]
    done = importer.person.opens(f"/jobs/{last_import(importer, check).id}").text
    assert "Some rows of this import were taken back by Mara Keller" in words(done)


def test_a_choice_of_nothing_and_of_too_much_is_refused_with_a_sentence(
    importer: Importer, check: Fact
) -> None:
    look = looks(importer, check)
    here = f"/imports/undo/{look.id}?show=remove"

    answer = presses_undo(importer, look, what="chosen", back=here)
    assert answer.location == here
    assert "Choose the rows that are to be taken back." in importer.person.client.get(here).text
    presses_undo(importer, look, what="chosen", row=[str(at) for at in range(501)], back=here)
    assert "At most 500 rows can be chosen at once." in importer.person.client.get(here).text
    answer = presses_undo(importer, look, what="chosen", row="1", back="https://example.org/")
    assert answer.location.startswith("/jobs/")


def test_what_the_database_refuses_is_named(importer: Importer, check: Fact) -> None:
    importer.shop.execute(
        "CREATE TABLE orders (customer {text} REFERENCES customers (customer_no));"
        "INSERT INTO orders VALUES ('C-4')".format(text="varchar(40)")
    )

    undo = undoes(importer, looks(importer, check))

    assert (undo.result["removed"], undo.result["refused"]) == (1, 1)
    page = words(importer.person.opens(f"/jobs/{undo.id}").text)
    assert "The database refused 1 row, which stays as it is." in page
    assert "3 Other rows point to this one." in page


def test_pressing_twice_undoes_once(importer: Importer, check: Fact) -> None:
    look = looks(importer, check)

    first = presses_undo(importer, look)
    second = presses_undo(importer, look)

    assert first.location == second.location
    importer.works()
    assert presses_undo(importer, look).location == first.location


def test_looking_twice_looks_once(importer: Importer, check: Fact) -> None:
    assert presses_look(importer, check).location == presses_look(importer, check).location


def test_what_was_never_imported_cannot_be_undone(importer: Importer) -> None:
    check = importer.checks(FILE)
    here = f"/imports/{check.id}"

    assert importer.person.opens(f"{here}/undo").location == here
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', importer.person.opens(here).text)
    assert csrf is not None
    answer = importer.person.client.post(f"{here}/undo", data={"csrf_token": csrf[1]})
    assert answer.location == f"{here}/undo"


def test_an_import_that_is_under_way_cannot_be_undone(importer: Importer) -> None:
    check = importer.checks(FILE)
    importer.presses(check)

    page = words(importer.person.opens(f"/imports/{check.id}/undo").text)
    assert "An import or an undo of this file is under way." in page
    assert "Look what would be taken back" not in page
    assert presses_look(importer, check).location == f"/imports/{check.id}/undo"


def test_an_import_that_broke_off_is_undone_and_not_gone_on_with(
    importer: Importer, check: Fact
) -> None:
    done = last_import(importer, check)
    with importer.app.app_context(), transaction() as session:
        job = session.query(Job).filter_by(serial=int(done.number[2:])).one()
        job.state = State.CANCELLED
    page = words(importer.person.opens(f"/imports/{check.id}").text)
    assert "Go on importing" in page
    assert "Undo this import" in page
    look = looks(importer, check)
    answer = presses_undo(importer, look)

    page = words(importer.person.opens(f"/imports/{check.id}").text)
    assert "What was imported of this file is being undone by Mara Keller" in page
    assert "Go on importing" not in page
    importer.presses(check)
    importer.works()
    assert importer.fact(answer.location.rpartition("/")[2]).state == "succeeded"
    assert [row[0] for row in importer.rows()] == ["C-1", "C-2"]
    # Whoever has the import itself run again is told so as well.
    text = importer.person.opens(f"/jobs/{done.id}").text
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert csrf is not None
    answer = importer.person.client.post(f"/jobs/{done.id}/again", data={"csrf_token": csrf[1]})
    importer.works()
    again = importer.fact(answer.location.rpartition("/")[2])
    assert again.error is not None
    assert again.error.what == "This import was undone, so it cannot be gone on with."


def test_another_colleague_neither_sees_nor_undoes_it(importer: Importer, check: Fact) -> None:
    look = looks(importer, check)
    other = Person.joins(importer.app, "Jonas Weber", role="staff")

    assert other.client.get(f"/imports/{check.id}/undo").status_code == 404
    assert other.client.get(f"/imports/undo/{look.id}").status_code == 404
    token = re.search(r'name="csrf_token" value="([^"]+)"', other.opens("/account").text)
    assert token is not None
    for address in (f"/imports/{check.id}/undo", f"/imports/undo/{look.id}/start"):
        assert other.client.post(address, data={"csrf_token": token[1]}).status_code == 404


def test_images_that_are_forgotten_are_missed_honestly(importer: Importer, check: Fact) -> None:
    importer.shop.execute("DELETE FROM bellhop_import_before")

    look = looks(importer, check)

    assert (look.result["rows"], look.result["lost"]) == (0, 3)
    page = words(importer.person.opens(f"/imports/undo/{look.id}").text)
    assert "3 rows that were imported cannot be taken back" in page
    assert "There is nothing to take back." in page
    page = words(importer.person.opens(f"/jobs/{look.id}").text)
    assert "Nothing of this import is kept that could be taken back." in page


def test_what_was_written_at_once_says_that_nothing_is_kept(importer: Importer) -> None:
    importer.shop.execute("DROP TABLE bellhop_import; DROP TABLE bellhop_import_before")
    check = importer.checks(FILE)
    importer.imports(check)

    page = words(importer.person.opens(f"/imports/{check.id}/undo").text)

    assert "This database has no table for imports, so nothing is kept" in page
    assert "Look what would be taken back" not in page


def test_an_undo_is_in_the_audit_trail(importer: Importer, check: Fact) -> None:
    undo = undoes(importer, looks(importer, check))

    with importer.app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "job.start")).all()
    assert [str(row.job_id) for row in rows][-1] == undo.id
    assert rows[-1].user_id == importer.person.id
