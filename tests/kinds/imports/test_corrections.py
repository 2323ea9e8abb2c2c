"""A person's own file with what is to be fixed: made, put right, and sent again."""

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import update
from werkzeug.test import TestResponse

from dashboard.jobs import Fact
from dashboard.models import Artifact, Attachment, Upload, User, clock, transaction
from tests.kinds.imports.importer import CHECK, Importer, workbook
from tests.kinds.imports.test_form import fields
from tests.people import Person, csrf_of, words

FILE = "customer_no;name;since;notes\r\nC-3;Cy;31/02/2026;x\r\nC-4;Di;2026-02-28;\r\n;Ed;;\r\n"
DAY = "since: No day of the calendar. Use 2026-02-28"


def asks(importer: Importer, check: Fact, by: Person | None = None) -> TestResponse:
    """Press the button for the file."""
    person = by or importer.person
    data = {"csrf_token": csrf_of(person.opens("/account").text)}
    return person.client.post(f"/imports/{check.id}/own-file", data=data)


def made(importer: Importer, check: Fact) -> Fact:
    """Press the button and let the worker work; gives the job."""
    answer = asks(importer, check)
    assert answer.status_code == 303, answer.text
    importer.works()
    return importer.fact(answer.location.rpartition("/")[2])


def bytes_of(importer: Importer, job: Fact) -> bytes:
    """Download the one file of *job*."""
    assert job.state == "succeeded", job.error
    (file,) = job.files
    with importer.person.opens(f"/files/{file.id}") as answer:
        data: bytes = answer.data
    return data


def sheet_of(data: bytes) -> Worksheet:
    """Give the sheet of a workbook."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def test_a_csv_comes_back_with_a_column_and_corrected_it_goes_through(importer: Importer) -> None:
    check = importer.checks(FILE, "Spring List.csv", decimal=".")
    assert check.result["counts"]["b"] == 2

    job = made(importer, check)

    assert job.title == "Spring List.csv with what to fix"
    assert [file.name for file in job.files] == ["spring-list-what-to-fix.csv"]
    assert job.files[0].rows == 3
    data = bytes_of(importer, job).decode()
    assert data == (
        "customer_no;name;since;notes;What to fix\r\n"
        f"C-3;Cy;31/02/2026;x;{DAY}\r\n"
        "C-4;Di;2026-02-28;;\r\n"
        ";Ed;;;customer_no: Missing\r\n"
    )
    fixed = data.replace("31/02/2026", "28/02/2026").replace("\r\n;Ed", "\r\nC-5;Ed")
    again = importer.checks(fixed, "spring-list-what-to-fix.csv")
    assert again.result["counts"] == {"n": 3, "c": 0, "s": 0, "l": 0, "b": 0}
    assert importer.imports(again).result["added"] == 3


@pytest.mark.parametrize(
    ("codec", "delimiter"), [("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", ";")]
)
def test_a_file_of_any_manner_comes_back_in_it(
    importer: Importer, codec: str, delimiter: str
) -> None:
    lines = [
        ["customer_no", "name", "since", "notes"],
        ["C-3", "Zoë", "31/02/2026", '"two\nlines; ""quoted"""'],
        ["C-4", "Jörg", "2026-02-28", "“x”"],
        ["C-5", "Åsa"],
    ]
    data = "".join(delimiter.join(line) + "\r\n" for line in lines).encode(codec)
    check = importer.checks(data, "any.txt")
    assert check.result["counts"]["b"] == 2

    job = made(importer, check)

    assert job.files[0].name == "any-what-to-fix.txt"
    found = bytes_of(importer, job)
    added = ["What to fix", DAY, "", "This row has 2 cells, the file has 4 columns"]
    wanted = [[*line, add] for line, add in zip(lines, added, strict=True)]
    text = "".join(delimiter.join(line) + "\r\n" for line in wanted)
    assert found == text.encode(codec)
    fixed = text.replace("31/02/2026", "").replace(f"Åsa{delimiter}", f"Åsa{delimiter * 3}")
    again = importer.checks(fixed.encode(codec), "any.txt")
    assert again.result["counts"] == {"n": 3, "c": 0, "s": 0, "l": 0, "b": 0}


def test_a_workbook_comes_back_with_red_cells_and_corrected_it_goes_through(
    importer: Importer,
) -> None:
    rows: list[tuple[Any, ...]] = [
        ("customer_no", "name", "since", "credit"),
        ("007", "Cy", "31/02/2026", 12.5),
        ("C-4", "Di", date(2026, 2, 28), "much"),
        ("C-5", "Ed", None, 3),
    ]
    check = importer.checks(workbook(*rows), "spring.xlsx")
    assert check.result["counts"]["b"] == 2

    data = bytes_of(importer, made(importer, check))

    sheet = sheet_of(data)
    assert sheet.title == "Dealers"
    assert sheet.freeze_panes == "A2"
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell)]
    red = [cell.coordinate for cell in cells if cell.fill.fgColor.rgb == "FFFFC7CE"]
    assert red == ["C2", "E2", "D3", "E3"]
    assert [cell.value for cell in sheet["E"]] == ["What to fix", DAY, sheet["E3"].value, None]
    assert str(sheet["E3"].value).startswith("credit: ")
    assert [cell.value for cell in sheet["A"]] == [row[0] for row in rows]
    assert sheet["C3"].value == datetime(2026, 2, 28)
    assert [cell.value for cell in sheet["D"]] == ["credit", 12.5, "much", 3]
    sheet["C2"] = date(2026, 2, 27)
    sheet["D3"] = 8
    fixed = io.BytesIO()
    assert sheet.parent is not None
    sheet.parent.save(fixed)
    again = importer.checks(fixed.getvalue(), "spring.xlsx")
    assert again.result["counts"] == {"n": 3, "c": 0, "s": 0, "l": 0, "b": 0}


def test_the_added_columns_are_proposed_to_go_nowhere(importer: Importer) -> None:
    sent = "customer_no;name;Zeile;Was zu berichtigen ist\nC-9;I;7;x\n"

    page = fields(importer.person.client.get(importer.sends(sent)).text)

    assert [page[f"column-{number}"] for number in (1, 2, 3, 4)] == ["customer_no", "name", "", ""]
    assert importer.checks(sent).result["counts"]["n"] == 1


def test_the_rows_to_fix_alone_go_through_as_well(importer: Importer) -> None:
    check = importer.checks(FILE)
    bad = bytes_of(importer, check).decode()
    assert bad.splitlines()[0] == "customer_no,name,since,notes,Row,What to fix"

    still = importer.checks(bad.replace("31/02/2026", "2026-02-28"))

    assert still.result["counts"] == {"n": 1, "c": 0, "s": 0, "l": 0, "b": 1}
    rest = bytes_of(importer, still).decode()
    assert rest == (
        'customer_no,name,since,notes,Row,What to fix\n"",Ed,"","",3,customer_no: Missing\n'
    )


def test_a_file_that_still_has_faults_has_one_column_for_them(importer: Importer) -> None:
    first = bytes_of(importer, made(importer, importer.checks(FILE))).decode()

    second = importer.checks(first.replace("31/02/2026", "2026-02-28"))

    assert second.result["counts"]["b"] == 1
    assert bytes_of(importer, made(importer, second)).decode() == (
        first.replace("31/02/2026", "2026-02-28").replace(DAY, "")
    )


def test_it_is_in_the_language_of_whoever_asks(importer: Importer) -> None:
    with importer.app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == importer.person.id).values(locale="de-DE"))
    check = importer.checks(FILE.encode("cp1252"))

    data = bytes_of(importer, made(importer, check)).decode()

    assert data.splitlines()[0].endswith(";notes;Was zu berichtigen ist")
    again = importer.checks(data.replace("31/02/2026", "").replace("\r\n;Ed", "\r\nC-5;Ed"))
    assert again.result["counts"]["b"] == 0


def test_pressing_twice_gives_one_job(importer: Importer) -> None:
    check = importer.checks(FILE)

    first = asks(importer, check).location
    assert asks(importer, check).location == first
    importer.works()
    assert asks(importer, check).location == first

    page = words(importer.person.opens(first).text)
    assert "All rows of your file are in it, as you sent them." in page
    assert "What is wrong stands in the column “What to fix”." in page
    assert "CSV, written as you sent it" in page


def test_a_file_that_is_not_there_any_more_is_made_anew(importer: Importer) -> None:
    check = importer.checks(FILE)
    first = made(importer, check)
    with importer.app.app_context(), transaction() as session:
        session.execute(update(Artifact).values(deleted_at=clock()))

    again = made(importer, check)

    assert again.id != first.id
    assert bytes_of(importer, again)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (Upload, "The file that was sent is not kept any more."),
        (Attachment, "What the check found is not kept any more."),
    ],
)
def test_without_the_file_or_the_findings_it_says_so(
    importer: Importer, table: type[Upload | Attachment], said: str
) -> None:
    check = importer.checks(FILE)
    with importer.app.app_context(), transaction() as session:
        session.execute(update(table).values(deleted_at=clock()))

    job = made(importer, check)

    assert job.state == "failed"
    assert job.error is not None
    assert job.error.what == said


def test_both_downloads_are_offered_to_whoever_may_see_the_check(importer: Importer) -> None:
    check = importer.checks(FILE)
    page = importer.person.opens(f"/imports/{check.id}").text

    assert "Your file with what to fix" in words(page)
    assert "Only these rows, as CSV" in words(page)
    other = Person.joins(importer.app, "Jonas Brandt")
    assert asks(importer, check, by=other).status_code == 404
    viewer = Person.joins(importer.app, "Vera Lind", role="viewer")
    assert asks(importer, check, by=viewer).status_code == 404
    admin = Person.joins(importer.app, "Ada Min", role="admin")
    first = asks(importer, check, by=admin)
    assert first.status_code == 303
    # The owner may not see the job of the administrator, and gets one of their own.
    assert asks(importer, check).location != first.location


def test_a_check_without_faults_offers_no_file(importer: Importer) -> None:
    check = importer.checks("customer_no,name\nC-9,I\n")

    page = words(importer.person.opens(f"/imports/{check.id}", show="bad").text)

    assert "Your file with what to fix" not in page


def test_nobody_starts_it_from_a_form_or_by_a_program(importer: Importer) -> None:
    assert importer.person.opens("/new/corrections").status_code == 404
    answer = importer.person.calls("POST", "/jobs/corrections", json={"params": {}})
    assert answer.status_code == 404
    assert importer.person.opens(f"/new/{CHECK}").status_code == 200
