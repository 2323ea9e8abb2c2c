"""Files that a worker has checked and imported, in every engine that may be written."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dashboard.jobs import targets
from dashboard.kinds.imports import check as checking
from tests.kinds.imports.importer import CHECK, Importer, workbook
from tests.people import words

FILE = """customer_no,name,since,credit,active,email
C-1,Ada,2020-01-01,12.5,yes,ada@example.org
C-2,Bo,2021-05-06,,no,
C-3,Cy,31/02/2026,1,yes,
C-4,Di,2026-02-28,7.25,no,di@example.org
,Ed,2026-02-28,7.25,no,ed@example.org
C-4,Di again,,,,
"""


def plain(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Give rows in which a truth is a bool and a day a day, whatever the engine keeps."""

    def value(at: int, each: Any) -> object:
        if each is None:
            return None
        if at == 2:
            return each if isinstance(each, date) else date.fromisoformat(each)
        if at == 3:
            return Decimal(str(each)).normalize()
        return bool(each) if at == 4 else each

    return [tuple(value(at, each) for at, each in enumerate(row)) for row in rows]


def test_a_check_says_what_would_happen_and_changes_nothing(importer: Importer) -> None:
    before = importer.rows()

    job = importer.checks(FILE)

    assert job.state == "succeeded", job.error
    assert job.number == "I-1"
    assert job.title == "Import customers: check of spring.csv"
    assert job.result["counts"] == {"n": 1, "c": 1, "s": 1, "l": 0, "b": 3}
    assert importer.rows() == before
    page = words(importer.person.opens(f"/imports/{job.id}").text)
    assert "Nothing has been changed yet" in page
    assert "3 of 6 rows cannot be imported." in page
    assert "since : No day of the calendar. Use 2026-02-28 (1 row)" in page
    assert "4 C-3 Cy No day of the calendar. Use 2026-02-28 31/02/2026" in page
    assert "6 Missing" in page
    assert "7 The same as in row 5, which comes first C-4" in page
    assert "Import 2 rows, skip 3" in page
    changed = words(importer.person.opens(f"/imports/{job.id}", show="changed").text)
    assert "3 C-2 Bo before: no value after: 2021-05-06" in changed
    new = words(importer.person.opens(f"/imports/{job.id}", show="new").text)
    assert "5 C-4 Di 2026-02-28 7.25 false di@example.org" in new


def test_an_import_writes_what_the_check_said_and_skips_the_rest(importer: Importer) -> None:
    job = importer.imports(importer.checks(FILE))

    assert job.state == "succeeded", job.error
    assert job.title == "Import customers: spring.csv"
    assert (job.result["added"], job.result["updated"], job.result["refused"]) == (1, 1, 0)
    assert plain(importer.rows()) == [
        ("C-1", "Ada", date(2020, 1, 1), Decimal("12.5"), True, "ada@example.org"),
        ("C-2", "Bo", date(2021, 5, 6), None, False, None),
        ("C-4", "Di", date(2026, 2, 28), Decimal("7.25"), False, "di@example.org"),
    ]
    page = words(importer.person.opens(f"/jobs/{job.id}").text)
    assert "2 rows are imported." in page
    assert "3 rows were skipped, as the check said." in page
    assert "Added 1 Updated 1 Refused 0 Skipped 3" in page


def test_a_second_check_of_an_imported_file_finds_all_the_same(importer: Importer) -> None:
    good = "\n".join([*FILE.splitlines()[:3], FILE.splitlines()[4]])
    importer.imports(importer.checks(good))

    again = importer.checks(good)

    assert again.result["counts"] == {"n": 0, "c": 0, "s": 3, "l": 0, "b": 0}
    page = words(importer.person.opens(f"/imports/{again.id}").text)
    assert "There is nothing to import." in page
    assert "Import 0 rows" not in page


def test_what_was_imported_is_not_imported_twice(importer: Importer) -> None:
    check = importer.checks(FILE)
    first = importer.imports(check)

    answer = importer.presses(check)

    assert answer.location == f"/jobs/{first.id}"
    page = words(importer.person.opens(f"/imports/{check.id}").text)
    assert "This file is imported" in page
    assert "Import 2 rows" not in page


def test_a_workbook_is_imported_like_a_csv(importer: Importer) -> None:
    book = workbook(
        ("Customer No.", "Name", "Since", "Credit"),
        ("C-1", "Ada", date(2020, 1, 1), 12.5),
        ("C-9", "Zoë", date(2026, 2, 28), 0.30000000000000004),
    )

    check = importer.checks(book, "list.xlsx")
    done = importer.imports(check)

    assert check.result["counts"] == {"n": 1, "c": 0, "s": 1, "l": 0, "b": 0}
    assert done.result["added"] == 1
    assert plain(importer.rows())[-1][:4] == (
        "C-9",
        "Zoë",
        date(2026, 2, 28),
        Decimal("0.3"),
    )


@pytest.mark.parametrize(
    ("mode", "counts"),
    [
        ("add", {"n": 1, "c": 0, "s": 0, "l": 2, "b": 3}),
        ("update", {"n": 0, "c": 1, "s": 1, "l": 1, "b": 3}),
    ],
)
def test_a_mode_leaves_rows_as_they_are(
    importer: Importer, mode: str, counts: dict[str, int]
) -> None:
    job = importer.checks(FILE, mode=mode)

    assert job.result["counts"] == counts
    page = words(importer.person.opens(f"/imports/{job.id}", show="left").text)
    assert "left as they are" in page


def test_rows_that_somebody_changed_since_the_check_are_not_overwritten(
    importer: Importer,
) -> None:
    check = importer.checks(FILE)
    importer.shop.execute("UPDATE customers SET name = 'Bob' WHERE customer_no = 'C-2'")

    job = importer.imports(check)

    assert (job.result["added"], job.result["updated"], job.result["refused"]) == (1, 0, 1)
    assert [row[1] for row in importer.rows()] == ["Ada", "Bob", "Di"]
    page = words(importer.person.opens(f"/jobs/{job.id}").text)
    assert "The database refused 1 row, which is not imported." in page
    assert "changed" in page.partition("Rows that the database refused")[2]


def test_what_a_constraint_refuses_is_told_by_row(importer: Importer) -> None:
    check = importer.checks(
        "customer_no,name,email\nC-5,Ed,ada@example.org\nC-6,Flo,flo@example.org\n"
    )

    job = importer.imports(check)

    assert (job.result["added"], job.result["refused"]) == (1, 1)
    assert job.result["refusals"][0][0] == 2
    assert [row[0] for row in importer.rows()] == ["C-1", "C-2", "C-6"]


def test_a_table_that_was_altered_since_the_check_is_not_written(importer: Importer) -> None:
    check = importer.checks(FILE)
    importer.shop.execute("ALTER TABLE customers ADD COLUMN age integer")

    job = importer.imports(check)

    assert job.state == "failed"
    assert job.error is not None
    assert job.error.what == "The table was altered since the check. Nothing was imported."
    assert len(importer.rows()) == 2


def test_a_table_without_marks_is_written_at_once_and_the_page_says_so(importer: Importer) -> None:
    importer.forgets()

    check = importer.checks(FILE)
    page = words(importer.person.opens(f"/imports/{check.id}").text)
    job = importer.imports(check)

    assert "all rows are written at once, or none" in page
    assert job.state == "succeeded", job.error
    assert len(importer.rows()) == 3


def test_rows_of_a_table_without_a_key_are_all_added(importer: Importer) -> None:
    importer.opens("loose")

    check = importer.checks("word,amount\na,1\na,1\n", kind="check-shop-loose")
    importer.imports(check)

    assert check.result["counts"]["n"] == 2
    assert importer.rows("loose") == [("a", 1), ("a", 1)]


def test_many_rows_are_written_in_many_chunks(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "CHUNK", 7)
    file = "customer_no,name\n" + "".join(f"N-{at},Name {at}\n" for at in range(100))

    check = importer.checks(file)
    job = importer.imports(check)

    assert check.result["counts"]["n"] == 100
    assert job.result["added"] == 100
    assert len(importer.rows()) == 102


def test_rows_to_fix_are_a_file_of_their_own(importer: Importer) -> None:
    job = importer.checks(FILE)

    assert [file.name for file in job.files] == ["spring-rows-to-fix.csv"]
    with importer.person.opens(f"/files/{job.files[0].id}") as answer:
        text = answer.get_data(as_text=True)
    assert text.splitlines()[:2] == [
        "customer_no,name,since,credit,active,email,Row,What to fix",
        'C-3,Cy,31/02/2026,1,yes,"",4,since: No day of the calendar. Use 2026-02-28',
    ]
    fixed = text.replace("31/02/2026", "2026-02-28")
    assert importer.checks(fixed).result["counts"] == {"n": 2, "c": 0, "s": 0, "l": 0, "b": 1}


@pytest.mark.parametrize("data", [b"PK\x03\x04 no zip", b"\x89PNG\r\n\x1a\n....", b"a,b\n1,\x00\n"])
def test_a_file_that_cannot_be_read_is_told_at_once(importer: Importer, data: bytes) -> None:
    page = words(importer.person.client.get(importer.sends(data)).text)

    assert "What goes where" not in page
    assert importer.wrong(data)["upload"]


def test_a_header_alone_is_nothing_to_import(importer: Importer) -> None:
    job = importer.checks("customer_no,name\n", header="yes")

    assert job.result["rows"] == 0
    assert "The file has no rows below its header." in words(
        importer.person.opens(f"/jobs/{job.id}").text
    )


def test_ragged_rows_are_told(importer: Importer) -> None:
    job = importer.checks("customer_no,name,since\nC-7,Gus,2026-02-28\nC-8,Hal\nC-9,I,,x\n")

    assert job.result["counts"]["b"] == 2
    page = words(importer.person.opens(f"/imports/{job.id}").text)
    assert "This row has 2 cells, the file has 3 columns" in page


def test_the_checks_of_an_administrator_count(importer: Importer) -> None:
    with importer.app.app_context():
        targets.close_target("shop", "customers", by=None)
    importer.opens("customers", checks="[columns.credit]\nmax = 5\n[columns.name]\nunique = true\n")

    job = importer.checks("customer_no,name,credit\nC-5,A,6\nC-6,B,5\nC-7,B,1\n")

    assert job.result["counts"] == {"n": 1, "c": 0, "s": 0, "l": 0, "b": 2}
    assert job.kind == CHECK
