"""Hints at the broker: few, whatever the length of the line, and made anew when they are lost."""

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis

from dashboard import create_app, jobs
from dashboard.extensions import db, sse
from dashboard.jobs import find, hints, sweep
from dashboard.models import Part, Process, Queue, Role, User, clock, transaction
from dashboard.web.users import add_user
from tests import servers
from tests.jobs.conftest import kind, with_kinds
from tests.parts import until

SECONDS = 60.0


@pytest.fixture
def queue(desk: Flask) -> str:
    """Give the queue of the desk's one kind, which no other test hints."""
    name = f"queue-{uuid.uuid4().hex}"
    with_kinds(desk, kind(queue=name))
    return name


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Give a folder whose path is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="hints-", dir="/tmp") as folder:
        yield Path(folder)


def start(user_id: int) -> None:
    """Start a job for the person."""
    found = find("count")
    assert found is not None
    jobs.start(found, {}, by=db.session.get_one(User, user_id), key=uuid.uuid4().hex)


def lie(desk: Flask, queue: str, wanted: int) -> None:
    """Wait until as many hints lie at the broker as are wanted."""
    until(desk, lambda: broker(desk).llen(queue) == wanted, SECONDS)


def broker(desk: Flask) -> Redis:
    """Give a client of the broker, which is the Redis of the live pages here."""
    with desk.app_context():
        return sse.redis


def test_a_long_line_has_no_more_hints_than_its_workers_can_use(
    desk: Flask, mara: int, queue: str
) -> None:
    with desk.app_context():
        for _ in range(hints.LEAST_HINTS + 6):
            start(mara)
        hints.fill(queue)
        lie(desk, queue, hints.LEAST_HINTS)
        with transaction() as session:
            worker = Process(name="w@here", part=Part.WORKER, host="here", pid=1, slots=4)
            worker.queues, worker.started_at, worker.heard_at = [queue], clock(), clock()
            session.add(worker)
        assert hints.capacity(queue) == 8
        hints.fill(queue)
        hints.wake(queue, wait=SECONDS)
        lie(desk, queue, 8)


def test_lost_hints_are_made_anew_and_no_more_than_there_were(
    desk: Flask, mara: int, queue: str
) -> None:
    with desk.app_context():
        start(mara)
        lie(desk, queue, 1)
        broker(desk).delete(queue)
        assert sweep.hint_again() == 1
        lie(desk, queue, hints.LEAST_HINTS)
        for _ in range(3):
            assert sweep.hint_again() == 1
        hints.wake(queue, wait=SECONDS)
        lie(desk, queue, hints.LEAST_HINTS)


def test_a_queue_that_is_paused_or_empty_is_not_hinted(desk: Flask, mara: int, queue: str) -> None:
    with desk.app_context():
        assert sweep.hint_again() == 0
        start(mara)
        with transaction() as session:
            session.add(Queue(name=queue, paused_at=clock()))
        assert sweep.hint_again() == 0


def test_a_broker_that_was_away_is_hinted_again(
    tmp_path: Path, sqlite_ledger: Path, short_folder: Path
) -> None:
    (tmp_path / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    url = f"unix://{short_folder / 'valkey.sock'}"
    desk = with_kinds(create_app(INSTANCE_PATH=tmp_path, REDIS_URL=url, TESTING=True), kind())
    with desk.app_context():
        person = add_user("mara@example.org", "Mara", Role.STAFF, "secret secret").id
        with servers.valkey_server(short_folder):
            start(person)
            lie(desk, "reports", 1)
        start(person)  # Nobody takes the hint, and the person is not told of it.
        with servers.valkey_server(short_folder):

            def hinted() -> bool:
                sweep.hint_again()
                return bool(broker(desk).llen("reports") == hints.LEAST_HINTS)

            until(desk, hinted, SECONDS)
        db.engine.dispose()
