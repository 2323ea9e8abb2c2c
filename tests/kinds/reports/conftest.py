"""A desk with the shop and the flights as sources, and a worker that works when it is told to."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from dashboard import create_app
from dashboard.demo import load
from dashboard.kinds.reports import form
from tests import flights
from tests.kinds.reports.desk import Desk
from tests.people import Person

TODAY = date(2026, 11, 21)
ORDERS = 11_000  # a tenth of the demo's, to be quick

Sources = Mapping[str, str]


@pytest.fixture(scope="session")
def shop_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the demo shop as of TODAY, smaller than it is."""
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    load(path, TODAY, orders=ORDERS)
    return path


@pytest.fixture(scope="session")
def flights_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the flights as an SQLite file."""
    path = tmp_path_factory.mktemp("flights") / "flights.db"
    flights.load_sqlite(path)
    return path


@pytest.fixture
def own_reports(tmp_path: Path) -> Path:
    """Give the operator's folder of reports, empty."""
    folder = tmp_path / "reports"
    folder.mkdir()
    return folder


@pytest.fixture
def sources(shop_file: Path) -> Sources:
    """Give the sources of the desk."""
    return {"shop": f"sqlite:///{shop_file}"}


@pytest.fixture
def app(
    tmp_path: Path,
    sqlite_ledger: Path,
    valkey_url: str,
    sources: Sources,
    own_reports: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Flask:
    """Give a desk on SQLite with an empty ledger, those sources, and a fixed day."""
    monkeypatch.setattr(form, "today", lambda: TODAY)
    (tmp_path / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    return create_app(
        INSTANCE_PATH=tmp_path,
        REDIS_URL=valkey_url,
        SOURCES=sources,
        REPORTS_DIR=str(own_reports),
        TESTING=True,
    )


@pytest.fixture
def desk(app: Flask, staff: Person) -> Desk:
    """Give the desk with a colleague who asks for reports."""
    return Desk(app, staff)


@pytest.fixture
def write_report(own_reports: Path) -> Callable[..., Path]:
    """Give what writes a report of the operator: its query, its name, more lines of its head."""

    def write(query: str, name: str = "own", *, source: str = "shop", head: str = "") -> Path:
        path = own_reports / f"{name}.sql"
        path.write_text(f'/*\ntitle = "Own"\nsource = "{source}"\n{head}\n*/\n{query}\n')
        return path

    return write
