"""Saved choices of an export: they fill its form, also after a column of the table has gone."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from dashboard.jobs import tables
from tests.kinds.exports.counter import COLUMNS, ORDERS, Counter, fill
from tests.kinds.exports.test_form import PAGE, checked, filters, order, sent
from tests.people import words
from tests.sources.databases import Database, sqlite_database


@pytest.fixture
def shop(tmp_path: Path) -> Database:
    """Give the shop in SQLite: what a page looks like does not depend on the engine."""
    database = sqlite_database(tmp_path / "shop.db")
    fill(database)
    return database


def saves(counter: Counter, page: str = PAGE, **data: object) -> str:
    """Save choices; gives where that leads."""
    answer = counter.person.sends(f"{page}/presets", page, **{"preset-name": "Mine", **data})
    assert answer.status_code == 303, words(answer.text)
    return answer.location or ""


def test_every_choice_of_an_export_is_saved(counter: Counter) -> None:
    location = saves(
        counter,
        **sent(
            columns=["note", "id"],
            **{
                "place-6": "1",
                "filter-column": ["customer", "made"],
                "filter-op": ["one-of", "on"],
                "filter-value": ["Ada\r\nBo", "2026-10-31"],
                "sort-column": ["day", "", ""],
                "sort-way": ["down", "up", "up"],
                "limit": "20",
                "formats": ["csv", "jsonl"],
                "manner": "re-import",
            },
        ),
    )

    page = counter.person.client.get(location).text
    assert ("columns", "note") in parse_qsl(urlsplit(location).query)
    assert checked(page) == ["note", "id"]
    assert filters(page) == [("customer", "one-of", "Ada\nBo"), ("made", "on", "2026-10-31")]
    assert order(page) == [("day", "down")]
    assert re.search(r'name="limit"[^>]*value="20"', page)
    assert re.search(r'value="re-import" checked', page)
    assert 'aria-current="true"><bdi>Mine</bdi>' in page


def test_a_column_that_has_gone_since_is_named_and_the_rest_kept(counter: Counter) -> None:
    data = sent(
        columns=["id", "note"],
        **{
            "filter-column": ["note", "id"],
            "filter-op": ["is", "from"],
            "filter-value": ["x", "2"],
        },
    )
    location = saves(counter, **data)
    counter.shop.execute("ALTER TABLE orders DROP COLUMN note")
    with counter.app.app_context():
        tables.look_again("shop", "orders", by=None)

    page = counter.person.client.get(location).text

    assert "The column “ note ” is not there any more." in words(page)
    assert checked(page) == ["id"]
    assert filters(page) == [("id", "from", "2")]
    assert 'aria-current="true"><bdi>Mine</bdi>' in page


def test_what_was_saved_of_a_table_is_there_when_it_is_opened_again(counter: Counter) -> None:
    saves(counter, **sent())
    with counter.app.app_context():
        tables.close_table("shop", "orders", by=None)
    assert counter.person.opens(PAGE).status_code == 404
    gone = counter.person.sends(f"{PAGE}/presets", "/account", **{"preset-name": "More"})
    assert gone.status_code == 404

    counter.opens_table("orders")

    assert "Mine" in words(counter.person.opens(PAGE).text)


def test_many_hundreds_of_columns_are_saved_and_checked(counter: Counter) -> None:
    names = [f"a_rather_long_name_of_column_{number}" for number in range(700)]
    counter.shop.execute(f"CREATE TABLE wide ({', '.join(f'{name} text' for name in names)})")
    counter.opens_table("wide")
    page = "/new/export-shop-wide"
    places = {f"place-{index}": index + 1 for index in range(700)}
    data = {**places, "columns": names[:-1], "formats": ["csv"], "manner": "spreadsheet"}

    looked = counter.person.sends(f"{page}/check", page, **data)
    location = saves(counter, page, **data)

    assert looked.status_code == 200
    assert len(location) < 100
    assert len(checked(counter.person.client.get(location).text)) == 699


def test_a_program_takes_what_was_saved_on_a_page(counter: Counter) -> None:
    data = sent(**{"filter-column": "made", "filter-op": "on", "filter-value": "2026-10-31"})
    saves(counter, **data)

    listed = counter.person.calls("GET", f"/presets?kind={ORDERS}").json
    assert listed is not None
    (preset,) = listed["items"]
    done = counter.asks(ORDERS, **preset["params"])

    assert [row[0] for row in done.rows()[1:]] == ["2"]
    assert preset["page"].startswith(f"{PAGE}?")
    assert done.rows()[0] == COLUMNS
    assert unescape(preset["name"]) == "Mine"
