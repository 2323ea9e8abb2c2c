"""A job followed by a program: the present state first, each change, and the end."""

import json

import pytest
from flask import Flask

from dashboard.web import stream
from dashboard.web.api.events import JobEvents
from tests.people import Person
from tests.web.desk import Desk
from tests.web.streams import Streams


def test_every_event_is_the_object_of_the_job_and_the_last_one_its_end(
    staff: Person, desk: Desk, streams: Streams
) -> None:
    job_id = desk.queued(staff)
    followed = streams.program(staff, job_id)
    first = followed.next()

    assert first.name == "job"
    assert first.json == staff.calls("GET", f"/jobs/{job_id}").json
    desk.claims()
    followed.hears("job", '"running"')
    desk.counts(job_id, 1, 4)
    counted = followed.hears("job", '"percent": 25').json
    assert counted == staff.calls("GET", f"/jobs/{job_id}").json
    desk.succeeds(job_id)

    rest = followed.rest()
    assert {told.name for told in rest} == {"job"}
    assert rest[-1].json == staff.calls("GET", f"/jobs/{job_id}").json
    assert rest[-1].json["state"] == "succeeded"
    assert [told.json["state"] for told in rest].count("succeeded") == 1
    assert len(rest[-1].json["files"]) == 1


@pytest.mark.parametrize("state", ["succeeded", "failed", "cancelled", "deleted"])
def test_the_events_of_an_ended_job_are_one(
    staff: Person, desk: Desk, streams: Streams, state: str
) -> None:
    job_id = getattr(desk, state)(staff)

    (told,) = streams.program(staff, job_id).rest()

    assert told.json == staff.calls("GET", f"/jobs/{job_id}").json


def test_signs_of_life_are_comments(
    staff: Person, desk: Desk, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    job_id = desk.running(staff)
    followed = streams.program(staff, job_id)
    followed.next()
    while "heartbeat" not in followed.comments:
        desk.counts(job_id, len(followed.comments), 100)
        followed.next()

    desk.fails(job_id)

    assert {told.name for told in followed.rest()} == {"job"}
    assert set(followed.comments) == {"live", "heartbeat"}


def test_a_job_that_is_long_is_followed_to_its_end(
    staff: Person, desk: Desk, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(stream, "RECHECK_SECONDS", 0.05)
    job_id = desk.running(staff)
    followed = streams.program(staff, job_id)
    for _ in range(4):
        assert followed.next().json["state"] == "running"

    desk.succeeds(job_id)

    assert followed.rest()[-1].json["state"] == "succeeded"


def test_only_the_job_itself_is_told(
    staff: Person, colleague: Person, desk: Desk, streams: Streams
) -> None:
    job_id = desk.running(staff)
    followed = streams.program(staff, job_id)
    desk.succeeded(colleague)
    desk.queued(staff, "orders")
    desk.succeeds(job_id)

    assert {told.json["id"] for told in followed.rest()} == {job_id}


def test_a_revoked_token_hears_no_more(
    app: Flask, staff: Person, desk: Desk, streams: Streams
) -> None:
    job_id = desk.running(staff)
    followed = streams.program(staff, job_id)
    followed.next()

    staff.sends("/account/tokens/1/revoke", "/account")

    assert [told.json["state"] for told in followed.rest()] in ([], ["running"])
    assert "signin" in followed.comments


def test_an_event_is_one_line_of_ascii(staff: Person, desk: Desk, streams: Streams) -> None:
    job_id = desk.running(staff, "orders", name="Å\u2028\n\nevent: done")
    desk.fails(job_id, "A\n\nB\u0085C")

    (told,) = streams.program(staff, job_id).rest()

    assert told.data.isascii()
    assert json.loads(told.data)["error"]["what"] == "A\n\nB\u0085C"


def test_whoever_was_taken_off_is_told_nothing_more(
    app: Flask, staff: Person, colleague: Person, desk: Desk
) -> None:
    job_id = desk.running(colleague)
    mine, theirs = (JobEvents(app, job_id, each.id, admin=False) for each in (staff, colleague))

    assert theirs.wants(desk.fact(job_id))
    assert not mine.wants(desk.fact(job_id))
    desk.joined(job_id, staff)
    assert mine.wants(desk.fact(job_id))
