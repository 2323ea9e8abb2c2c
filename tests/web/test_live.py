"""The stream of an open page: the present state first, then what happens, for whom it concerns."""

import re
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from dashboard.extensions import db, sse
from dashboard.jobs import fact_of
from dashboard.jobs.events import CHANNEL, FACT, tell
from dashboard.jobs.parts import Line, Step
from dashboard.models import Job, clock, transaction
from dashboard.web import stream, views
from dashboard.words import Manner
from tests.people import Person
from tests.web.desk import Desk
from tests.web.streams import Streams, names

# How long something has lasted goes on between the page and its stream.
CLOCK = re.compile(r">(?:\d+:\d\d|in \d+ seconds?|\d+ seconds? ago)<")

UNDER_WAY = ("queued", "running", "waiting", "stopping")
# Home reads itself again when a job has ended.
ENDED = ("succeeded", "failed", "cancelled", "deleted")


def age(desk: Desk, job_id: str) -> None:
    """Let a job have ended last week."""
    with desk.app.app_context(), transaction() as session:
        week_ago = clock() - timedelta(days=7)
        mine = Job.id == uuid.UUID(job_id)
        session.execute(update(Job).where(mine).values(finished_at=week_ago))


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let streams look around often."""
    monkeypatch.setattr(stream, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(views, "LOOK_AGAIN_SECONDS", 0.2)


def test_a_job_page_begins_with_the_present_state_and_then_is_live(
    desk: Desk, staff: Person, streams: Streams
) -> None:
    job_id = desk.running(staff)
    fact = desk.counts(job_id, 310, 500)

    followed = streams.page(staff, "job", job_id)
    begin = followed.until("live")

    assert names(begin) == ["count", "fragment", "title", "live"]
    assert begin[0].json == {"running": 1}
    assert "62%" in begin[1].data
    assert begin[2].json == {
        "job": job_id,
        "order": ".".join(map(str, fact.order)),
        "text": "62% Totals",
        "sign": "state=running&percent=60",
    }
    assert "retry: 1000" in followed.fields


def test_facts_appear_until_the_job_has_ended_and_then_the_stream_is_done(
    desk: Desk, staff: Person, streams: Streams
) -> None:
    job_id = desk.queued(staff)
    followed = streams.page(staff, "job", job_id)
    followed.until("live")

    desk.claims()
    followed.hears("title", "Running")
    desk.counts(job_id, 300, 400)
    followed.hears("fragment", "75%")
    assert followed.hears("announce").json["text"] == "75 percent done."
    desk.succeeds(job_id)

    end = followed.rest()
    assert names(end)[-1] == "done"
    assert "✓ Ready Totals" in "".join(told.json["text"] for told in end if told.name == "title")
    assert any(
        told.json == {"text": "Totals is ready.", "tone": ""}
        for told in end
        if told.name == "announce"
    )


def test_the_stream_of_a_finished_job_is_done_at_once(
    desk: Desk, staff: Person, streams: Streams
) -> None:
    told = streams.page(staff, "job", desk.failed(staff)).rest()

    assert names(told)[-1] == "done"
    assert names(told).count("refresh") == 0  # The page reads itself once, when it is done.
    assert "live" not in names(told)
    assert [each.json["tone"] for each in told if each.name == "announce"] == ["bad"]


@pytest.mark.parametrize(
    ("view", "state"),
    [
        *((view, state) for view in ("job", "home", "history") for state in UNDER_WAY),
        *((view, state) for view in ("job", "history") for state in ENDED),
    ],
)
def test_a_fragment_is_the_very_part_of_the_page(
    desk: Desk, staff: Person, streams: Streams, view: str, state: str
) -> None:
    job_id = getattr(desk, state)(staff)
    path, part = {
        "job": (f"/jobs/{job_id}", "job-page"),
        "home": ("/", "job-card"),
        "history": ("/jobs", "job-row"),
    }[view]

    page = CLOCK.sub(">0:00<", staff.opens(path).text)
    followed = streams.page(staff, view, job_id)
    told = followed.hears("fragment", f'id="{part}-{job_id}"')

    assert CLOCK.sub(">0:00<", told.data).strip() in page
    assert "csrf" not in told.data


def test_only_the_parts_of_a_page_that_have_changed_are_told(
    desk: Desk, staff: Person, streams: Streams
) -> None:
    job_id = desk.running(staff)
    desk.counts(job_id, 310, 500)
    page = streams.page(staff, "job", job_id)
    (whole,) = [told for told in page.until("live") if told.name == "fragment"]
    assert whole.data.startswith('<div class="job"')

    fact = desk.counts(job_id, 320, 500)

    (part, title) = page.until("title")
    assert part.data.startswith('<section class="card card-body"')
    assert 'id="job-progress"' in part.data
    assert f'data-order="{fact.order[0]}.{fact.order[1]}"' in part.data
    assert "64%" in part.data
    assert title.json["text"] == "64% Totals"
    # The page, read again, holds that very part.
    again = CLOCK.sub(">0:00<", staff.opens(f"/jobs/{job_id}").text)
    assert CLOCK.sub(">0:00<", part.data) in again

    desk.succeeds(job_id)
    end = page.rest()
    (all_of_it,) = [told for told in end if told.name == "fragment"]
    assert all_of_it.data.startswith('<div class="job"')


def test_a_part_that_is_told_alone_can_be_put_in_its_place(desk: Desk, staff: Person) -> None:
    job_id = desk.running(staff)
    fragments = desk.app.extensions["fragments"]
    with desk.app.app_context():
        fact = replace(
            desk.counts(job_id, 1, 5),
            steps=[Step("Count", "running")],
            lines=[Line(clock(), "info", "Counted")],
        )
    cut = fragments.cut("job", fact, Manner("en-GB", "UTC"))

    assert len(cut.parts) == 3
    for _, part in cut.parts:
        assert part.count("<section") == part.count("</section>") == 1
        assert re.search(r'^<section[^>]* id="[\w-]+"[^>]* data-order="', part)


def test_one_fragment_serves_everybody_who_may_see_the_job(
    desk: Desk, staff: Person, colleague: Person, admin: Person, streams: Streams
) -> None:
    job_id = desk.running(staff)
    desk.joined(job_id, colleague)
    people = (staff, colleague, admin)
    pages = [streams.page(person, "job", job_id) for person in people]
    for page in pages:
        page.until("live")
    desk.counts(job_id, 62, 100)

    told = {page.hears("fragment", "62%").data for page in pages}

    assert len(told) == 1
    fragment = told.pop()
    for person in people:
        page_itself = CLOCK.sub(">0:00<", person.opens(f"/jobs/{job_id}").text)
        assert CLOCK.sub(">0:00<", fragment).strip() in page_itself
        assert person.email not in fragment


def test_an_older_fact_is_dropped(desk: Desk, staff: Person, streams: Streams) -> None:
    job_id = desk.running(staff)
    older = desk.counts(job_id, 100, 400)
    desk.counts(job_id, 200, 400)
    followed = streams.page(staff, "job", job_id)
    followed.until("live")

    with desk.app.app_context():
        assert tell(older)
        assert tell(replace(older, progress=replace(older.progress, percent=1)))
    desk.counts(job_id, 300, 400)

    titles = [told.json["text"] for told in followed.until("announce") if told.name == "title"]
    assert "25% Totals" not in titles
    assert titles[-1] == "75% Totals"


def test_a_late_fact_does_not_bring_an_ended_job_back(
    desk: Desk, staff: Person, streams: Streams
) -> None:
    job_id = desk.running(staff)
    late = desk.counts(job_id, 100, 400)
    home = streams.page(staff, "home")
    home.until("live")
    desk.succeeds(job_id)
    assert home.hears("count").json == {"running": 0}

    with desk.app.app_context():
        tell(late)
    desk.running(staff, "orders", name="next")

    told = home.hears_all_until("count", "1")
    assert job_id not in "".join(each.data for each in told if each.name == "fragment")


def test_home_hears_of_a_start_and_of_an_end(desk: Desk, staff: Person, streams: Streams) -> None:
    home = streams.page(staff, "home")
    assert names(home.until("live")) == ["count", "live"]

    job_id = desk.queued(staff)
    assert home.hears("refresh").json == {"what": "home"}
    desk.claims()
    assert home.hears("refresh").json == {"what": "home"}
    home.hears("fragment", f"job-card-{job_id}")
    desk.succeeds(job_id)

    assert home.hears("count", "0").json == {"running": 0}
    assert home.hears("refresh").json == {"what": "home"}
    assert home.hears("toast").json == {
        "text": "Totals is ready.",
        "tone": "good",
        "job": job_id,
        "href": f"/jobs/{job_id}",
        "file": f"/files/{desk.file(job_id)}",
        "label": "Download",
    }


def test_home_is_right_though_a_job_ended_between_the_page_and_its_stream(
    desk: Desk, staff: Person, streams: Streams
) -> None:
    job_id = desk.running(staff)
    assert f"job-card-{job_id}" in staff.opens("/").text
    desk.succeeds(job_id)

    begin = streams.page(staff, "home").until("live")

    assert names(begin) == ["count", "refresh", "live"]


def test_the_deletion_of_old_files_is_no_news(desk: Desk, staff: Person, streams: Streams) -> None:
    job_id = desk.succeeded(staff)
    age(desk, job_id)
    page = streams.page(staff, "page")
    page.until("live")

    desk.expires(job_id)
    desk.queued(staff)

    assert "toast" not in names(page.until("count"))


def test_a_queued_job_keeps_its_place_in_line_on_a_live_page(
    desk: Desk, staff: Person, colleague: Person, streams: Streams, quick_looks: None
) -> None:
    desk.queued(staff, "orders")
    job_id = desk.queued(staff)
    page = streams.page(staff, "job", job_id)
    assert "2nd" in page.hears("fragment").data

    desk.joined(job_id, colleague)
    desk.claims()

    assert "Place in line" in page.hears("fragment", "1st").data


def test_too_many_streams_are_asked_to_come_back(
    app: Flask, desk: Desk, staff: Person, colleague: Person, streams: Streams
) -> None:
    app.config["LIVE_MAX_STREAMS"] = 2
    first = streams.page(staff)
    first.until("live")

    again = staff.client.get("/live")
    assert again.status_code == 503
    assert again.headers["Retry-After"] == "5"

    streams.page(colleague).until("live")
    for person in (staff, colleague):
        assert person.client.get("/live").status_code == 503
    assert app.extensions["hub"].viewers == 2
    assert staff.calls("GET", f"/jobs/{desk.queued(staff)}/events").status_code == 503


def test_a_stream_that_was_left_makes_room(app: Flask, staff: Person) -> None:
    app.config["LIVE_MAX_STREAMS"] = 1
    for _ in range(3):
        answer = staff.client.get("/live")
        assert answer.status_code == 200
        answer.close()
    staff.client.head("/live").close()

    assert app.extensions["hub"].viewers == 0


def test_a_quiet_stream_gives_a_sign_of_life(
    staff: Person, streams: Streams, quick_looks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.1)
    page = streams.page(staff)

    page.until("live")
    page.hears("heartbeat")
    assert page.next().name == "heartbeat"


def test_a_process_that_stops_ends_its_streams(app: Flask, staff: Person, streams: Streams) -> None:
    page = streams.page(staff)
    page.until("live")

    app.extensions["hub"].alive = lambda: False

    assert page.rest() == []


def test_what_nobody_understands_on_the_channel_does_no_harm(
    app: Flask, desk: Desk, staff: Person, streams: Streams
) -> None:
    page = streams.page(staff)
    page.until("live")
    with app.app_context():
        sse.redis.publish(CHANNEL, "no json")
        sse.redis.publish(CHANNEL, '{"data": 1, "type": "weather"}')
        sse.publish({"nothing": "known"}, type=FACT, channel=CHANNEL)

    desk.queued(staff)

    assert page.hears("count", "1").json == {"running": 1}


def test_a_fact_told_by_a_worker_is_what_the_ledger_says(desk: Desk, staff: Person) -> None:
    job_id = desk.running(staff)
    told = desk.counts(job_id, 1, 2)
    with desk.app.app_context():
        assert told == fact_of(db.session.query(Job).filter_by(id=uuid.UUID(job_id)).one())
