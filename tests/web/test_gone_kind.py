"""A report that was renamed or removed while its jobs wait, run, and lie in history."""

import pytest
from flask import Flask

from dashboard.jobs.claim import claim
from tests.people import Person, words
from tests.web.desk import Desk
from tests.web.hostile import all_states
from tests.web.streams import Streams


@pytest.fixture
def states(app: Flask, desk: Desk, staff: Person) -> dict[str, str]:
    """Give a job in each state whose kind no process knows any more."""
    states = all_states(desk, staff)
    app.extensions["families"] = ()
    return states


def test_every_page_is_whole_and_names_the_jobs(
    staff: Person, admin: Person, states: dict[str, str]
) -> None:
    for person in (staff, admin):
        for path in ("/", "/jobs", "/files", "/attention", "/workers", "/account"):
            answer = person.opens(path)
            assert answer.status_code == 200, path
        assert words(person.opens("/jobs").text).count("Totals") >= len(states)
        for state, job_id in states.items():
            answer = person.opens(f"/jobs/{job_id}")
            assert (answer.status_code, "Totals" in words(answer.text)) == (200, True), state
    assert staff.opens("/jobs", kind="totals").status_code == 200


def test_what_was_made_can_still_be_downloaded(
    desk: Desk, staff: Person, states: dict[str, str]
) -> None:
    with staff.opens(f"/files/{desk.file(states['succeeded'])}") as file:
        assert (file.status_code, file.data[:6]) == (200, b"region")


def test_a_queued_job_says_why_it_waits_and_is_left_alone_until_somebody_cancels_it(
    app: Flask, desk: Desk, staff: Person, states: dict[str, str]
) -> None:
    job_id = states["queued"]
    page = words(staff.opens(f"/jobs/{job_id}").text)
    assert "The workers do not know this kind of job any more" in page
    assert "Cancel the job" in page

    with app.app_context():
        assert claim("reports", worker="worker@here", task_id="1") is None
    assert desk.fact(job_id).state == "queued"

    staff.sends(f"/jobs/{job_id}/cancel", f"/jobs/{job_id}")
    assert desk.fact(job_id).state == "cancelled"
    assert "Cancelled" in words(staff.opens(f"/jobs/{job_id}").text)


def test_its_live_pages_go_on(
    desk: Desk, staff: Person, streams: Streams, states: dict[str, str]
) -> None:
    pages = [streams.page(staff, view, states["running"]) for view in ("job", "home", "history")]
    for page in pages:
        page.until("live")

    desk.counts(states["running"], 3, 4)

    for page in pages:
        page.hears("fragment", "75%")


def test_programs_are_told_in_words(staff: Person, states: dict[str, str]) -> None:
    for method, path, code in (
        ("GET", "/kinds/totals", 404),
        ("POST", "/jobs/totals", 404),
        ("GET", f"/jobs/{states['succeeded']}", 200),
        ("GET", "/jobs", 200),
        ("POST", f"/jobs/{states['failed']}/retry", 409),
        ("DELETE", f"/jobs/{states['failed']}", 405),
        ("PUT", "/kinds/totals", 405),
    ):
        answer = staff.calls(method, path, json={} if method == "POST" else None)
        assert answer.status_code == code, (method, path, answer.text)
        if code >= 400:
            assert answer.mimetype == "application/problem+json"
            assert (answer.json or {})["detail"].endswith(".")
    assert "totals" not in staff.calls("GET", "/kinds").text


def test_its_form_is_not_found_and_says_so(staff: Person, states: dict[str, str]) -> None:
    answer = staff.opens("/new/totals")
    assert answer.status_code == 404
    assert "There is no report or job of that name." in words(answer.text)
