"""Exports that a worker has done: which rows and columns their files hold, in every engine."""

import gzip
import io
import json
import threading
from typing import Any

import openpyxl
import pytest

from dashboard.formats import FORMATS
from dashboard.jobs.outputs import Outputs
from dashboard.kinds.exports import counting, query
from tests.kinds.exports.counter import COLUMNS, ODD, ORDERS, Counter
from tests.parts import until
from tests.people import words

# Filters, and the numbers of the orders that fit them.
FILTERS: tuple[tuple[list[str], list[int]], ...] = (
    (["customer:is:Bo"], [2]),
    (["customer:is-not:Bo"], [1, 3, 4, 5, 6]),
    (["customer:contains:ADA"], [1, 3]),
    (["customer:begins:bo"], [2, 5]),
    (["note:contains:%"], [5]),
    (["customer:one-of:Bo\nCy\n\n"], [2, 4]),
    (["note:empty:"], [2, 3]),
    (["note:not-empty"], [1, 4, 5, 6]),
    (["total:from:7", "total:to:12.5"], [1, 5]),
    (["total:is-not:3"], [1, 3, 4, 5, 6]),
    (["id:one-of:1\n6"], [1, 6]),
    (["paid:is:true"], [1, 3, 5]),
    (["paid:empty:"], [4]),
    (["day:on:2026-10-31"], [2]),
    (["day:from:2026-10-31", "day:to:2026-11-01"], [2, 3]),
    (["made:on:2026-10-31"], [2]),
    (["made:to:2026-10-31"], [1, 2]),
    (["made:from:2026-11-02"], [5, 6]),
)


def test_an_export_without_choices_is_the_whole_table(counter: Counter) -> None:
    done = counter.asks(ORDERS)

    header, *rows = done.rows()
    assert header == COLUMNS
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert rows[0][3:] == ["true", "2026-10-30", "2026-10-30 09:00:00", "first"]
    assert len(rows) == 6
    assert done.fact.number == "E-1"
    assert done.fact.title == "Orders"
    assert done.fact.files[0].name.startswith("shop-orders-20")
    assert done.fact.result["reconciliation"] == [
        ["Counted beforehand", 6],
        ["Read", 6],
        ["CSV", 6],
    ]


def test_filters_hold_together(counter: Counter) -> None:
    found = {tuple(where): counter.ids(where=where, sort=["id"]) for where, _ in FILTERS}

    assert found == {tuple(where): ids for where, ids in FILTERS}


def test_columns_come_in_their_order_and_rows_in_theirs(counter: Counter) -> None:
    done = counter.asks(ORDERS, columns=["note", "id"], sort=["-total", "id"], limit=3)

    assert done.rows() == [["note", "id"], ["", "3"], ["first", "1"], ["100%", "5"]]
    assert done.fact.title == "Orders, first 3 rows"
    assert ["Columns", "note, id (2 of 7)"] in done.fact.choices
    assert ["Sort", "total descending, id"] in done.fact.choices
    assert ["Rows", "3 at most"] in done.fact.choices


def test_nulls_come_last_whichever_way_rows_are_sorted(counter: Counter) -> None:
    assert counter.ids(sort=["total"])[-1] == 4
    assert counter.ids(sort=["-total"])[-1] == 4


def test_names_of_columns_may_be_anything(counter: Counter) -> None:
    done = counter.asks(
        ODD,
        columns=["select", "-x", 'two "quotes" here', "a:b"],
        where=["a%3Ab:from:1", "Gr%C3%B6%C3%9Fe:one-of:g\nh", "%2Dx:is-not:zzz"],
        sort=["-%2Dx"],
    )

    header, *rows = done.rows()
    assert header == ["select", "'-x", 'two "quotes" here', "a:b"]  # A header is text as well.
    assert rows == [["t", "n", "r", "2"], ["s", "m", "q", "1"]]


def test_all_formats_hold_the_same_rows(counter: Counter) -> None:
    formats = tuple(FORMATS)
    done = counter.asks(ORDERS, formats=formats, columns=["id", "customer"], sort=["id"])

    assert done.fact.state == "succeeded", done.fact.error
    customers = ["Ada", "Bo", "ada", "Cy", "Bo, the 2nd", 'Di "D"']
    assert [row[1] for row in done.rows()[1:]] == customers
    assert gzip.decompress(done.files["csv.gz"]) == done.files["csv"]
    lines = [json.loads(line) for line in done.files["jsonl"].splitlines()]
    assert [(line["id"], line["customer"]) for line in lines] == list(enumerate(customers, 1))
    sheets = openpyxl.load_workbook(io.BytesIO(done.files["xlsx"])).worksheets
    assert any(
        [row[1] for row in sheet.iter_rows(values_only=True)][1:] == customers for sheet in sheets
    )
    assert done.files["pdf"].startswith(b"%PDF")
    told = dict(done.fact.result["reconciliation"])
    assert set(told.values()) == {6}
    assert len(told) == 2 + len(formats)


def test_csv_for_spreadsheets_is_guarded_and_csv_for_importing_is_untouched(
    counter: Counter,
) -> None:
    guarded = counter.asks(ORDERS, columns=["note"], sort=["id"])
    untouched = counter.asks(
        ORDERS, columns=["note"], sort=["id"], manner="re-import", formats=("csv", "csv.gz")
    )
    beside = counter.asks(
        ORDERS, columns=["note"], sort=["id"], manner="re-import", formats=("csv", "xlsx")
    )

    assert guarded.files["csv"] == b'note\nfirst\n\n""\n\'=1+1\n100%\n\\N\n'
    expected = b'note\nfirst\n\\N\n""\n=1+1\n100%\n"\\N"\n'
    assert untouched.files["csv"] in (expected, expected.replace(b'""', b""))
    assert gzip.decompress(untouched.files["csv.gz"]) == untouched.files["csv"]
    assert beside.files["csv"] == untouched.files["csv"]
    assert ["CSV", "To import again: values untouched, null is \\N"] in untouched.fact.choices
    shown = [row[0] for row in untouched.fact.result["preview"]["rows"]]
    assert shown == [row[0] for row in guarded.fact.result["preview"]["rows"]]


def test_csv_alone_comes_ready_from_the_database(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> None:
        raise AssertionError("rows were read one by one")

    monkeypatch.setattr(Outputs, "write", refuse)

    done = counter.asks(ORDERS, formats=("csv", "csv.gz"), where=["id:to:2"])

    assert done.fact.result["rows"] == 2
    assert len(done.fact.result["preview"]["rows"]) == 2


def test_what_matches_nothing_is_a_file_with_a_header(counter: Counter) -> None:
    done = counter.asks(ORDERS, where=["id:is:99"], formats=("csv", "xlsx"))

    assert done.rows() == [COLUMNS]
    assert done.fact.result["rows"] == 0
    assert any("Nothing matches" in line.text for line in done.fact.lines)


def test_days_of_moments_with_a_zone_are_those_of_whoever_asked(counter: Counter) -> None:
    counter.shop.execute(
        counter.shop.say(
            sqlite="CREATE TABLE zoned (id integer, at datetime);"
            "INSERT INTO zoned VALUES (1, '2026-10-31T22:30:00+00:00'),"
            "(2, '2026-10-31T23:30:00+00:00')",
            postgresql="CREATE TABLE zoned (id integer, at timestamptz);"
            "INSERT INTO zoned VALUES (1, '2026-10-31T22:30:00+00:00'),"
            "(2, '2026-10-31T23:30:00+00:00')",
        )
    )
    counter.opens_table("zoned")
    counter.moves_to("Europe/Berlin")  # which is one hour before UTC since that very morning

    mine = counter.asks("export-shop-zoned", where=["at:on:2026-10-31"])
    theirs = counter.asks("export-shop-zoned", where=["at:on:2026-10-31"], zone="UTC")

    assert [row[0] for row in mine.rows()[1:]] == ["1"]
    assert [row[0] for row in theirs.rows()[1:]] == ["1", "2"]
    assert mine.fact.params["zone"] == "Europe/Berlin"


def test_a_table_that_has_gone_is_named_with_who_can_help(counter: Counter) -> None:
    counter.shop.execute("DROP TABLE orders")

    done = counter.asks(ORDERS)

    assert done.failure == (
        "The table “orders” is not in the source “shop” any more, or it may not be read."
    )
    assert done.fact.error is not None
    assert done.fact.error.next == query.ADVICE
    assert done.fact.attempt == 1


@pytest.mark.parametrize(
    "choices", [{}, {"columns": ["id", "note"]}, {"where": ["note:is:x"]}, {"sort": ["note"]}]
)
def test_a_column_that_has_gone_is_named_where_it_is_needed(
    counter: Counter, choices: dict[str, Any]
) -> None:
    counter.shop.execute("ALTER TABLE orders DROP COLUMN note")

    if "columns" not in choices and choices:
        choices["columns"] = ["id"]
    done = counter.asks(ORDERS, **choices)

    assert done.failure == "The table “orders” has no column “note” any more."
    assert counter.exports(columns=["id"], limit=1) == [["1"]]


def test_columns_that_came_after_a_table_was_opened_stay_closed(counter: Counter) -> None:
    counter.shop.execute("ALTER TABLE orders ADD COLUMN salary integer")

    assert counter.asks(ORDERS, limit=1).rows()[0] == COLUMNS
    assert "salary" in counter.wrong(ORDERS, columns=["salary"])["columns"]


def test_a_large_table_is_counted_read_and_the_same_in_each_way(counter: Counter) -> None:
    counter.opens_table("many")

    alone = counter.asks("export-shop-many", sort=["id"])
    both = counter.asks("export-shop-many", sort=["id"], formats=("csv", "jsonl"))

    assert alone.fact.result["rows"] == 2500
    assert alone.files["csv"] == both.files["csv"]
    assert any(line.text.startswith("Counted 2,500 rows") for line in alone.fact.lines)


def test_where_counting_takes_long_the_bar_has_no_total_and_the_file_all_rows(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "SECONDS", 0.0)
    counter.opens_table("many")

    done = counter.asks("export-shop-many", formats=("csv", "xlsx"))

    assert done.fact.result["rows"] == 2500
    assert dict(done.fact.result["reconciliation"]).get("Counted beforehand") in (None, 2500)


def test_the_page_of_a_finished_export_says_what_was_chosen(counter: Counter) -> None:
    done = counter.asks(ORDERS, where=["customer:is:Bo", "day:from:2026-10-01"])

    page = words(counter.person.opens(f"/jobs/{done.fact.id}").text)

    assert "Orders, customer is “Bo”, day from 1 October 2026" in page
    assert "Columns All 7 Filter customer is “Bo” Filter day from 1 October 2026" in page


def test_a_cancel_stops_the_statement_of_a_view_without_end(counter: Counter) -> None:
    counter.shop.execute(
        "CREATE VIEW endless AS WITH RECURSIVE up(n) AS "
        "(SELECT 1 UNION ALL SELECT n + 1 FROM up) SELECT n FROM up"
    )
    counter.opens_table("endless")
    body = {"params": {}, "formats": ["csv"]}
    answer = counter.person.calls("POST", "/jobs/export-shop-endless", json=body)
    assert answer.json is not None
    job = answer.json["id"]
    worker = threading.Thread(target=counter.works)
    worker.start()
    until(counter.app, lambda: counter.state(job) == "running", 60.0)
    counter.person.calls("POST", f"/jobs/{job}/cancel")
    worker.join(60.0)

    assert not worker.is_alive()
    assert counter.state(job) == "cancelled"


def test_a_view_that_has_gone_is_called_a_view(counter: Counter) -> None:
    counter.shop.execute("CREATE VIEW newest AS SELECT id FROM orders")
    counter.opens_table("newest")
    counter.shop.execute("DROP VIEW newest")

    assert counter.asks("export-shop-newest").failure.startswith("The view “newest” is not in")
