"""The built-in reports give the same on PostgreSQL as on SQLite, should the shop move there."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import psycopg
import pytest

from dashboard.demo import schema
from dashboard.demo.shop import tables
from dashboard.kinds.reports.catalogue import BUILT_IN
from tests import servers
from tests.kinds.reports.conftest import ORDERS, TODAY, Sources
from tests.kinds.reports.desk import Desk

pytestmark = pytest.mark.postgresql

REPORTS = sorted(file.stem for file in BUILT_IN.glob("*.sql"))


@pytest.fixture(scope="module")
def shop_postgresql(postgres_url: str) -> Iterator[str]:
    """Give the same shop in a PostgreSQL database."""
    with servers.fresh_database(postgres_url) as url:
        with psycopg.connect(url.replace("+psycopg", "", 1)) as db:
            db.execute(schema.TABLES.encode())
            for table, rows in tables(TODAY, orders=ORDERS):
                with db.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
                    for row in rows:
                        copy.write_row(row)
            db.execute(b"ANALYZE")
        yield url


@pytest.fixture
def sources(shop_file: Path, shop_postgresql: str) -> Sources:
    """Give the shop twice, once in each database."""
    return {"shop": f"sqlite:///{shop_file}", "moved": shop_postgresql}


@pytest.fixture
def own_reports(own_reports: Path) -> Path:
    """Give the built-in reports once more, on the shop in PostgreSQL."""
    for name in REPORTS:
        text = (BUILT_IN / f"{name}.sql").read_text()
        moved = text.replace('source = "shop"', 'source = "moved"')
        (own_reports / f"moved-{name}.sql").write_text(moved)
    return own_reports


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_gives_the_same_on_both(desk: Desk, name: str) -> None:
    here = desk.asks(name)
    moved = desk.asks(f"moved-{name}")

    rows = [[plain(text) for text in row] for row in here.rows()]
    assert [[plain(text) for text in row] for row in moved.rows()] == rows
    assert len(rows) > 5
    assert moved.fact.result["chart"] == here.fact.result["chart"]
    assert moved.fact.result["totals"] == here.fact.result["totals"]


def test_copy_and_cursor_give_the_same_file_and_the_same_first_rows(desk: Desk) -> None:
    copied = desk.asks("moved-order-lines")
    fetched = desk.asks("moved-order-lines", formats=("csv", "xlsx"))

    assert copied.files["csv"] == fetched.files["csv"]
    assert copied.fact.result["preview"] == fetched.fact.result["preview"]


def plain(text: str) -> object:
    """Give numbers as numbers: 13204.50 is 13204.5."""
    try:
        return Decimal(text).normalize()
    except InvalidOperation:
        return text
