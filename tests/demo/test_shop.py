"""The demo shop: the same each time, believable, and hard enough for every format."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from dashboard import create_app
from dashboard.demo import commands, load
from dashboard.demo.commands import demo
from dashboard.demo.shop import first_day

TODAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def shop_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    load(path, TODAY)
    return path


@pytest.fixture
def shop(shop_file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(shop_file)) as db:
        yield db


def one(db: sqlite3.Connection, query: str) -> tuple[object, ...]:
    row: tuple[object, ...] = db.execute(query).fetchone()
    return row


def test_the_same_day_gives_the_same_file(tmp_path: Path) -> None:
    once, again = tmp_path / "once.db", tmp_path / "again.db"

    load(once, TODAY, orders=500)
    load(again, TODAY, orders=500)

    assert digest(again) == digest(once)
    assert sorted(tmp_path.iterdir()) == [again, once]


def test_it_has_three_years_of_trade_that_end_the_day_before(shop: sqlite3.Connection) -> None:
    assert one(shop, "SELECT min(ordered_on), max(ordered_on) FROM orders") == (
        "2023-11-01",
        "2026-10-31",
    )
    (months,) = one(shop, "SELECT count(DISTINCT substr(ordered_on, 1, 7)) FROM orders")
    assert months == 36
    (lines,) = one(shop, "SELECT count(*) FROM order_lines")
    assert isinstance(lines, int)
    assert 300_000 <= lines <= 340_000


def test_its_figures_agree_with_one_another(shop: sqlite3.Connection) -> None:
    wrong_amounts = """
        SELECT count(*) FROM order_lines
        WHERE abs(amount - quantity * unit_price * (100 - coalesce(discount_percent, 0)) / 100)
              >= 0.01
    """
    wrong_invoices = """
        SELECT count(*) FROM invoices AS i
        JOIN (SELECT order_id, sum(amount) AS amount FROM order_lines GROUP BY order_id) AS l
          ON l.order_id = i.order_id
        WHERE abs(l.amount - i.amount) >= 0.01
    """
    lost = "SELECT count(*) FROM invoices WHERE paid_on < issued_on OR paid_on >= '2026-11-01'"

    assert one(shop, wrong_amounts) == (0,)
    assert one(shop, wrong_invoices) == (0,)
    assert one(shop, lost) == (0,)
    assert one(shop, "PRAGMA foreign_key_check") is None


def test_it_has_seasons_and_overdue_invoices(shop: sqlite3.Connection) -> None:
    by_month = dict(
        shop.execute("SELECT substr(ordered_on, 1, 7), count(*) FROM orders GROUP BY 1").fetchall()
    )
    (overdue,) = one(
        shop, "SELECT count(*) FROM invoices WHERE paid_on IS NULL AND due_on < '2026-11-01'"
    )

    assert by_month["2025-12"] > 1.4 * by_month["2025-07"]
    assert isinstance(overdue, int)
    assert 300 < overdue < 3_000


def test_its_texts_are_as_odd_as_real_ones(shop: sqlite3.Connection) -> None:
    names = [name for (name,) in shop.execute("SELECT name FROM customers")]
    notes = [note for (note,) in shop.execute("SELECT note FROM customers")]

    assert sum(name.startswith("=") for name in names) == 1
    assert any('"' in name for name in names)
    assert any("ü" in name for name in names)
    assert any("🌷" in name for name in names)
    assert any(note and "\n" in note for note in notes)
    assert None in notes


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 1), date(2023, 11, 1)),
        (date(2028, 2, 29), date(2025, 2, 1)),
        (date(2027, 1, 15), date(2024, 1, 1)),
    ],
)
def test_trade_begins_with_a_whole_month(today: date, first: date) -> None:
    assert first_day(today) == first


def test_a_shop_that_is_there_is_left_alone_unless_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "load", partial(load, orders=500))
    path = tmp_path / "folder" / "shop.db"
    command = ["load", "--to", str(path), "--today", "2026-11-01"]

    made = CliRunner().invoke(demo, command)
    stamp = path.stat().st_mtime_ns
    left = CliRunner().invoke(demo, command)
    unchanged = path.stat().st_mtime_ns
    CliRunner().invoke(demo, [*command, "--again"])

    assert "order lines" in made.output
    assert "there already" in left.output
    assert unchanged == stamp
    assert path.stat().st_mtime_ns > stamp


def test_the_command_puts_the_shop_where_the_desk_finds_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "load", partial(load, orders=500))

    said = app.test_cli_runner().invoke(args=["demo", "load", "--today", "2026-11-01"]).output

    shop = Path(app.instance_path) / "demo" / "shop.db"
    assert str(shop) in said
    assert list(create_app(INSTANCE_PATH=app.instance_path).extensions["sources"]) == ["shop"]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
