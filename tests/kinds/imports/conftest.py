"""A shop in each engine that may be written, and a person at a desk whose customers are open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from dashboard import create_app
from tests.kinds.imports.importer import Importer, fill
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
def importer(
    shop: Database, tmp_path: Path, sqlite_ledger: Path, valkey_url: str
) -> Iterator[Importer]:
    """Give a colleague at a desk on which the customers are open for import."""
    (tmp_path / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    writing = make_url(shop.url)
    if shop.is_postgresql:
        writing = writing.set(username="postgres")
    app = create_app(
        INSTANCE_PATH=tmp_path,
        REDIS_URL=valkey_url,
        SOURCES={"shop": shop.url},
        WRITING_SOURCES={"shop": writing.render_as_string(hide_password=False)},
        TESTING=True,
    )
    found = Importer(app, Person.joins(app, "Mara Keller", role="staff"), shop)
    found.prepares()
    found.opens("customers")
    yield found
    app.extensions["targets"]["shop"].dispose()
