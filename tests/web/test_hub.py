"""The hub when Valkey goes away and comes back, and when many facts come at once."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from dashboard.extensions import db, sse
from dashboard.jobs import Fact
from dashboard.jobs.events import tell
from dashboard.models import Job, clock, transaction
from dashboard.web import hub, stream
from dashboard.web.hub import Event, Hub, Viewer
from dashboard.words import Manner
from tests import servers
from tests.people import Person
from tests.web.desk import Desk
from tests.web.streams import PATIENCE, Streams

UTC = Manner("en-GB", "UTC")


class Valkey:
    """A Valkey that a test stops and starts again at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running = ExitStack()

    def start(self) -> str:
        """Start it; gives its URL."""
        return self._running.enter_context(servers.valkey_server(self.folder))

    def stop(self) -> None:
        """Stop it."""
        self._running.close()


@pytest.fixture
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """Give a Valkey of this test's own."""
    valkey = Valkey(tmp_path_factory.mktemp("own"))
    yield valkey
    valkey.stop()


@pytest.fixture
def valkey_url(valkey: Valkey) -> str:
    """Make that Valkey the one of the desk."""
    return valkey.start()


@pytest.mark.faults
def test_pages_stay_true_without_valkey_and_live_on_when_it_is_back(
    app: Flask,
    valkey: Valkey,
    desk: Desk,
    staff: Person,
    streams: Streams,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(stream, "AWAY_SECONDS", 0.1)
    monkeypatch.setattr(hub, "RECONNECT_SECONDS", 0.1)
    app.config["HINT_WAIT_MS"] = 0
    live: Hub = app.extensions["hub"]
    job_id = desk.running(staff)
    page, home = streams.page(staff, "job", job_id), streams.page(staff, "home")
    for each in (page, home):
        each.until("live")

    valkey.stop()
    untold(app, job_id, 300)

    page.hears("title", "75%")
    late = streams.page(staff, "job", job_id)
    assert "75%" in "".join(told.data for told in late.until("live"))

    valkey.start()
    assert live.connected.wait(PATIENCE)
    desk.counts(job_id, 360, 400)
    for each in (page, late):
        each.hears("title", "90%")
    desk.succeeds(job_id)
    for each in (page, late):
        assert each.rest()[-1].name == "done"
    assert home.hears("toast").json["text"] == "Totals is ready."


def untold(app: Flask, job_id: str, done: int) -> None:
    """Write how far a job is without telling anybody."""
    with app.app_context(), transaction() as session:
        job = session.query(Job).filter_by(id=uuid.UUID(job_id)).one()
        job.progress_done, job.progress_total = done, 400
        job.version += 1


def test_a_viewer_keeps_the_newest_fact_of_each_job_only(fact: Fact) -> None:
    viewer = Viewer(1, lambda fact: fact.kind == "totals")
    for beat in range(5):
        viewer.offer([replace(fact, order=(1, beat)), replace(fact, id="x", kind="orders")])

    assert viewer.take(0) == [replace(fact, order=(1, 4))]
    assert viewer.take(0) == []


def test_a_viewer_that_cannot_follow_reads_the_ledger_instead(fact: Fact) -> None:
    viewer = Viewer(1, lambda fact: True)
    viewer.offer([replace(fact, id=str(number)) for number in range(hub.QUEUE_LIMIT + 1)])

    assert viewer.take(0) is None
    assert viewer.take(0) == []


def test_a_viewer_that_waits_is_woken_by_a_fact(fact: Fact) -> None:
    viewer = Viewer(1, lambda fact: True)
    timer = threading.Timer(0.05, viewer.offer, [[fact]])
    timer.start()

    assert viewer.take(PATIENCE) == [fact]
    timer.join()


def test_the_orders_that_the_hub_remembers_are_bounded(
    app: Flask, fact: Fact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "SEEN_LIMIT", 3)
    live = Hub(app)
    for number in range(10):
        assert live._is_news(replace(fact, id=str(number)))

    assert not live._is_news(replace(fact, id="9"))
    assert live._is_news(replace(fact, id="0"))


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ("", "data: \n"),
        ("a\nb", "data: a\ndata: b\n"),
        ("a\r\nb\rc", "data: a\ndata: b\ndata: c\n"),
        ("a\u2028b\x0bc", "data: a\u2028b\x0bc\n"),
        ("x\n\nevent: done", "data: x\ndata: \ndata: event: done\n"),
    ],
)
def test_an_event_cannot_be_broken_out_of(data: str, lines: str) -> None:
    assert Event("fragment", data).encode() == f"event: fragment\n{lines}\n"


@pytest.fixture
def fact(app: Flask, desk: Desk, staff: Person) -> Fact:
    """Give a fact."""
    return desk.fact(desk.queued(staff))


def test_a_fragment_is_rendered_once_and_shows_nobody_in_particular(
    app: Flask, fact: Fact, staff: Person
) -> None:
    fragments = app.extensions["fragments"]
    first = fragments.of("job", fact, UTC)

    with app.test_request_context(headers={"Cookie": "any"}):
        assert fragments.of("job", fact, UTC) is first
    assert "Mara Keller" in first
    assert staff.email not in first
    further = replace(fact, progress=replace(fact.progress, done=3, total=4, percent=75))
    assert "75%" in fragments.of("job", further, UTC)
    moved = replace(fact, place=(2, 3), reason="The worker is busy.")
    assert fragments.of("job", moved, UTC) != first
    assert "2nd" in fragments.of("job", moved, UTC)
    with app.app_context():
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_after_a_gap_pages_begin_with_the_present_state_again(
    app: Flask, desk: Desk, staff: Person, streams: Streams
) -> None:
    job_id = desk.running(staff)
    page = streams.page(staff, "job", job_id)
    page.until("live")
    untold(app, job_id, 200)

    with app.app_context():
        sse.redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")  # type: ignore[no-untyped-call]

    page.hears("title", "50%")


def test_progress_never_goes_back_though_the_ledger_is_a_moment_behind(
    app: Flask, desk: Desk, staff: Person, streams: Streams
) -> None:
    job_id = desk.running(staff)
    with app.app_context(), transaction() as session:
        session.query(Job).filter_by(id=uuid.UUID(job_id)).one().progress_since = clock()
    written = desk.counts(job_id, 100, 400)
    page = streams.page(staff, "job", job_id)
    page.until("live")
    ahead = replace(written.progress, done=300, percent=75)
    with app.app_context():
        tell(replace(written, order=(written.order[0], 1), progress=ahead))
    page.hears("title", "75%")

    for path in (f"/jobs/{job_id}", "/", "/jobs"):
        page_itself = staff.opens(path).text
        assert "75%" in page_itself
        assert f'data-order="{written.order[0]}.1"' in page_itself
    hidden = staff.opens("/live/summary", view="job", id=job_id).get_json()
    assert hidden["tab"]["text"] == "75% Totals"
    late = streams.page(staff, "job", job_id)
    assert "75%" in late.hears("fragment").data
    staff.sends(f"/jobs/{job_id}/cancel", f"/jobs/{job_id}")
    assert "75%" in page.hears("fragment", "Stopping").data
    assert "75%" in staff.opens(f"/jobs/{job_id}").text

    # What is begun anew begins with nothing, whatever was told before.
    with app.app_context(), transaction() as session:
        session.query(Job).filter_by(id=uuid.UUID(job_id)).one().progress_since = clock()
    assert "25%" in staff.opens(f"/jobs/{job_id}").text
