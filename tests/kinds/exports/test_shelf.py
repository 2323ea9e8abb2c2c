"""Which tables are open, as pages, workers and the live hub know it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from dashboard import create_app
from dashboard.extensions import db
from dashboard.jobs import Kind, find, kinds, start, tables
from dashboard.jobs.claim import claim
from dashboard.kinds.exports.tables import Shelves
from dashboard.models import User
from dashboard.web.access import act_as
from tests.people import Person

KIND = "export-till-orders"


@pytest.fixture
def app(tmp_path: Path, sqlite_ledger: Path, valkey_url: str) -> Flask:
    """Give a desk with a till of two tables."""
    (tmp_path / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    connection = sqlite3.connect(tmp_path / "till.db")
    connection.executescript("CREATE TABLE orders (id INTEGER); CREATE TABLE staff (id INTEGER)")
    connection.close()
    sources = {"till": f"sqlite:///{tmp_path / 'till.db'}"}
    return create_app(INSTANCE_PATH=tmp_path, REDIS_URL=valkey_url, SOURCES=sources, TESTING=True)


@contextmanager
def asked(app: Flask) -> Iterator[list[str]]:
    """Give what the ledger is asked about open tables while the block runs."""
    found: list[str] = []

    def hear(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "open_tables" in statement:
            found.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def open_(app: Flask, name: str = "orders", **more: Any) -> None:
    """Open a table of the till."""
    with app.app_context():
        tables.open_table("till", name, title=name.title(), by=None, **more)


def close(app: Flask, name: str = "orders") -> None:
    """Close it."""
    with app.app_context():
        tables.close_table("till", name, by=None)


@contextmanager
def page_of(app: Flask, person: Person) -> Iterator[None]:
    """Be in a request of somebody who has signed in."""
    with app.test_request_context():
        act_as(person.id)
        yield


def test_an_open_table_is_a_kind_that_says_what_it_is(app: Flask) -> None:
    open_(app, summary="One row an order.", roles=("admin",))

    with app.app_context():
        kind = find(KIND)

    assert kind is not None
    assert (kind.title, kind.family, kind.verb) == ("Orders", "exports", "Export")
    assert (kind.summary, kind.roles) == ("One row an order.", frozenset({"admin"}))


def test_a_page_asks_the_ledger_once_and_sees_what_is_true_now(app: Flask, staff: Person) -> None:
    with page_of(app, staff):
        assert KIND not in kinds()
    open_(app)

    with asked(app) as questions, page_of(app, staff):
        assert find(KIND) is not None
        assert KIND in kinds()
        assert find("export-till-staff") is None
    assert len(questions) == 1

    close(app)
    with page_of(app, staff):
        assert find(KIND) is None


def test_a_page_that_needs_no_export_does_not_ask(app: Flask, staff: Person) -> None:
    with asked(app) as questions, page_of(app, staff):
        assert find("job-list") is not None
        assert find("no-such-kind") is None

    assert questions == []


def test_a_worker_asks_every_few_seconds_only(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with asked(app) as questions, app.app_context():
        for _ in range(5):
            kinds()
        assert len(questions) == 1

        monkeypatch.setattr("dashboard.kinds.exports.tables.KNOWN_FOR", 0.0)
        kinds()
        assert len(questions) == 2


def test_a_worker_that_does_not_know_a_kind_looks_anew(app: Flask) -> None:
    with app.app_context():
        assert KIND not in kinds()
    open_(app)

    with app.app_context():
        assert find(KIND) is not None
        assert KIND in kinds()


def test_a_worker_takes_a_job_of_a_table_that_was_just_opened(app: Flask, staff: Person) -> None:
    with app.app_context():
        kinds()  # What the worker knows is of before.
    stale = app.extensions["exports"]
    app.extensions["exports"] = Shelves()  # Those of the web.
    open_(app)
    with app.app_context():
        kind = find(KIND)
        assert isinstance(kind, Kind)
        chosen = kind.form(None, csrf=False, initial={"formats": ["csv"]})
        params = chosen.params()
        start(kind, params, by=db.session.get_one(User, staff.id), key="once")

    app.extensions["exports"] = stale
    with app.app_context():
        claimed = claim("reports", worker="worker@here", task_id="1")

    assert claimed is not None
    assert claimed.job.kind == KIND


def test_what_the_hub_renders_never_asks_the_ledger_twice(app: Flask, staff: Person) -> None:
    open_(app)
    with page_of(app, staff):
        kinds()

    with asked(app) as questions:
        for _ in range(3):
            with app.test_request_context():  # As the hub renders: for nobody.
                assert find(KIND) is not None
                assert find("export-till-staff") is None

    assert questions == []


def test_what_has_not_changed_stays_the_same_kind(app: Flask, staff: Person) -> None:
    open_(app)
    with page_of(app, staff):
        before = find(KIND)
    open_(app, "staff")
    with page_of(app, staff):
        assert find(KIND) is before
        assert find("export-till-staff") is not None

    with app.app_context():
        tables.look_again("till", "orders", by=None)
    with page_of(app, staff):
        assert find(KIND) is not before
