"""The same report with the same choices: joined rather than run twice, if its choices prove it."""

import re

from flask import Flask

from dashboard.extensions import db
from dashboard.models import Notice
from tests.people import TOKEN, Person, csrf_of, words
from tests.web.desk import Desk

JOIN = re.compile(r'formaction="(/new/[\w-]+/join/[\w-]+)"')


def offer(page: str) -> str | None:
    """Give where the button leads that joins a colleague's job, if the page has one."""
    found = JOIN.search(page)
    return found.group(1) if found else None


def answers(person: Person, page: str, path: str, **more: str) -> str:
    """Press a button on a page that came back; gives where it leads."""
    found = TOKEN.search(page)
    assert found is not None
    data = {"csrf_token": csrf_of(page), "token": found.group(1), "formats": "csv", **more}
    answer = person.client.post(path, data=data)
    assert answer.status_code == 303, answer.text
    return answer.location or ""


def test_the_page_offers_to_join_the_same_job(staff: Person, colleague: Person, desk: Desk) -> None:
    job_id = desk.running(staff)

    answer = colleague.sends("/new/totals", formats="csv")

    assert answer.status_code == 200
    assert "Mara Keller" in words(answer.text)
    assert offer(answer.text) == f"/new/totals/join/{job_id}"
    assert desk.count() == 1


def test_joining_gives_access_to_the_job_and_its_files_and_nothing_before_does(
    staff: Person, colleague: Person, desk: Desk
) -> None:
    job_id = desk.running(staff)
    page = colleague.sends("/new/totals", formats="csv").text
    assert colleague.opens(f"/jobs/{job_id}").status_code == 404

    assert answers(colleague, page, offer(page) or "") == f"/jobs/{job_id}"

    assert colleague.opens(f"/jobs/{job_id}").status_code == 200
    assert "Totals" in words(colleague.opens("/").text)
    desk.succeeds(job_id)
    with colleague.opens(f"/files/{desk.file(job_id)}") as file:
        assert file.status_code == 200
    assert desk.file(job_id) in colleague.opens("/files").text
    assert colleague.calls("GET", f"/jobs/{job_id}").status_code == 200
    assert [entry.user_id for entry in desk.audit("job.join")] == [colleague.id]


def test_whoever_joined_may_look_but_not_change(
    staff: Person, colleague: Person, desk: Desk
) -> None:
    job_id = desk.running(staff)
    page = colleague.sends("/new/totals", formats="csv").text
    answers(colleague, page, offer(page) or "")

    for act in ("cancel", "again"):
        assert colleague.sends(f"/jobs/{job_id}/{act}", "/account").status_code == 403
    for act in ("cancel", "retry"):
        assert colleague.calls("POST", f"/jobs/{job_id}/{act}").status_code == 403
    assert desk.fact(job_id).shown_state == "running"


def test_joining_twice_is_joining_once(staff: Person, colleague: Person, desk: Desk) -> None:
    job_id = desk.running(staff)
    page = colleague.sends("/new/totals", formats="csv").text
    for _ in range(2):
        answers(colleague, page, offer(page) or "")

    assert desk.fact(job_id).followers == [colleague.id]
    assert len(desk.audit("job.join")) == 1


def test_a_job_with_other_choices_cannot_be_joined(
    staff: Person, colleague: Person, desk: Desk
) -> None:
    theirs = desk.running(staff, "orders", name="Åsa", region="North", least=0.0)
    choices = {"name": "somebody", "region": "North", "least": "0", "formats": "csv"}

    for path, sent in ((f"/new/orders/join/{theirs}", choices), (f"/new/totals/join/{theirs}", {})):
        form = "/new/orders" if sent else "/new/totals"
        answer = colleague.sends(path, form, **{"formats": "csv", **sent})
        assert answer.status_code == 200
        assert colleague.opens(f"/jobs/{theirs}").status_code == 404
    assert desk.fact(theirs).followers == []


def test_a_job_that_has_failed_meanwhile_is_not_joined(
    staff: Person, colleague: Person, desk: Desk
) -> None:
    job_id = desk.running(staff)
    desk.fails(job_id)

    answer = colleague.sends(f"/new/totals/join/{job_id}", "/new/totals", formats="csv")

    assert "That job has ended meanwhile" in words(answer.text)
    assert colleague.opens(f"/jobs/{job_id}").status_code == 404


def test_a_job_that_has_finished_meanwhile_is_joined_for_its_files(
    app: Flask, staff: Person, colleague: Person, desk: Desk
) -> None:
    job_id = desk.running(staff)
    page = colleague.sends("/new/totals", formats="csv").text
    desk.succeeds(job_id)

    assert answers(colleague, page, offer(page) or "", notify="y") == f"/jobs/{job_id}"

    with colleague.opens(f"/files/{desk.file(job_id)}") as file:
        assert file.status_code == 200
    with app.app_context():
        assert db.session.query(Notice).count() == 0


def test_a_viewer_cannot_join(viewer: Person, staff: Person, desk: Desk) -> None:
    job_id = desk.running(staff)

    answer = viewer.sends(f"/new/totals/join/{job_id}", "/account", formats="csv")

    assert answer.status_code == 403
    assert viewer.opens(f"/jobs/{job_id}").status_code == 404


def test_a_second_one_is_started_anyway_when_asked_for(
    staff: Person, colleague: Person, desk: Desk
) -> None:
    first = desk.running(staff)
    page = colleague.sends("/new/totals", formats="csv").text
    assert 'name="start_anyway"' in page

    location = answers(colleague, page, "/new/totals", start_anyway="1")

    assert location != f"/jobs/{first}"
    assert desk.count() == 2


def test_nothing_is_offered_while_the_same_job_is_being_stopped(
    staff: Person, colleague: Person, desk: Desk
) -> None:
    desk.stopping(staff)

    assert colleague.sends("/new/totals", formats="csv").status_code == 303


def test_whoever_joined_is_told_by_mail_if_they_like(
    app: Flask, staff: Person, colleague: Person, desk: Desk
) -> None:
    job_id = desk.running(staff)
    page = colleague.sends("/new/totals", formats="csv").text
    answers(colleague, page, offer(page) or "", notify="y")
    desk.succeeds(job_id)

    with app.app_context():
        assert [notice.user_id for notice in db.session.query(Notice)] == [colleague.id]


def test_the_api_never_joins(staff: Person, colleague: Person, desk: Desk) -> None:
    first = desk.running(staff)

    answer = colleague.calls("POST", "/jobs/totals", json={"formats": ["csv"]})

    assert answer.status_code == 202
    assert answer.json is not None
    assert answer.json["id"] != first
