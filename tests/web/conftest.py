"""A desk in front of a small till, with people and jobs in every state."""

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.security import generate_password_hash

from dashboard import create_app
from dashboard.extensions import db
from tests.people import Person
from tests.web.desk import Desk
from tests.web.streams import Streams

REPORTS = Path(__file__).with_name("reports")
ORDERS = [
    (1, "Müller & Söhne", "North", "2026-09-30", 120.5),
    (2, "Åsa <b>Bold</b>", "South", "2026-10-01", 80.0),
    (3, "Müller & Söhne", "North", "2026-10-31", 9.5),
]


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash passwords as always, but with less work: these tests make hundreds of people."""
    quick = partial(generate_password_hash, method="scrypt:512:8:1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dashboard.models.user.generate_password_hash", quick)
        yield


@pytest.fixture
def till(tmp_path: Path) -> Path:
    """Give the source that the reports read."""
    path = tmp_path / "till.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (number, customer TEXT, region TEXT, day, amount)")
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", ORDERS)
    connection.close()
    return path


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Keep compiled templates: each test has a desk of its own, but the pages are the same."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    tmp_path: Path,
    sqlite_ledger: Path,
    valkey_url: str,
    till: Path,
    compiled: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    """Give a desk on SQLite with an empty ledger and a few reports."""
    (tmp_path / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    app = create_app(
        INSTANCE_PATH=tmp_path,
        REDIS_URL=valkey_url,
        SOURCES={"till": f"sqlite:///{till}"},
        REPORTS_DIR=str(REPORTS),
        TESTING=True,
    )
    app.jinja_env.bytecode_cache = compiled
    yield app
    app.extensions["hub"].close()
    app.extensions["sources"]["till"].dispose()
    with app.app_context():
        db.engine.dispose()


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
