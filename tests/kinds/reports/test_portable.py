"""The built-in reports give the same on PostgreSQL as on SQLite, should the shop move there."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

import psycopg
import pytest

from dashboard.demo import schema
from dashboard.demo.shop import tables
from dashboard.kinds.reports.catalogue import BUILT_IN
from tests import servers
from tests.kinds.reports.conftest import ORDERS, TODAY, Sources
from tests.kinds.reports.desk import Desk

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def shop_postgresql(postgres_url: str) -> Iterator[str]:
    """Give the same shop in a PostgreSQL database."""
    with servers.fresh_database(postgres_url) as url:
        load_postgresql(url.replace("+psycopg", "", 1), TODAY)
        yield url


def load_postgresql(url: str, today: date) -> None:
    with psycopg.connect(url) as db:
        db.execute(schema.TABLES.encode())
        for table, rows in tables(today, orders=ORDERS):
            with db.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)
        db.execute(b"ANALYZE")


@pytest.fixture(params=["sqlite", "postgresql"])
def sources(request: pytest.FixtureRequest) -> Sources:
    """Give the shop, once in each database."""
    if request.param == "sqlite":
        return {"shop": f"sqlite:///{request.getfixturevalue('shop_file')}"}
    return {"shop": request.getfixturevalue("shop_postgresql")}


FOUND: dict[str, list[list[object]]] = {}


@pytest.mark.parametrize("report", sorted(file.stem for file in BUILT_IN.glob("*.sql")))
def test_a_report_gives_the_same_on_both(desk: Desk, report: str) -> None:
    done = desk.asks(report, formats=("csv",))

    rows = [[plain(text) for text in row] for row in done.rows()]
    assert len(rows) > 5
    assert FOUND.setdefault(report, rows) == rows


def plain(text: str) -> object:
    """Give numbers as numbers: 13204.50 is 13204.5."""
    try:
        return Decimal(text).normalize()
    except InvalidOperation:
        return text
