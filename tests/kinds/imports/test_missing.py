"""Rows that a file does not have are deleted where an administrator asks for it."""

import pytest

from dashboard.jobs import Fact, targets
from dashboard.sources.writing.shape import OTHERS_MISSING
from tests.kinds.imports.importer import CHECK, Importer
from tests.people import Person, words

FILE = "customer_no,name\nC-1,Ada\nC-9,Zoë\n"
MODES = (*targets.MODES, targets.MIRROR)


@pytest.fixture
def mirror(importer: Importer) -> Importer:
    """Give an administrator at a desk on which customers may be mirrored."""
    with importer.app.app_context():
        targets.close_target("shop", "customers", by=None)
    importer.opens("customers", modes=MODES)
    importer.person = Person.joins(importer.app, "Ada Admin", role="admin")
    return importer


def checked(mirror: Importer, file: str = FILE) -> Fact:
    """Give the check of a file that is to be what the table is."""
    return mirror.checks(file, mode="mirror")


def test_what_the_file_does_not_have_is_told_and_then_deleted(mirror: Importer) -> None:
    check = checked(mirror)
    page = words(mirror.person.opens(f"/imports/{check.id}").text)
    before = mirror.rows()
    job = mirror.imports(check)

    assert check.result["counts"] == {"n": 1, "c": 0, "s": 1, "l": 0, "b": 0, "d": 1}
    assert len(before) == 2
    assert "1 would be deleted" in page
    assert "C-2 Bo" in page
    assert "Import 1 row, delete 1" in page
    assert job.state == "succeeded", job.error
    assert (job.result["added"], job.result["deleted"]) == (1, 1)
    assert [row[0] for row in mirror.rows()] == ["C-1", "C-9"]
    assert "Deleted 1" in words(mirror.person.opens(f"/jobs/{job.id}").text)


def test_a_file_that_only_lacks_rows_may_be_imported(mirror: Importer) -> None:
    check = checked(mirror, "customer_no,name\nC-1,Ada\n")
    page = words(mirror.person.opens(f"/imports/{check.id}").text)

    mirror.imports(check)

    assert "Delete 1 row" in page
    assert [row[0] for row in mirror.rows()] == ["C-1"]


@pytest.mark.parametrize(
    "meanwhile",
    ["INSERT INTO customers (customer_no, name) VALUES ('C-7', 'Gus')", "DELETE FROM customers"],
)
def test_nothing_is_deleted_where_other_rows_are_missing_now(
    mirror: Importer, meanwhile: str
) -> None:
    check = checked(mirror)
    mirror.shop.execute(meanwhile)
    rows = mirror.rows()

    job = mirror.imports(check)

    assert job.state == "failed"
    assert job.error is not None
    assert OTHERS_MISSING in f"{job.error.what} {job.error.next}"
    assert "imported" in job.error.unchanged
    assert {row[0] for row in rows} <= {row[0] for row in mirror.rows()}


def test_nothing_is_deleted_while_a_row_is_to_be_fixed(mirror: Importer) -> None:
    check = checked(mirror, "customer_no,name,since\nC-1,Ada,2020-01-01\nC-2,Bo,yesterday\n")
    page = words(mirror.person.opens(f"/imports/{check.id}").text)

    assert check.result["counts"]["d"] == 0
    assert "Nothing is deleted as long as rows of the file are to fix" in page
    assert "would be deleted" not in page


def test_without_marks_it_is_all_one_transaction(mirror: Importer) -> None:
    mirror.forgets()
    mirror.imports(checked(mirror))

    assert [row[0] for row in mirror.rows()] == ["C-1", "C-9"]


def test_only_administrators_may_have_rows_deleted(mirror: Importer) -> None:
    check = checked(mirror)
    staff = mirror.person = Person.joins(mirror.app, "Stan Staff", role="staff")
    params = {"upload": mirror.upload(FILE), "mode": "mirror"}

    asked = staff.calls("POST", f"/jobs/{CHECK}", json={"params": params})

    assert asked.status_code == 422, asked.text
    assert staff.opens(f"/imports/{check.id}").status_code == 404
    assert "delete what the file" not in staff.opens(f"/new/{CHECK}", upload=params["upload"]).text
    assert len(mirror.rows()) == 2


def test_who_was_handed_the_check_may_not_have_rows_deleted_either(mirror: Importer) -> None:
    check = checked(mirror)
    staff = Person.joins(mirror.app, "Stan Staff", role="staff")
    page = f"/jobs/{check.id}/people"
    data = {"hand-person": str(staff.id)}
    handed = mirror.person.sends(f"/jobs/{check.id}/hand-over", page, **data)
    assert handed.status_code in (302, 303), handed.text

    shown = staff.opens(f"/imports/{check.id}")
    pressed = mirror.presses(check, by=staff)

    assert shown.status_code == 200
    assert "Import 1 row" not in words(shown.text)
    assert pressed.status_code == 403
    assert len(mirror.rows()) == 2
