"""What goes wrong with a report ends as a failed job with a sentence, and leaves no file."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from openpyxl import load_workbook

from dashboard.kinds.reports.definition import FORMATS
from tests.kinds.reports.conftest import Sources
from tests.kinds.reports.desk import Desk, Done

Write = Callable[..., Path]

ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS i FROM n"
)


@pytest.fixture
def sources(shop_file: Path, tmp_path: Path) -> Sources:
    """Give the shop, and a source that is not there."""
    return {"shop": f"sqlite:///{shop_file}", "gone": f"sqlite:///{tmp_path}/gone/gone.db"}


@pytest.fixture
def fails(desk: Desk, write_report: Write, app: Flask) -> Callable[..., str]:
    """Give what runs a query as a report and gives the sentence with which it fails."""

    def run(query: str, *, source: str = "shop", head: str = "", formats: str = "csv") -> str:
        write_report(query, source=source, head=head)
        done = desk.asks("own", formats=tuple(formats.split()))
        assert done.fact.state == "failed", done.fact
        assert done.files == {}
        assert not (Path(app.instance_path) / "files" / done.fact.id).exists()
        return done.failure

    return run


def wait_until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def gives(desk: Desk, write_report: Write, query: str, *formats: str, head: str = "") -> Done:
    write_report(query, head=head)
    done = desk.asks("own", formats=formats or ("csv",))
    assert done.fact.state == "succeeded", done.fact.error
    return done


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("SELECT * FROM ledgers", "The source “shop” has no table “ledgers”."),
        ("SELECT colour FROM products", "The source “shop” has no column “colour”."),
        ("SELECT nonsense(1) AS n", "The source “shop” has no function “nonsense”."),
        ("SELECT FROM WHERE", "The source “shop” does not understand the query."),
        (
            "SELECT name, sku AS name FROM products",
            "The column “name” is named twice in the query.",
        ),
    ],
)
@pytest.mark.parametrize("formats", ["csv", "csv xlsx"])
def test_a_wrong_query_fails_at_once(
    fails: Callable[..., str], query: str, sentence: str, formats: str
) -> None:
    assert fails(query, formats=formats) == sentence


@pytest.mark.parametrize("bad", [1, 700, 1_200])
@pytest.mark.parametrize("formats", ["csv", "csv xlsx"])
def test_a_row_that_cannot_be_worked_out_is_no_query_that_is_not_understood(
    fails: Callable[..., str], bad: int, formats: str
) -> None:
    query = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) "
        f"SELECT i, abs(CASE WHEN i = {bad} THEN -9223372036854775807 - 1 ELSE i END) AS a FROM n"
    )

    sentence = "The source “shop” cannot work the query out with these values."

    assert fails(query, formats=formats) == sentence


@pytest.mark.parametrize(
    ("query", "change"),
    [("SELECT * FROM ledgers", False), ("SELECT hex(zeroblob(17000)) AS n", True)],
)
def test_a_failure_says_whether_other_choices_help(
    desk: Desk, write_report: Write, query: str, change: bool
) -> None:
    write_report(query)

    error = desk.asks("own", formats=("xlsx",)).fact.error

    assert error is not None
    assert error.change is change


@pytest.mark.parametrize(
    "head",
    [
        "[columns.colour]\ntotal = true",
        '[chart]\ntype = "bar"\nx = "colour"\ny = "id"',
    ],
)
def test_a_head_that_speaks_of_another_column_fails(fails: Callable[..., str], head: str) -> None:
    sentence = "The report speaks of a column “colour”, which its query does not give."

    assert fails("SELECT id, name FROM regions", head=head) == sentence


def test_a_source_that_is_down_is_tried_again_later(desk: Desk, write_report: Write) -> None:
    write_report("SELECT 1 AS one", source="gone")

    done = desk.asks("own")

    assert done.fact.state == "waiting"
    assert done.fact.attempt == 1
    assert "The file of the source “gone” is missing." in [line.text for line in done.fact.lines]


def test_a_source_that_is_too_slow_fails_with_advice(desk: Desk, write_report: Write) -> None:
    write_report(ENDLESS, head='soft_limit = 1\ncount = "none"')

    done = desk.asks("own")

    assert done.fact.state == "failed"
    assert done.fact.error is not None
    assert "Choose a shorter period" in done.fact.error.next


def test_a_cancel_ends_a_query_in_progress(desk: Desk, write_report: Write, app: Flask) -> None:
    write_report(ENDLESS)
    job_id = desk.person.calls("POST", "/jobs/own", json={"params": {}}).json["id"]  # type: ignore[index]  # A job.
    worker = Thread(target=desk.works)
    worker.start()
    wait_until(lambda: desk.state(job_id) == "running")

    desk.person.calls("POST", f"/jobs/{job_id}/cancel")
    worker.join(60)

    assert desk.state(job_id) == "cancelled"
    assert not worker.is_alive()
    assert not (Path(app.instance_path) / "files" / job_id).exists()


def test_first_rows_that_take_too_long_are_refused_in_a_sentence(
    desk: Desk, write_report: Write, app: Flask
) -> None:
    app.config["PREVIEW_SECONDS"] = 0.2
    write_report(ENDLESS)

    page = desk.person.sends("/new/own/preview", "/new/own", formats="csv")

    assert "took longer than" in page.text


def test_nulls_are_empty_and_empty_text_is_quoted(desk: Desk, write_report: Write) -> None:
    query = "SELECT NULL AS none, '' AS empty, 1 AS one UNION ALL SELECT NULL, 'x', NULL"

    done = gives(desk, write_report, query, "csv", "xlsx")

    assert done.files["csv"] == b'None,Empty,One\n,"",1\n,x,\n'
    assert done.fact.result["preview"]["rows"] == [["", "", "1"], ["", "x", ""]]


def test_nan_and_infinity_are_spelled_and_left_out_of_totals_and_charts(
    desk: Desk, write_report: Write
) -> None:
    query = "SELECT 'a' AS x, 1.5 AS y UNION ALL SELECT 'b', 9e999 UNION ALL SELECT 'c', -9e999"
    chart = '[chart]\ntype = "bar"\nx = "x"\ny = "y"'
    head = f'[columns.y]\ntype = "number"\ntotal = true\n{chart}'

    done = gives(desk, write_report, query, *FORMATS, head=head)

    assert done.files["csv"] == b"X,Y\na,1.5\nb,Infinity\nc,-Infinity\n"
    assert done.fact.result["totals"] == [["Y", "1.5"]]
    (series,) = done.fact.result["chart"]["series"]
    assert series["points"] == [["a", 1.5], ["b", None], ["c", None]]
    assert any("left out of the total" in text for text in done.fact.result["warnings"])


def test_huge_text_goes_into_csv_and_is_refused_by_a_workbook_in_a_sentence(
    desk: Desk, fails: Callable[..., str], write_report: Write
) -> None:
    query = "SELECT replace(hex(zeroblob(500000)), '00', 'xy') AS note"

    done = gives(desk, write_report, query)
    refused = fails(query, formats="csv xlsx")

    assert done.files["csv"] == b"Note\n" + b"xy" * 500_000 + b"\n"
    assert len(done.fact.result["preview"]["rows"][0][0]) == 200
    assert refused.startswith("Row 1, column Note: the text has 1,000,000 characters")


def test_moments_with_a_zone_are_utc_in_csv_and_the_persons_own_in_a_workbook(
    tmp_path: Path, desk: Desk, write_report: Write, shop_file: Path
) -> None:
    query = "SELECT '2026-03-29 03:30:00+02:00' AS at UNION ALL SELECT '2026-10-25T00:30:00Z'"
    desk.moves_to("Europe/Berlin")

    done = gives(desk, write_report, query, "csv", "xlsx", head='[columns.at]\ntype = "datetime"')

    assert done.files["csv"].splitlines()[1:] == [
        b"2026-03-29 01:30:00+00:00",
        b"2026-10-25 00:30:00+00:00",
    ]
    assert done.fact.result["preview"]["rows"] == [
        ["2026-03-29 03:30:00"],
        ["2026-10-25 02:30:00"],
    ]
    book = tmp_path / "book.xlsx"
    book.write_bytes(done.files["xlsx"])
    with closing(load_workbook(book)) as workbook:
        values = [row[0] for row in workbook.worksheets[-1].iter_rows(values_only=True)]
    assert [str(value) for value in values[1:]] == ["2026-03-29 03:30:00", "2026-10-25 02:30:00"]


def test_wrong_and_missing_choices_are_named(desk: Desk) -> None:
    assert desk.wrong("best-customers", top="many", region="Nowhere", colour="red") == {
        "colour": "There is no such choice.",
        "top": "How many customers must be a whole number, such as 12.",
        "region": "“Nowhere” is not one of the choices for “Region”.",
    }
    page = desk.person.sends("/new/best-customers", period_from="", top="many", formats="csv")
    assert page.status_code == 422
    assert 'value="many"' in page.text


def test_a_choice_is_bound_and_never_pasted(desk: Desk, shop_file: Path) -> None:
    evil = "Köln'; DROP TABLE orders; --"

    done = desk.asks("best-customers", period="all", city=evil)

    assert done.fact.result["rows"] == 0
    with closing(sqlite3.connect(shop_file)) as db:
        assert db.execute("SELECT count(*) FROM orders").fetchone()[0] > 10_000
