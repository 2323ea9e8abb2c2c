"""Several jobs at once: chosen in a list, changed by each one's own rules, told in one breath."""

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from dashboard.models import transaction
from tests.people import Person, csrf_of, words
from tests.web.desk import Desk

SELECTED = "/jobs/selected"
TOAST = re.compile(r'<div class="toast"[^>]*>(.*?)</div>', re.S)
NOWHERE = "00000000-0000-4000-8000-000000000000"


def does(
    person: Person, act: str, *chosen: str, form_on: str = "/jobs", **query: str
) -> TestResponse:
    """Choose jobs in a list and press a button of it."""
    return person.sends(
        SELECTED + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else ""),
        form_on,
        act=act,
        job=list(chosen),
    )


def told(person: Person, answer: TestResponse) -> str:
    """Give the message on the page that follows."""
    assert answer.status_code == 303, answer.text
    found = TOAST.findall(person.client.get(answer.location or "").text)
    return words(" ".join(found))


def test_several_jobs_are_cancelled_at_once(desk: Desk, staff: Person) -> None:
    queued, running = desk.queued(staff), desk.running(staff, "orders", name="x")
    waiting = desk.queued(staff)

    answer = does(staff, "cancel", queued, running, waiting)

    # The first in line was the first one queued: it runs, and its worker is asked to stop.
    states = sorted(desk.fact(job).shown_state for job in (queued, running, waiting))
    assert states == ["cancelled", "cancelled", "stopping"]
    assert told(staff, answer) == "2 jobs are cancelled. 1 is stopping."
    assert len(desk.audit("job.cancel")) == 3


def test_what_had_ended_already_is_told_as_well(desk: Desk, staff: Person) -> None:
    done, queued = desk.succeeded(staff), desk.queued(staff)

    assert (
        told(staff, does(staff, "cancel", done, queued))
        == "1 job is cancelled. 1 had ended already."
    )
    assert told(staff, does(staff, "cancel", done)) == "1 job had ended already."
    assert desk.fact(done).state == "succeeded"


def test_several_jobs_are_run_again_and_pressed_twice_they_run_once(
    desk: Desk, staff: Person
) -> None:
    done, failed, running = desk.succeeded(staff), desk.failed(staff), desk.running(staff)
    page = staff.opens("/jobs").text
    data = {
        "csrf_token": csrf_of(page),
        "token": re.findall(r'name="token" value="([^"]+)"', page)[0],
        "act": "again",
        "job": [done, failed, running],
    }
    before = desk.count()

    for _ in range(2):
        answer = staff.client.post(SELECTED, data=data)
        assert told(staff, answer) == "2 jobs are started again. 1 has not ended yet."
    assert desk.count() == before + 2


def test_an_administrator_may_change_jobs_of_all_and_others_their_own(
    desk: Desk, staff: Person, colleague: Person, admin: Person, viewer: Person
) -> None:
    theirs, own = desk.queued(colleague), desk.queued(staff)
    desk.joined(theirs, staff)

    answer = does(staff, "cancel", theirs, own)
    assert told(staff, answer) == "1 job is cancelled. 1 is not yours to change."
    assert desk.fact(theirs).state == "queued"
    assert told(admin, does(admin, "cancel", theirs)) == "1 job is cancelled."
    desk.joined(own, viewer)
    again = does(viewer, "again", own, form_on="/account")
    assert told(viewer, again) == "1 job is not yours to change."


@pytest.mark.parametrize("act", ["cancel", "again", "dismiss"])
def test_a_job_of_another_person_is_not_there(
    desk: Desk, staff: Person, colleague: Person, act: str
) -> None:
    own, theirs = desk.queued(staff), desk.queued(colleague)

    for other in (theirs, NOWHERE, "x"):
        assert does(staff, act, own, other).status_code == 404
    assert {desk.fact(job).state for job in (own, theirs)} == {"queued"}


def test_a_page_without_a_choice_says_so(staff: Person, desk: Desk) -> None:
    desk.queued(staff)

    for act in ("cancel", "again", "dismiss", ""):
        assert told(staff, does(staff, act)) == "Choose at least one job first."


def test_nonsense_and_too_much_is_refused(staff: Person, desk: Desk) -> None:
    job = desk.queued(staff)

    assert does(staff, "explode", job).status_code == 400
    many = [f"00000000-0000-4000-8000-{number:012}" for number in range(101)]
    answer = does(staff, "cancel", *many)
    assert answer.status_code == 400
    assert "Choose at most 100 jobs at once." in words(answer.text)
    assert staff.client.post(SELECTED, data={"act": "cancel", "job": job}).status_code == 400
    assert desk.fact(job).state == "queued"


def test_the_list_comes_back_as_it_was_narrowed(staff: Person, desk: Desk) -> None:
    job = desk.queued(staff)

    answer = does(staff, "cancel", job, state="waiting", kind="totals", nonsense="1")

    assert answer.location == "/jobs?kind=totals&state=waiting"


def test_a_limit_that_is_reached_on_the_way_is_told(app: Flask, desk: Desk, staff: Person) -> None:
    done = [desk.succeeded(staff) for _ in range(3)]
    app.config["MAX_ACTIVE_JOBS"] = 2

    said = told(staff, does(staff, "again", *done))

    assert said.startswith("2 jobs are started again. 1 is not started. You have 2 jobs")
    assert desk.count() == 5


def test_a_kind_that_is_no_more_or_not_for_everybody_cannot_be_run_again(
    desk: Desk, staff: Person, admin: Person
) -> None:
    salaries = desk.succeeded(admin)
    rename(desk, salaries, "salaries", staff)
    gone = desk.succeeded(staff)
    rename(desk, gone, "gone", staff)

    said = told(staff, does(staff, "again", salaries, gone))

    assert "1 is of a kind that you may not start." in said.replace("1 job is", "1 is")
    assert "1 is of a kind that is no more." in said.replace("1 job is", "1 is")
    assert desk.count() == 2


def rename(desk: Desk, job_id: str, kind: str, owner: Person) -> None:
    """Let a job be of another kind, and of *owner*."""
    with desk.app.app_context(), transaction():
        job = desk._job(job_id)
        job.kind, job.requested_by_id = kind, owner.id


def test_what_needs_attention_is_run_again_together_or_taken_on_to_be_dismissed(
    desk: Desk, admin: Person, staff: Person
) -> None:
    first, second = desk.needing(staff), desk.needing(staff)
    more: dict[str, Any] = {"form_on": "/attention", "from": "attention"}

    answer = does(admin, "dismiss", first, second, **more)
    assert answer.status_code == 303
    page = admin.client.get(answer.location or "").text
    assert "Dismiss 2 jobs" in words(page)

    answer = does(admin, "again", first, second, **more)
    assert answer.location == "/attention"
    assert told(admin, answer) == "2 jobs are started again."
    assert "Nothing needs attention" in words(admin.opens("/attention").text)


def test_boxes_and_buttons_are_for_those_who_may_change_something(
    desk: Desk, staff: Person, admin: Person, viewer: Person
) -> None:
    job = desk.queued(staff)
    desk.joined(job, viewer)

    for person, may in ((staff, "own"), (admin, "all"), (viewer, "look")):
        page = person.opens("/jobs").text
        assert f'data-may="{may}"' in page
        assert ("Cancel the selected jobs" in words(page)) == (may != "look")
