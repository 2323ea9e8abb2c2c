"""Who hears what on the stream of a page, and until when."""

import pytest
from flask import Flask

from tests.people import Person
from tests.web.browsers import anybody
from tests.web.desk import Desk
from tests.web.streams import Streams, names


def test_another_persons_job_never_appears(
    desk: Desk, staff: Person, colleague: Person, streams: Streams
) -> None:
    theirs = desk.running(colleague)
    pages = [streams.page(staff, view) for view in ("home", "history", "page")]
    for page in pages:
        assert theirs not in "".join(told.data for told in page.until("live"))

    desk.counts(theirs, 1, 2)
    desk.succeeds(theirs)
    desk.running(staff)

    for page in pages:
        seen = page.hears_all_until("count", "1")
        assert theirs not in "".join(told.data for told in seen)
        assert "Jonas" not in "".join(told.data for told in seen)
    answer = staff.client.get("/live", query_string={"view": "job", "id": theirs})
    assert answer.status_code == 404


def test_whoever_joins_sees_the_job_from_then_on(
    desk: Desk, staff: Person, colleague: Person, streams: Streams
) -> None:
    job_id = desk.running(staff)
    page = streams.page(colleague, "page")
    assert page.until("live")[0].json == {"running": 0}

    desk.joined(job_id, colleague)

    assert page.hears("count").json == {"running": 1}
    desk.succeeds(job_id)
    toast = page.hears("toast").json
    assert toast["text"] == "Totals is ready."
    assert toast["href"] == f"/jobs/{job_id}"


def test_whoever_leaves_a_job_counts_it_no_longer(
    desk: Desk, staff: Person, colleague: Person, streams: Streams
) -> None:
    job_id = desk.running(staff)
    desk.joined(job_id, colleague)
    page = streams.page(colleague, "page")
    assert page.until("live")[0].json == {"running": 1}

    colleague.sends(f"/jobs/{job_id}/unfollow", f"/jobs/{job_id}")

    assert page.hears("count").json == {"running": 0}


def test_an_administrator_sees_all_jobs_in_history_but_counts_their_own(
    desk: Desk, staff: Person, admin: Person, streams: Streams
) -> None:
    job_id = desk.running(staff)
    page = streams.page(admin, "history")
    begin = page.until("live")
    assert begin[0].json == {"running": 0}
    assert job_id in "".join(told.data for told in begin)

    desk.counts(job_id, 62, 100)

    assert page.hears("fragment", "62%").data.startswith(f'<tr id="job-row-{job_id}"')
    desk.succeeds(job_id)
    assert "Finished" in page.hears("fragment", "succeeded").data


def test_a_stranger_is_asked_to_sign_in_and_nothing_more(app: Flask, desk: Desk) -> None:
    for query in ({}, {"view": "job", "id": "x"}, {"view": "history"}):
        answer = anybody(app).get("/live", query_string=query)
        assert answer.status_code == 200
        assert answer.text == "event: signin\ndata: \n\n"
    assert app.extensions["hub"].viewers == 0


@pytest.mark.parametrize("act", ["switch", "password"])
def test_a_stream_ends_at_once_with_its_session(
    desk: Desk, admin: Person, staff: Person, streams: Streams, act: str
) -> None:
    page = streams.page(staff, "home")
    page.until("live")

    admin.sends(f"/users/{staff.id}", "/users", act=act)

    assert names(page.rest())[-1] == "signin"


def test_a_stream_knows_at_once_that_somebody_is_no_administrator_any_more(
    desk: Desk, admin: Person, staff: Person, streams: Streams, app: Flask
) -> None:
    other = Person.joins(app, "Otto Other", role="admin")
    job_id = desk.running(staff)
    own_page, history = streams.page(other, "job", job_id), streams.page(other, "history")
    for page in (own_page, history):
        page.until("live")

    admin.sends(f"/users/{other.id}", "/users", act="role", role="staff")

    assert "signin" not in names(own_page.rest())
    desk.counts(job_id, 1, 4)
    desk.queued(other)
    assert "25%" not in "".join(told.data for told in history.hears_all_until("refresh"))
