"""Tables are opened, looked at again and closed, and all of it is written down."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import tables
from dashboard.jobs.tables import Refused
from dashboard.models import AuditEntry, OpenTable
from dashboard.sources import SourceUnavailable, from_url

Change = Callable[[str], None]


@pytest.fixture
def change(tmp_path: Path) -> Change:
    """Give what changes the shop's database."""

    def run(script: str) -> None:
        connection = sqlite3.connect(tmp_path / "shop.db")
        connection.executescript(script)
        connection.close()

    return run


@pytest.fixture
def desk(any_app: Flask, tmp_path: Path, change: Change) -> Flask:
    """Give a desk with a small shop, on each database in turn."""
    change(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, placed TEXT);"
        "CREATE VIEW recent AS SELECT id FROM orders;"
    )
    shop = from_url("shop", f"sqlite:///{tmp_path / 'shop.db'}")
    any_app.extensions["sources"] = {"shop": shop}
    return any_app


def written(action: str) -> list[dict[str, object]]:
    """Give what was written down of an act."""
    query = select(AuditEntry.detail).where(AuditEntry.action == action).order_by(AuditEntry.id)
    return list(db.session.scalars(query))


def test_an_open_table_is_kept_with_its_columns_and_its_key(desk: Flask) -> None:
    with desk.app_context():
        opened = tables.open_table("shop", "orders", title=" All  orders ", by=None)

        row = db.session.scalars(select(OpenTable)).one()
        assert row is opened
        assert (row.title, row.summary, row.slug) == ("All orders", "", "shop-orders")
        assert (row.quoted, row.kind, row.roles) == ('"orders"', "table", ["admin", "staff"])
        assert row.columns == [
            {"name": "id", "type": "integer"},
            {"name": "placed", "type": "text"},
        ]
        assert row.key == ["id"]
        assert written("table.open") == [{"source": "shop", "table": "orders"}]


def test_a_view_is_opened_as_well(desk: Flask) -> None:
    with desk.app_context():
        row = tables.open_table("shop", "recent", title="Recent", by=None)

        assert (row.kind, row.key) == ("view", [])


@pytest.mark.parametrize(
    ("source", "name", "sentence"),
    [
        ("shop", "nothing", "“shop” has no table or view “nothing”."),
        ("nowhere", "orders", "There is no source called “nowhere”."),
        ("shop", "taken", "“taken” is open already."),
    ],
)
def test_what_cannot_be_opened_is_refused_in_a_sentence(
    desk: Flask, change: Change, source: str, name: str, sentence: str
) -> None:
    change("CREATE TABLE taken (id)")
    with desk.app_context():
        tables.open_table("shop", "taken", title="Taken", by=None)

        with pytest.raises(Refused, match=sentence):
            tables.open_table(source, name, title="Title", by=None)

        assert len(written("table.open")) == 1


def test_a_source_that_does_not_answer_opens_nothing(desk: Flask, tmp_path: Path) -> None:
    (tmp_path / "shop.db").unlink()
    with desk.app_context():
        with pytest.raises(SourceUnavailable):
            tables.open_table("shop", "orders", title="Orders", by=None)

        assert db.session.scalars(select(OpenTable)).all() == []


def test_to_look_again_tells_which_columns_came_and_went(desk: Flask, change: Change) -> None:
    with desk.app_context():
        first = tables.open_table("shop", "orders", title="Orders", by=None).looked_at
        change("ALTER TABLE orders ADD COLUMN paid BOOLEAN; ALTER TABLE orders DROP COLUMN placed")

        assert tables.look_again("shop", "orders", by=None) == (["paid"], ["placed"])
        assert tables.look_again("shop", "orders", by=None) == ([], [])

        row = db.session.scalars(select(OpenTable)).one()
        assert [column["name"] for column in row.columns] == ["id", "paid"]
        assert row.looked_at >= first
        assert written("table.look")[0]["came"] == ["paid"]


def test_a_table_that_has_gone_stays_open_until_it_is_closed(desk: Flask, change: Change) -> None:
    with desk.app_context():
        tables.open_table("shop", "orders", title="Orders", by=None)
        change("DROP VIEW recent; DROP TABLE orders")

        with pytest.raises(Refused, match="has no table or view “orders”"):
            tables.look_again("shop", "orders", by=None)
        assert tables.close_table("shop", "orders", by=None) == "Orders"

        assert db.session.scalars(select(OpenTable)).all() == []
        assert written("table.close") == [{"source": "shop", "table": "orders"}]
        for act in (tables.close_table, tables.look_again):
            with pytest.raises(Refused):
                act("shop", "orders", by=None)


def test_a_table_that_is_opened_again_has_the_same_name_as_before(desk: Flask) -> None:
    with desk.app_context():
        first = tables.open_table("shop", "orders", title="Orders", by=None).slug
        tables.close_table("shop", "orders", by=None)

        assert tables.open_table("shop", "orders", title="Others", by=None).slug == first


def test_no_two_tables_share_a_name_for_their_kind() -> None:
    named = [
        *(("shop", "orders"), ("shop", "Orders"), ("shop", "orders "), ("Shop", "orders")),
        *(("a-b", "c"), ("a", "b-c"), ("a", "b.c"), ("a", "b c"), ("a_b", "c"), ("a", "b_c")),
        *(("日本", "表"), ("日本", "表二"), ("s" * 80, "t" * 255), ("s" * 80, "t" * 254)),
    ]

    slugs = [tables.slug_of(*each) for each in named]

    assert len(set(slugs)) == len(named)
    assert all(0 < len(slug) <= 60 for slug in slugs)
    assert all(slug.isascii() and not set(slug) & set(" ./") for slug in slugs)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("order_lines", "Order lines"),
        ("sales.order-lines", "Sales order lines"),
        ("Müller 2026", "Müller 2026"),
        ("__", ""),
        ("x" * 300, "X" + "x" * 119),
    ],
)
def test_a_title_is_made_of_a_name(name: str, title: str) -> None:
    assert tables.title_of(name) == title
