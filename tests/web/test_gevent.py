"""The real web server on PostgreSQL, which serves all pages in one thread."""

import importlib
import re
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

import pytest
from flask import Flask
from sqlalchemy import text

from dashboard import create_app
from dashboard.extensions import db
from dashboard.web.download import noted
from tests.conftest import empty, let_go
from tests.parts import Parts, parts_of
from tests.people import Person
from tests.web.conftest import REPORTS
from tests.web.desk import Desk

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(find_spec("gevent") is None, reason="gevent is in the extra “scale”."),
]
PATIENCE = 30.0
PAGES = 60


@pytest.fixture
def app(tmp_path: Path, postgres_ledger: str, valkey_url: str) -> Iterator[Flask]:
    """Give a desk with its ledger on PostgreSQL."""
    app = create_app(
        INSTANCE_PATH=tmp_path,
        REDIS_URL=valkey_url,
        SQLALCHEMY_DATABASE_URI=postgres_ledger,
        SOURCES={"till": f"sqlite:///{tmp_path / 'till.db'}"},
        REPORTS_DIR=str(REPORTS),
        LIVE_MAX_STREAMS=2 * PAGES,
        TESTING=True,
    )
    empty(app)
    yield app
    let_go(app)


@pytest.fixture
def web(app: Flask, tmp_path: Path) -> Iterator[int]:
    """Run the web part; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port: int = held.getsockname()[1]
    with parts_of(app, tmp_path) as parts:
        start(parts, port)
        yield port


def start(parts: Parts, port: int) -> None:
    """Start the web part with the desk's own key, so that its cookies hold."""
    parts.web(port, FLASK_SECRET_KEY=parts.app.config["SECRET_KEY"])


def status(port: int, path: str, cookie: str = "") -> int:
    """Ask for a page; gives the status of the answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", path, headers={"Cookie": cookie})
        return connection.getresponse().status


def test_a_page_that_waits_for_the_ledger_keeps_nobody_else_waiting(app: Flask, web: int) -> None:
    mara = Person.joins(app, "Mara Keller")
    cookie = mara.client.get_cookie("bellhop_session")
    assert cookie is not None
    answers: list[int] = []
    asks = threading.Thread(
        target=lambda: answers.append(status(web, "/", f"{cookie.key}={cookie.value}"))
    )
    with app.app_context(), db.engine.connect() as other:
        other.execute(text("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE"))
        asks.start()
        waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not other.execute(waits).scalar_one():
            pass

        assert status(web, "/healthz") == 200
        assert answers == []

        other.rollback()
    asks.join(PATIENCE)
    assert answers == [200]


def test_many_pages_are_live_in_one_process_and_are_forgotten_when_they_go(
    app: Flask, web: int
) -> None:
    mara = Person.joins(app, "Mara Keller")
    desk = Desk(app)
    job_id = desk.running(mara)
    cookie = mara.client.get_cookie("bellhop_session")
    assert cookie is not None
    with ExitStack() as opened:
        pages = [
            opened.enter_context(page(web, view, job_id, f"{cookie.key}={cookie.value}"))
            for view in ("home", "history", "job") * (PAGES // 3)
        ]
        for each in pages:
            hears(each, b"event: live")
        assert live(web) == PAGES

        desk.counts(job_id, 75, 100)

        for each in pages:
            hears(each, b"75%")
        assert status(web, "/", f"{cookie.key}={cookie.value}") == 200
    deadline = time.monotonic() + PATIENCE
    while live(web):
        assert time.monotonic() < deadline


def test_downloads_whose_readers_take_all_at_once_come_by_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gevent = importlib.import_module("gevent")  # It is not installed everywhere.
    monkeypatch.setattr(time, "sleep", gevent.sleep)  # As gunicorn's worker has it.
    sent: list[str] = []

    def send(name: str) -> None:
        for _ in noted(Flask(__name__), uuid.uuid4(), iter([b"1", b"2", b"3"])):
            sent.append(name)

    gevent.joinall([gevent.spawn(send, name) for name in ("Mara", "Jonas")], raise_error=True)

    assert sent == ["Mara", "Jonas"] * 3


@contextmanager
def page(port: int, view: str, job_id: str, cookie: str) -> Iterator[BinaryIO]:
    """Open the stream of a page."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        query = f"view={view}&id={job_id}"
        asks = f"GET /live?{query} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n"
        connection.sendall(asks.encode())
        with connection.makefile("rb") as lines:
            yield lines


def hears(lines: BinaryIO, text: bytes) -> None:
    """Read on until a line has *text*."""
    for line in lines:
        if text in line:
            return
    raise AssertionError(f"The stream ended without {text!r}.")


def live(port: int) -> int:
    """Give how many live pages the process says it has."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", "/metrics")
        found = re.search(rb"^bellhop_live_streams (\d+)", connection.getresponse().read(), re.M)
    assert found is not None
    return int(found[1])
