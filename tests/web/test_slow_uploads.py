"""The real web server, on either database, while many send slowly and one sends a lot."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.models import Upload
from tests.parts import parts_of
from tests.people import Person, csrf_of
from tests.web.test_gevent import PATIENCE, app as postgresql_app, status

__all__ = ["postgresql_app"]

SLOW = 40  # more than there are connections to a ledger on PostgreSQL
LARGE = 48_000_000  # bytes
SPARE = 16_000_000  # bytes that a web process may take for it
HEAD = (
    "POST /uploads HTTP/1.1\r\nHost: desk\r\nCookie: {cookie}\r\nAccept: application/json\r\n"
    "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {length}\r\n\r\n"
)
FIELD = b"--x\r\nContent-Disposition: form-data; name=%s\r\n\r\n%s"


class Sender:
    """Somebody who sends a file of *size* bytes, as fast as they are told to."""

    def __init__(self, port: int, cookie: str, token: str, size: int) -> None:
        before = FIELD % (b'"csrf_token"', token.encode()) + b"\r\n"
        before += FIELD % (b'"file"; filename="a.csv"', b"")
        self.after = b"\r\n--x--\r\n"
        length = len(before) + size + len(self.after)
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.connection.sendall(HEAD.format(cookie=cookie, length=length).encode() + before)

    def sends(self, data: bytes) -> None:
        """Send some bytes of the file."""
        self.connection.sendall(data)

    def ends(self) -> bytes:
        """Send the end of the form; gives the first line of the answer."""
        self.connection.sendall(self.after)
        return self.connection.recv(1000).split(b"\r\n")[0]


@pytest.fixture(
    params=[
        "app",
        pytest.param(
            "postgresql_app",
            marks=[
                pytest.mark.postgresql,
                pytest.mark.skipif(find_spec("gevent") is None, reason="gevent is an extra."),
            ],
        ),
    ]
)
def served(request: pytest.FixtureRequest) -> Flask:
    """Give a desk whose pages threads serve, and one whose pages greenlets serve."""
    app: Flask = request.getfixturevalue(request.param)
    return app


@pytest.fixture
def web(served: Flask, tmp_path: Path) -> Iterator[tuple[int, psutil.Process]]:
    """Run the web part; gives its port and the process that serves."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port: int = held.getsockname()[1]
    with parts_of(served, tmp_path) as parts:
        process = parts.web(port, FLASK_SECRET_KEY=served.config["SECRET_KEY"])
        (worker,) = psutil.Process(process.pid).children()
        yield port, worker


@pytest.fixture
def sender(served: Flask, web: tuple[int, psutil.Process]) -> Callable[[int], Sender]:
    """Give what makes a colleague who sends a file of some bytes."""
    mara = Person.joins(served, "Mara Keller")
    token = csrf_of(mara.opens("/account").text)
    return lambda size: Sender(web[0], cookie_of(mara), token, size)


def cookie_of(person: Person) -> str:
    """Give the session of a person as a browser sends it."""
    cookie = person.client.get_cookie("bellhop_session")
    assert cookie is not None
    return f"{cookie.key}={cookie.value}"


def drafts(app: Flask) -> list[Path]:
    """Give the files that are being written."""
    root = Path(app.extensions["storage"].root)
    # A folder that goes meanwhile is none: os.walk passes it over.
    walked = os.walk(root / ".drafts")
    return [Path(folder, name) for folder, _, names in walked for name in names]


def until(condition: Callable[[], bool]) -> None:
    """Wait until *condition* holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_while_many_send_slowly_pages_answer_and_nothing_of_who_goes_is_left(
    served: Flask, web: tuple[int, psutil.Process], sender: Callable[[int], Sender]
) -> None:
    jonas = Person.joins(served, "Jonas Brandt")
    with ExitStack() as opened:
        senders = [sender(1_000_000) for _ in range(SLOW)]
        for each in senders:
            opened.enter_context(each.connection)
            each.sends(b"x" * 300_000)
        until(lambda: len(drafts(served)) == SLOW)

        for path in ("/", "/jobs", "/account"):
            assert status(web[0], path, cookie_of(jonas)) == 200

        senders[0].sends(b"x" * 700_000)
        assert senders[0].ends() == b"HTTP/1.1 201 CREATED"
    until(lambda: drafts(served) == [])
    with served.app_context():
        (kept,) = db.session.scalars(select(Upload))
        assert kept.size == 1_000_000
    assert status(web[0], "/", cookie_of(jonas)) == 200


def test_a_large_file_takes_neither_memory_nor_a_second_place_on_the_disk(
    served: Flask, web: tuple[int, psutil.Process], sender: Callable[[int], Sender]
) -> None:
    port, worker = web
    small = sender(1000)
    with small.connection:
        small.sends(b"x" * 1000)
        assert small.ends() == b"HTTP/1.1 201 CREATED"
    before = worker.memory_info().rss
    large = sender(LARGE)
    most = 0
    with large.connection:
        for _ in range(LARGE // 1_000_000):
            large.sends(b"0123456789" * 100_000)
            most = max(most, worker.memory_info().rss)
        (draft,) = drafts(served)
        names = {Path(file.path) for file in worker.open_files() if file.mode != "r"}
        assert [path for path in names if ".drafts" in str(path)] == [draft.resolve()]
        assert large.ends() == b"HTTP/1.1 201 CREATED"
    most = max(most, worker.memory_info().rss)

    assert most - before < SPARE
    assert status(port, "/healthz") == 200
