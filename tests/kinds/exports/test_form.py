"""The start form of an export: it is filled in, changed without scripts, sent, and complains."""

import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.formats import FORMATS
from dashboard.jobs import find, tables
from dashboard.kinds.exports import counting
from dashboard.models import Job, User
from dashboard.showcase.choices import at_the_desk, various, whole
from dashboard.sources.sqlite.reading import SQLiteReading
from tests.kinds.exports.counter import COLUMNS, ORDERS, Counter, fill
from tests.people import words
from tests.sources.databases import Database, sqlite_database

PAGE = f"/new/{ORDERS}"


@pytest.fixture
def shop(tmp_path: Path) -> Database:
    """Give the shop in SQLite: what a page looks like does not depend on the engine."""
    database = sqlite_database(tmp_path / "shop.db")
    fill(database)
    return database


def checked(html: str) -> list[str]:
    """Give the columns that are chosen on a page, in its order."""
    return re.findall(r'name="columns" value="([^"]*)" checked', html)


def filters(html: str) -> list[tuple[str, str, str]]:
    """Give the filters on a page: column, op and value."""
    shown = re.sub(r"<template.*?</template>", "", html, flags=re.S)
    rows = re.findall(r'<div class="condition" role.*?</div>', shown, flags=re.S)
    return [(_named(row), _chosen(row), _value(row)) for row in rows]


def _named(row: str) -> str:
    return unescape(re.findall(r'name="filter-column" value="([^"]*)"', row)[0])


def _chosen(row: str) -> str:
    return str(re.findall(r'<option value="([^"]*)" selected', row)[0])


def _value(row: str) -> str:
    found = re.findall(r'<textarea[^>]*>([^<]*)<|type="(?:date|time)"[^>]* value="([^"]*)"', row)
    return unescape("".join(found[0])) if found else ""


def order(html: str) -> list[tuple[str, str]]:
    """Give the columns that a page sorts by, and the way."""
    rows = re.findall(r'<div class="sort-row">.*?</div>', html, flags=re.S)
    found = []
    for row in rows:
        column, way = re.findall(r"<select.*?</select>", row, flags=re.S)
        chosen = re.findall(r'value="([^"]+)" selected', column)
        if chosen:
            found.append((unescape(chosen[0]), "down" if "selected" in way else "up"))
    return found


def sent(**more: Any) -> dict[str, Any]:
    """Give what the page sends when nothing was changed, and *more*."""
    places = {f"place-{index}": index + 1 for index in range(len(COLUMNS))}
    return {**places, "columns": COLUMNS, "formats": ["csv"], "manner": "spreadsheet", **more}


def params(counter: Counter, location: str | None) -> dict[str, Any]:
    """Give the choices of the job that a form has started."""
    assert location is not None
    number = location.removeprefix("/jobs/").replace("-", "")
    with counter.app.app_context():
        jobs = {job.id.hex: job.params for job in db.session.scalars(select(Job))}
    return dict(jobs[number])


def test_a_form_begins_with_all_columns_and_nothing_else(counter: Counter) -> None:
    page = counter.person.opens(PAGE).text

    assert checked(page) == COLUMNS
    assert filters(page) == []
    assert order(page) == []
    assert "7 of 7" in words(page)


def test_what_is_chosen_starts_the_job_in_the_one_spelling(counter: Counter) -> None:
    answer = counter.person.sends(
        PAGE,
        **sent(
            columns=["note", "id", "customer"],
            **{
                "place-6": "1",
                "filter-column": ["customer", "day", "note", "customer"],
                "filter-op": ["one-of", "from", "not-empty", "contains"],
                "filter-value": ["Ada\r\nBo\r\n", "2026-10-01", "unused", "a:b %"],
                "sort-column": ["day", "id", ""],
                "sort-way": ["down", "up", "up"],
                "limit": " 20 ",
                "formats": ["csv", "jsonl"],
                "manner": "re-import",
            },
        ),
    )

    assert answer.status_code == 303, words(answer.text)
    assert params(counter, answer.location) == {
        "columns": ["note", "id", "customer"],
        "where": [
            "customer:one-of:Ada\nBo",
            "day:from:2026-10-01",
            "note:not-empty:",
            "customer:contains:a:b %",
        ],
        "sort": ["-day", "id"],
        "limit": 20,
        "formats": ["csv", "jsonl"],
        "manner": "re-import",
    }


def test_all_columns_in_the_order_of_the_table_are_said_by_none(counter: Counter) -> None:
    answer = counter.person.sends(PAGE, **sent())

    assert params(counter, answer.location)["columns"] == []


def test_a_manner_of_csv_means_nothing_without_csv(counter: Counter) -> None:
    answer = counter.person.sends(PAGE, **sent(formats=["xlsx"], manner="re-import"))

    assert params(counter, answer.location)["manner"] == "spreadsheet"


def test_the_place_of_another_column_puts_a_column_there(counter: Counter) -> None:
    up = counter.person.sends(PAGE, **sent(**{"place-6": "2"}))
    down = counter.person.sends(PAGE, **sent(**{"place-0": "3"}))

    assert params(counter, up.location)["columns"][:3] == ["id", "note", "customer"]
    assert params(counter, down.location)["columns"][:3] == ["customer", "total", "id"]


def test_buttons_change_the_choices_without_scripts_and_start_nothing(counter: Counter) -> None:
    mara = counter.person
    first = {"filter-column": ["total"], "filter-op": ["from"], "filter-value": ["wrong"]}
    change = f"{PAGE}/change"

    more = sent(**first, **{"change": "add-filter", "filter-new": "day", "place-6": "1"})
    added = mara.sends(change, PAGE, **more)
    assert added.status_code == 200
    assert filters(added.text) == [("total", "from", "wrong"), ("day", "on", "")]
    assert checked(added.text)[0] == "note"
    assert "Nothing was started" not in added.text

    removed = mara.sends(change, PAGE, **sent(**first, change="remove-filter-0"))
    assert filters(removed.text) == []
    none = mara.sends(change, PAGE, **sent(change="no-columns"))
    assert checked(none.text) == []
    every = mara.sends(change, PAGE, **sent(columns=[], change="all-columns"))
    assert checked(every.text) == COLUMNS
    unknown = mara.sends(change, PAGE, **sent(**{"change": "add-filter", "filter-new": "no"}))
    assert filters(unknown.text) == []
    with counter.app.app_context():
        assert db.session.scalars(select(Job)).first() is None
    assert mara.sends("/new/job-list/change", "/new/job-list").status_code == 404


def test_a_wrong_choice_gives_everything_back_with_its_sentence(counter: Counter) -> None:
    answer = counter.person.sends(
        PAGE,
        **sent(
            columns=["note", "id"],
            **{
                "place-6": "1",
                "filter-column": ["id", "customer", "day"],
                "filter-op": ["from", "is", "on"],
                "filter-value": ["many", "<b>", ""],
                "sort-column": ["id", "id", ""],
                "sort-way": ["down", "up", "up"],
                "limit": "0",
                "manner": "re-import",
            },
        ),
    )

    said = words(answer.text)
    assert answer.status_code == 422
    assert checked(answer.text) == ["note", "id"]
    assert filters(answer.text) == [
        ("id", "from", "many"),
        ("customer", "is", "<b>"),
        ("day", "on", ""),
    ]
    assert order(answer.text) == [("id", "down"), ("id", "up")]
    assert re.search(r'name="limit"[^>]*value="0"', answer.text)
    assert re.search(r'value="re-import" checked', answer.text)
    assert "Nothing was started. 3 things to put right" in said
    assert said.count("“id”: The value must be a whole number") == 2  # above and at the filter
    assert "The most rows must be a whole number, 1 or more." in said


def test_no_column_at_all_is_refused(counter: Counter) -> None:
    answer = counter.person.sends(PAGE, **sent(columns=[]))

    assert answer.status_code == 422
    assert "Choose at least one column." in words(answer.text)
    assert checked(answer.text) == []


def test_an_address_fills_the_form_and_a_job_has_such_an_address(counter: Counter) -> None:
    query: dict[str, Any] = {
        "columns": ["note", "id"],
        "where": ["customer:one-of:Ada\nBo", "made:on:2026-10-31"],
        "sort": ["-day"],
        "limit": "20",
        "formats": ["jsonl"],
    }
    page = counter.person.opens(PAGE, **query).text

    assert checked(page) == ["note", "id"]
    assert filters(page) == [("customer", "one-of", "Ada\nBo"), ("made", "on", "2026-10-31")]
    assert order(page) == [("day", "down")]
    assert re.search(r'name="limit"[^>]*value="20"', page)

    done = counter.asks(ORDERS, **{**query, "limit": 20, "formats": ("csv",)})
    shown = counter.person.opens(f"/jobs/{done.fact.id}").text
    link = unescape(re.findall(r'href="(/new/export-shop-orders\?[^"]*)"', shown)[0])
    again = counter.person.client.get(link).text
    assert (checked(again), filters(again), order(again)) == (
        checked(page),
        filters(page),
        order(page),
    )
    assert urlsplit(link).path == PAGE


def test_what_an_old_address_says_of_a_column_that_is_gone_is_left_out_and_named(
    counter: Counter,
) -> None:
    query = {"columns": ["id", "old"], "where": ["older:is:1", "id:is:1"], "sort": ["oldest"]}

    page = counter.person.opens(PAGE, **query).text

    assert checked(page) == ["id"]
    assert filters(page) == [("id", "is", "1")]
    assert "The columns “ old”, “older”, “oldest ” are not there any more." in words(page)


def test_the_check_counts_the_rows(counter: Counter) -> None:
    data = sent(**{"filter-column": "id", "filter-op": "to", "filter-value": "4"})

    page = words(counter.person.sends(f"{PAGE}/check", PAGE, **data).text)

    assert "Rows 4 Size" in page


def test_where_counting_takes_long_the_check_says_what_the_source_reckons(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SQLiteReading, "count", lambda *args, **kwargs: None)
    monkeypatch.setattr(SQLiteReading, "estimate", lambda *args: 1_234_567)

    page = words(counter.person.sends(f"{PAGE}/check", PAGE, **sent()).text)

    assert "Rows About 1,200,000, estimated Size" in page
    assert [counting._rounded(rows) for rows in (0, 7, 99, 123)] == [0, 7, 99, 120]


def test_the_first_rows_are_shown_as_chosen(counter: Counter) -> None:
    data = sent(columns=["customer"], **{"sort-column": "id", "sort-way": "down"})

    page = counter.person.sends(f"{PAGE}/preview", PAGE, **data).text

    cells = re.findall(r'<td class="text">([^<]*)</td>', page)
    assert [unescape(cell) for cell in cells][:2] == ['Di "D"', "Bo, the 2nd"]


def test_a_table_that_has_gone_is_said_instead_of_its_first_rows(counter: Counter) -> None:
    counter.shop.execute("DROP TABLE orders")

    page = words(counter.person.sends(f"{PAGE}/preview", PAGE, **sent()).text)

    assert "The table “orders” is not in the source “shop” any more" in page


def test_the_same_export_of_a_colleague_is_offered(counter: Counter) -> None:
    counter.asks(ORDERS, where=["id:is:1"])
    data = sent(**{"filter-column": "id", "filter-op": "is", "filter-value": " 1 "})

    page = words(counter.person.sends(f"{PAGE}/check", PAGE, **data).text)

    assert "You made the same file" in page


def test_a_program_hears_of_each_wrong_field(counter: Counter) -> None:
    told = counter.wrong(
        ORDERS,
        columns=["id", "no", "id"],
        where=["id:like:1", "nonsense", 3],
        sort=["-no"],
        limit="many",
        manner="odd",
        zone="Mars/Base",
        colour="red",
    )

    assert set(told) == {"columns", "where", "sort", "limit", "manner", "zone", "colour"}
    assert "“no”" in told["columns"]
    assert told["where"] == "This must be a list of texts."
    assert told["colour"] == "There is no such choice."
    assert "nonsense" in counter.wrong(ORDERS, where=["nonsense"])["where"]
    assert "“like”" in counter.wrong(ORDERS, where=["id:like:1"])["where"]
    assert set(counter.wrong(ORDERS, limit=True)) == {"limit"}
    assert set(counter.wrong(ORDERS, limit=-1)) == {"limit"}
    assert set(counter.wrong(ORDERS, formats=["xlsx"], manner="re-import")) == {"manner"}


def test_a_program_reads_what_it_may_choose(counter: Counter) -> None:
    kind = counter.person.calls("GET", f"/kinds/{ORDERS}").json

    assert kind is not None
    told = {param["name"]: param for param in kind["params"]}
    assert list(told) == ["columns", "where", "sort", "limit", "manner"]
    assert told["columns"]["choices"] == COLUMNS
    assert told["manner"]["choices"] == ["spreadsheet", "re-import"]


def test_a_table_that_is_closed_has_no_form(counter: Counter) -> None:
    with counter.app.app_context():
        tables.close_table("shop", "orders", by=None)

    assert counter.person.opens(PAGE).status_code == 404


def test_made_up_choices_of_an_export_are_ones_that_work(counter: Counter) -> None:
    with counter.app.app_context():
        kind = find(ORDERS)
        person = db.session.get_one(User, counter.person.id)
        assert kind is not None
        with at_the_desk():
            made = [*various(kind, person), whole(kind, person)]

    assert {len(each.params["columns"]) for each in made} == {0, 1}
    done = counter.asks(ORDERS, **{**made[-1].params, "formats": tuple(FORMATS)})
    assert done.fact.state == "succeeded", done.fact.error


def test_names_of_columns_are_text_wherever_the_page_has_them(counter: Counter) -> None:
    name = "<script>alert(1)</script>\" 'x"
    spelled = name.replace('"', '""')
    counter.shop.execute(f'CREATE TABLE hostile ("{spelled}" text, other text)')
    counter.opens_table("hostile")
    where = f"{quote(name, safe='')}:is:{name}"

    page = counter.person.opens("/new/export-shop-hostile", columns=[name], where=[where]).text

    assert "<script>alert" not in page
    assert filters(page) == [(name, "is", name)]
    assert [unescape(each) for each in checked(page)] == [name]
