"""A desk in front of a small till, with people and jobs in every state."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, event

from dashboard import create_app
from dashboard.config import celery_settings
from dashboard.extensions import db
from dashboard.models import Base, transaction
from dashboard.web.hub import Hub
from tests.people import Person
from tests.web.desk import Desk
from tests.web.streams import Streams

REPORTS = Path(__file__).with_name("reports")
ORDERS = [
    (1, "Müller & Söhne", "North", "2026-09-30", 120.5),
    (2, "Åsa <b>Bold</b>", "South", "2026-10-01", 80.0),
    (3, "Müller & Söhne", "North", "2026-10-31", 9.5),
]


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory, sqlite_ledger: Path) -> Iterator[Flask]:
    """Give a desk on SQLite with a few reports, to be emptied by each test."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    app = create_app(
        INSTANCE_PATH=folder,
        SOURCES={"till": f"sqlite:///{folder / 'till.db'}"},
        REPORTS_DIR=str(REPORTS),
        TESTING=True,
    )
    with app.app_context():
        event.listen(db.engine, "connect", _hurry)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(standing: Flask, valkey_url: str, till: Path) -> Iterator[Flask]:
    """Give the desk with an empty ledger; what a test sets differently lasts as long as it."""
    config, extensions = dict(standing.config), dict(standing.extensions)
    standing.config["REDIS_URL"] = valkey_url
    standing.extensions["celery"].conf.broker_url = celery_settings({}, valkey_url)["broker_url"]
    standing.extensions["celery"].set_current()  # Other desks have been made since this one.
    standing.extensions["hub"] = Hub(standing)
    for kept in ("usual", "counts", "exports"):  # What another test's desk has seen a moment ago.
        standing.extensions.pop(kept, None)
    _empty(standing)
    yield standing
    standing.extensions["hub"].close()
    standing.extensions["sources"]["till"].dispose()
    standing.config |= config
    standing.extensions |= extensions


def _hurry(connection: sqlite3.Connection, record: object) -> None:
    """Let commits not wait for the disk: what these tests write need not survive a power cut."""
    connection.execute("PRAGMA synchronous = OFF")


def _empty(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))
    for folder in ("files", "outbox"):
        shutil.rmtree(Path(app.instance_path) / folder, ignore_errors=True)


@pytest.fixture
def till(standing: Flask) -> Path:
    """Give the source that the reports read."""
    path = Path(standing.instance_path) / "till.db"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (number, customer TEXT, region TEXT, day, amount)")
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", ORDERS)
    connection.close()
    return path


@pytest.fixture
def viewer(app: Flask) -> Person:
    """Give somebody who may only look."""
    return Person.joins(app, "Vera Viewer", role="viewer")


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Give the desk, whose worker's part the tests play."""
    return Desk(app)


@pytest.fixture
def streams(app: Flask) -> Iterator[Streams]:
    """Give the means to follow live pages; all are closed at the end."""
    with Streams(app) as streams:
        yield streams
