"""Tables of sources, as administrators open and close them for export."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import NullPool, create_engine, select, text

from dashboard.extensions import db
from dashboard.jobs import tables
from dashboard.models import OpenTable
from dashboard.sources import from_url
from dashboard.web import table_list
from tests import servers
from tests.people import Person, csrf_of, words
from tests.web.desk import Desk

OPEN = "/tables/open?source=till&name=orders"
OFFER = {"title": "All orders", "summary": "One row an order.", "who": "staff"}

WHOLE: dict[str, Any] = {
    "columns": [],
    "where": [],
    "sort": [],
    "limit": None,
    "manner": "spreadsheet",
}

Change = Callable[[str], None]


@pytest.fixture
def change(till: Path) -> Change:
    """Give what changes the till's database."""

    def run(script: str) -> None:
        connection = sqlite3.connect(till)
        connection.executescript(script)
        connection.close()

    return run


def kept(app: Flask) -> list[OpenTable]:
    """Give what is open in the ledger."""
    with app.app_context():
        return list(db.session.scalars(select(OpenTable).order_by(OpenTable.id)))


def open_(app: Flask, name: str = "orders", title: str = "All orders") -> None:
    """Open a table of the till."""
    with app.app_context():
        tables.open_table("till", name, title=title, by=None)


def test_a_table_is_opened_with_a_title_and_those_who_may_export_it(
    app: Flask, admin: Person, desk: Desk
) -> None:
    form = admin.opens("/tables/open", source="till", name="orders").text
    answer = admin.sends(OPEN, **{**OFFER, "who": "admin"})

    assert 'value="Orders"' in form
    assert "customer text" in words(form)
    assert (answer.status_code, answer.location) == (303, "/tables")
    [row] = kept(app)
    assert (row.title, row.summary, row.roles) == ("All orders", "One row an order.", ["admin"])
    assert row.opened_by_id == admin.id
    assert "“All orders” is open for export." in words(admin.opens("/tables").text)
    entry = desk.audit("table.open")[-1]
    assert (entry.user_id, entry.detail) == (admin.id, {"source": "till", "table": "orders"})


def test_what_is_open_is_in_the_catalogue_of_those_it_is_for(
    admin: Person, staff: Person, viewer: Person
) -> None:
    admin.sends(OPEN, **OFFER)

    assert "All orders" in words(staff.opens("/").text)
    assert "All orders" not in words(viewer.opens("/").text)
    assert staff.opens("/new/export-till-orders").status_code == 200
    assert viewer.opens("/new/export-till-orders").status_code == 403


def test_what_is_for_administrators_is_for_nobody_else(admin: Person, staff: Person) -> None:
    admin.sends(OPEN, **{**OFFER, "who": "admin"})

    assert admin.opens("/new/export-till-orders").status_code == 200
    assert staff.opens("/new/export-till-orders").status_code == 403
    assert "All orders" not in words(staff.opens("/").text)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"title": "  "}, "Enter a title"),
        ({"title": "x" * 121}, "Field cannot be longer than 120 characters."),
        ({"summary": "x" * 301}, "Field cannot be longer than 300 characters."),
        ({"who": "everybody"}, "Not a valid choice."),
        ({"who": ""}, "Not a valid choice."),
    ],
)
def test_a_wrong_form_opens_nothing_and_comes_back(
    app: Flask, admin: Person, wrong: dict[str, str], complaint: str
) -> None:
    answer = admin.sends(OPEN, **{**OFFER, **wrong})

    assert answer.status_code == 422
    assert "<title>Error: Open “orders” for export" in answer.text
    assert complaint in words(answer.text)
    assert kept(app) == []


@pytest.mark.parametrize("query", ["", "?source=till", "?source=till&name=no", "?source=x&name=y"])
def test_a_table_that_is_not_there_is_not_found(app: Flask, admin: Person, query: str) -> None:
    assert admin.client.get(f"/tables/open{query}").status_code == 404
    assert admin.sends(f"/tables/open{query}", "/tables", **OFFER).location == "/tables"
    assert kept(app) == []


def test_a_table_is_opened_once(app: Flask, admin: Person) -> None:
    form = admin.opens("/tables/open", source="till", name="orders").text
    open_(app)

    late = admin.client.post(OPEN, data={**OFFER, "csrf_token": csrf_of(form)})

    assert late.status_code == 303
    assert "“orders” is open already." in words(admin.opens("/tables").text)
    assert admin.opens("/tables/open", source="till", name="orders").status_code == 303
    assert len(kept(app)) == 1


def test_the_list_tells_what_is_open_and_what_is_not(
    app: Flask, admin: Person, change: Change
) -> None:
    change("CREATE TABLE refunds (id); CREATE VIEW late AS SELECT number FROM orders")
    admin.sends(OPEN, **OFFER)

    page = words(admin.opens("/tables").text)

    assert "SQLite · 3 tables and views · open: 1" in page
    assert "All orders orders 5 Staff just now Ada Admin Look again : All orders Close" in page
    assert "late View 1 Open for export : late" in page
    assert "refunds 1 Open for export : refunds" in page


def test_a_table_that_changed_is_looked_at_again(
    app: Flask, admin: Person, change: Change, desk: Desk
) -> None:
    open_(app)
    assert "look again" not in words(admin.opens("/tables").text)
    change("ALTER TABLE orders ADD COLUMN paid; ALTER TABLE orders DROP COLUMN amount")
    assert "Its columns have changed: look again" in words(admin.opens("/tables").text)

    answer = admin.sends("/tables/till-orders/look", "/tables")

    assert answer.status_code == 303
    page = words(admin.opens("/tables").text)
    assert "“All orders” is up to date. New column: paid. Gone: amount." in page
    assert "have changed" not in page
    assert desk.audit("table.look")[-1].user_id == admin.id


def test_a_table_that_has_gone_says_so_and_can_be_closed(
    app: Flask, admin: Person, change: Change
) -> None:
    open_(app)
    change("DROP TABLE orders")

    assert "Not in the source any more" in words(admin.opens("/tables").text)
    admin.sends("/tables/till-orders/look", "/tables")
    page = words(admin.opens("/tables").text)
    assert "“till” has no table or view “orders”." in page
    admin.sends("/tables/till-orders/close")
    assert kept(app) == []


def test_a_source_that_is_away_says_so_and_the_others_are_listed(
    app: Flask, admin: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = from_url("safe", f"sqlite:///{tmp_path / 'gone.db'}")
    known = {**app.extensions["sources"], "safe": away}
    monkeypatch.setitem(app.extensions, "sources", known)
    open_(app)

    page = words(admin.opens("/tables").text)

    assert "The file of the source “safe” is missing." in page
    assert "All orders" in page
    answer = admin.opens("/tables/open", source="safe", name="gold")
    assert (answer.status_code, answer.location) == (303, "/tables")
    assert "The file of the source “safe” is missing." in words(admin.opens("/tables").text)


def test_tables_of_a_source_that_was_taken_out_can_be_closed(
    app: Flask, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_(app)
    monkeypatch.setitem(app.extensions, "sources", {})

    page = words(admin.opens("/tables").text)
    assert "There is no such source any more." in page
    assert "All orders" in page

    admin.sends("/tables/till-orders/close")
    assert kept(app) == []
    assert "No source is set" in words(admin.opens("/tables").text)


def test_closing_asks_first_and_says_what_happens_to_jobs(
    app: Flask, admin: Person, staff: Person, desk: Desk
) -> None:
    open_(app)
    desk.queued(staff, "export-till-orders", **WHOLE)

    asked = words(admin.opens("/tables/till-orders/close").text)
    assert "1 export has not finished." in asked
    assert len(kept(app)) == 1
    answer = admin.sends("/tables/till-orders/close")

    assert (answer.status_code, answer.location) == (303, "/tables")
    assert kept(app) == []
    assert desk.audit("table.close")[-1].user_id == admin.id
    assert staff.opens("/new/export-till-orders").status_code == 404
    assert "Orders" in words(staff.opens("/jobs").text)


def test_many_tables_are_found_by_name_and_never_all_shown(
    app: Flask, admin: Person, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_list, "SHOWN", 20)
    assert 'name="q"' not in admin.opens("/tables").text
    change("".join(f"CREATE TABLE measure_{number:03} (id);" for number in range(300)))
    open_(app, "measure_123", "Wind")

    every = words(admin.opens("/tables").text)
    found = words(admin.opens("/tables", q="MEASURE_12").text)
    titled = words(admin.opens("/tables", q="wind").text)
    none = words(admin.opens("/tables", q="zzz").text)

    assert "280 more are not shown. Find them by their names." in every
    assert found.count("Open for export : measure_12") == 9
    assert "Wind measure_123" in found
    assert "Wind measure_123" in titled
    assert "measure_124" not in titled
    assert "No table of that name." in none


def test_names_are_shown_as_text(app: Flask, admin: Person, change: Change) -> None:
    name = "<script>alert(1)</script>"
    change(f'CREATE TABLE "{name}" ("<i>" TEXT)')

    listed = admin.opens("/tables").text
    form = admin.opens("/tables/open", source="till", name=name).text
    open_(app, name, name)
    closing = admin.opens(f"/tables/{kept(app)[0].slug}/close").text

    for page in (listed, form, closing, admin.opens("/tables").text):
        assert name not in page
        assert "&lt;script&gt;" in page
    assert "<i>" not in form


@pytest.mark.postgresql
def test_rows_are_estimated_where_the_database_has_a_planner(
    app: Flask, admin: Person, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers.fresh_database(postgres_url) as url:
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE many AS SELECT generate_series(1, 12345) AS id"))
            connection.execute(text("CREATE TABLE late AS SELECT 1 AS id"))
            connection.execute(text("ANALYZE many"))
        monkeypatch.setitem(app.extensions, "sources", {"shop": from_url("shop", url)})
        with app.app_context():
            for name in ("late", "many"):
                tables.open_table("shop", name, title=name.title(), by=None)
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE late"))

        page = words(admin.opens("/tables").text)

    assert "Many many 1 12,345 Staff" in page
    assert "Late late Not in the source any more 1 Staff" in page


def test_tables_in_which_imports_keep_their_marks_are_nobodys_concern(
    admin: Person, change: Change
) -> None:
    change("CREATE TABLE bellhop_import (run TEXT); CREATE TABLE bellhop (word TEXT);")

    page = words(admin.opens("/tables").text)

    assert "bellhop" in page.lower().replace("bellhop_import", "")
    assert "bellhop_import" not in page
