"""A shop in each engine, a desk on which its tables are open, and a worker that works when told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import create_app
from dashboard.jobs import tables
from tests.kinds.exports.counter import Counter, fill
from tests.people import Person
from tests.sources.databases import Database, postgresql_database, sqlite_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give the shop in each engine in turn."""
    if request.param == "sqlite":
        database = sqlite_database(tmp_path / "shop.db")
        fill(database)
        yield database
        return
    with postgresql_database(request.getfixturevalue("postgres_url")) as database:
        fill(database)
        yield database


@pytest.fixture
def counter(shop: Database, tmp_path: Path, sqlite_ledger: Path, valkey_url: str) -> Counter:
    """Give a colleague at a desk on which the table of orders is open."""
    (tmp_path / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    app = create_app(
        INSTANCE_PATH=tmp_path, REDIS_URL=valkey_url, SOURCES={"shop": shop.url}, TESTING=True
    )
    with app.app_context():
        for name in ("orders", "odd"):
            tables.open_table("shop", name, title=name.title(), by=None)
    return Counter(app, Person.joins(app, "Mara Keller", role="staff"), shop)
