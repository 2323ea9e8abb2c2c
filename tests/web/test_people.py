"""People at a job on its page: following, sharing, handing over, wishes for mail, notes."""

import re

import pytest
from flask import Flask
from sqlalchemy import event

from dashboard.extensions import db
from dashboard.models import NOTE_LIMIT, User, transaction
from tests.people import Person, csrf_of, words
from tests.web.desk import Desk
from tests.web.streams import Streams

UNSEEN = 404


@pytest.fixture
def job_id(desk: Desk, staff: Person) -> str:
    """Give a running job of the staff's."""
    return desk.running(staff)


def frame(page: str) -> dict[str, str]:
    """Give what the page says of the part its viewer has in the job."""
    found = re.search(r'<div class="job-frame"([^>]*)>', page)
    assert found is not None
    return dict(re.findall(r'data-(\w+)="(\w+)"', found.group(1)))


def shares(owner: Person, job_id: str, with_: Person) -> None:
    """Let a colleague follow the job."""
    data = {"follow-person": str(with_.id)}
    answer = owner.sends(f"/jobs/{job_id}/people", **data)
    assert answer.status_code == 303, words(answer.text)


def test_the_owner_lets_a_colleague_follow_who_then_sees_it_and_may_stop(
    desk: Desk, staff: Person, colleague: Person, job_id: str
) -> None:
    assert colleague.opens(f"/jobs/{job_id}").status_code == UNSEEN

    shares(staff, job_id, colleague)

    page = colleague.opens(f"/jobs/{job_id}").text
    assert frame(page) == {"may": "look", "part": "follower", "mail": "no"}
    assert "Jonas Brandt follows" in words(page)
    assert "Jonas Brandt follows this job now." in words(staff.opens("/").text)
    answer = colleague.sends(f"/jobs/{job_id}/unfollow", f"/jobs/{job_id}")
    assert answer.location == "/"
    assert "You no longer follow R-1, Totals" in words(colleague.opens("/").text)
    assert colleague.opens(f"/jobs/{job_id}").status_code == UNSEEN


def test_the_owner_takes_somebody_off_again(
    desk: Desk, staff: Person, colleague: Person, job_id: str
) -> None:
    shares(staff, job_id, colleague)

    path = f"/jobs/{job_id}/people"
    staff.sends(f"{path}/remove", path, person=str(colleague.id))

    assert colleague.opens(f"/jobs/{job_id}").status_code == UNSEEN
    for nobody in (str(colleague.id), "", "x", "9" * 40):
        answer = staff.sends(f"{path}/remove", path, person=nobody)
        assert answer.location == path
    assert "That person does not follow this job." in words(staff.opens(path).text)
    assert len(desk.audit("job.leave")) == 1


def test_an_administrator_follows_and_stops_and_still_sees_it(
    desk: Desk, staff: Person, admin: Person, job_id: str
) -> None:
    assert frame(admin.opens(f"/jobs/{job_id}").text)["part"] == "other"
    assert f"job-card-{job_id}" not in admin.opens("/").text

    admin.sends(f"/jobs/{job_id}/follow", f"/jobs/{job_id}")
    assert frame(admin.opens(f"/jobs/{job_id}").text)["part"] == "follower"
    assert f"job-card-{job_id}" in admin.opens("/").text

    answer = admin.sends(f"/jobs/{job_id}/unfollow", f"/jobs/{job_id}")
    assert answer.location == f"/jobs/{job_id}"
    assert frame(admin.opens(f"/jobs/{job_id}").text)["part"] == "other"
    staff.sends(f"/jobs/{job_id}/follow", f"/jobs/{job_id}")
    assert desk.fact(job_id).followers == []


def test_a_job_is_handed_over_and_both_pages_say_so(
    desk: Desk, staff: Person, colleague: Person, job_id: str
) -> None:
    data = {"hand-person": str(colleague.id)}
    answer = staff.sends(f"/jobs/{job_id}/hand-over", f"/jobs/{job_id}/people", **data)

    assert (answer.status_code, answer.location) == (303, f"/jobs/{job_id}")
    theirs, mine = (each.opens(f"/jobs/{job_id}").text for each in (colleague, staff))
    for page in (theirs, mine):
        assert "Started by Mara Keller , handed to Jonas Brandt" in words(page)
    assert frame(theirs) == {"may": "change", "part": "owner", "mail": "no"}
    assert frame(mine) == {"may": "look", "part": "follower", "mail": "no"}
    assert colleague.sends(f"/jobs/{job_id}/cancel", f"/jobs/{job_id}").status_code == 303
    assert staff.sends(f"/jobs/{job_id}/cancel", f"/jobs/{job_id}").status_code == 403
    assert desk.audit("job.hand_over")[0].address == "127.0.0.1"


def test_only_the_owner_and_administrators_share_and_hand_over(
    desk: Desk, staff: Person, colleague: Person, admin: Person, job_id: str
) -> None:
    shares(admin, job_id, colleague)

    for path, name in (("people", "follow-person"), ("hand-over", "hand-person")):
        data = {name: str(colleague.id)}
        answer = colleague.sends(f"/jobs/{job_id}/{path}", f"/jobs/{job_id}", **data)
        assert answer.status_code == 403
    assert colleague.opens(f"/jobs/{job_id}/people").status_code == 403
    assert desk.fact(job_id).requested_by.id == staff.id


@pytest.mark.parametrize("chosen", ["", "x", "0", "99999", "9" * 40])
@pytest.mark.parametrize(("path", "name"), [("people", "follow"), ("hand-over", "hand")])
def test_without_a_person_the_form_comes_back(
    desk: Desk, staff: Person, job_id: str, path: str, name: str, chosen: str
) -> None:
    data = {f"{name}-person": chosen}
    answer = staff.sends(f"/jobs/{job_id}/{path}", f"/jobs/{job_id}/people", **data)

    assert answer.status_code == 422
    assert "<title>Error: Share or hand over R-1" in answer.text
    assert words(answer.text).count("Choose a person first.") == 2
    assert f'href="#{name}-person"' in answer.text


def test_who_may_not_run_it_is_not_offered_and_who_has_no_room_is_refused(
    app: Flask, desk: Desk, staff: Person, colleague: Person, viewer: Person, job_id: str
) -> None:
    page = staff.opens(f"/jobs/{job_id}/people").text
    follow, hand = page.split("hand-title", 1)
    assert "Vera Viewer" in follow
    assert "Vera Viewer" not in hand
    data = {"hand-person": str(viewer.id)}
    answer = staff.sends(f"/jobs/{job_id}/hand-over", f"/jobs/{job_id}/people", **data)
    assert answer.status_code == 422

    desk.queued(colleague)
    app.config["MAX_ACTIVE_JOBS"] = 1
    data = {"hand-person": str(colleague.id)}
    answer = staff.sends(f"/jobs/{job_id}/hand-over", f"/jobs/{job_id}/people", **data)

    assert answer.status_code == 422
    assert "Jonas Brandt has 1 job that is not finished" in words(answer.text)
    assert f'<option selected value="{colleague.id}">' in answer.text


def test_people_of_the_same_name_are_told_apart(
    app: Flask, staff: Person, colleague: Person, job_id: str
) -> None:
    twin = Person.joins(app, "Twin")
    with app.app_context(), transaction() as session:
        session.get_one(User, twin.id).name = colleague.name

    page = staff.opens(f"/jobs/{job_id}/people").text

    assert ">Jonas Brandt (twin@example.org)<" in page
    assert ">Jonas Brandt (jonas.brandt@example.org)<" in page
    assert "ada.admin@example.org" not in page


def test_each_viewer_chooses_an_e_mail_for_themselves(
    desk: Desk, staff: Person, colleague: Person, admin: Person, job_id: str
) -> None:
    shares(staff, job_id, colleague)
    path = f"/jobs/{job_id}"

    colleague.sends(f"{path}/mail", path, wanted="yes")

    assert frame(colleague.opens(path).text)["mail"] == "yes"
    assert frame(staff.opens(path).text)["mail"] == "no"
    assert admin.sends(f"{path}/mail", path, wanted="yes").location == path
    assert "Follow the job first." in words(admin.opens(path).text)
    colleague.sends(f"{path}/mail", path, wanted="no")
    assert frame(colleague.opens(path).text)["mail"] == "no"
    assert colleague.sends(f"{path}/mail", path, wanted="perhaps").status_code == 400


def test_a_note_is_kept_with_name_and_its_lines(
    desk: Desk, staff: Person, admin: Person, job_id: str
) -> None:
    path = f"/jobs/{job_id}"
    answer = staff.sends(f"{path}/notes", path, text=" First line \r\n<b>second</b> ")
    admin.sends(f"{path}/notes", path, text="Thanks")

    note = desk.fact(job_id).notes[0]
    assert note.text == "First line \n<b>second</b>"
    assert answer.location == f"{path}#note-{note.id}"
    page = staff.opens(path).text
    assert f'<li id="note-{note.id}">' in page
    assert "First line \n&lt;b&gt;second&lt;/b&gt;" in page
    assert page.index("Mara Keller", page.index("job-notes")) < page.index("Thanks")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write something first"),
        (" \r\n\t ", "Write something first"),
        ("x" * (NOTE_LIMIT + 1), "Use at most 1,000 characters"),
    ],
)
def test_a_note_that_cannot_be_kept_comes_back_as_it_was_typed(
    desk: Desk, staff: Person, job_id: str, text: str, said: str
) -> None:
    answer = staff.sends(f"/jobs/{job_id}/notes", text=text)

    assert answer.status_code == 422
    assert "<title>Error: Notes at R-1" in answer.text
    assert words(answer.text).count(said) == 2
    assert text.strip() in answer.text
    assert desk.fact(job_id).notes == []


def test_a_note_may_be_as_long_as_it_may_and_holds_no_control_characters(
    desk: Desk, staff: Person, job_id: str
) -> None:
    longest = "ü" * (NOTE_LIMIT - 1) + "\n"
    staff.sends(f"/jobs/{job_id}/notes", text=longest + "\0\x1b")

    assert desk.fact(job_id).notes[0].text == longest.strip()


def test_who_may_only_look_reads_notes_and_leaves_none(
    desk: Desk, staff: Person, viewer: Person, job_id: str
) -> None:
    shares(staff, job_id, viewer)
    staff.sends(f"/jobs/{job_id}/notes", text="Read me")

    assert "Read me" in words(viewer.opens(f"/jobs/{job_id}/notes").text)
    data = {"csrf_token": csrf_of(viewer.opens("/account").text), "text": "No"}
    answer = viewer.client.post(f"/jobs/{job_id}/notes", data=data)
    assert answer.status_code == 403
    assert "note-form" not in viewer.opens(f"/jobs/{job_id}").text
    assert len(desk.fact(job_id).notes) == 1


@pytest.mark.parametrize("state", ["running", "succeeded"])
def test_a_note_reaches_who_has_the_page_open_whether_the_job_runs_or_has_ended(
    desk: Desk, staff: Person, admin: Person, streams: Streams, state: str
) -> None:
    job_id = getattr(desk, state)(staff)
    view = re.search(r'data-live="(\w+)" ?data-live-id', staff.opens(f"/jobs/{job_id}").text)
    assert view is not None
    page = streams.page(staff, view.group(1), job_id)
    page.until("live")

    admin.sends(f"/jobs/{job_id}/notes", text="Look at South")

    told = page.hears("fragment", "Look at South")
    assert told.data.strip() in staff.opens(f"/jobs/{job_id}").text
    assert "csrf" not in told.data


def test_open_pages_read_themselves_again_when_the_job_becomes_somebody_elses(
    desk: Desk, staff: Person, colleague: Person, streams: Streams, job_id: str
) -> None:
    shares(staff, job_id, colleague)
    pages = [streams.page(each, "job", job_id) for each in (staff, colleague)]
    for page in pages:
        page.until("live")

    data = {"hand-person": str(colleague.id)}
    staff.sends(f"/jobs/{job_id}/hand-over", f"/jobs/{job_id}/people", **data)

    for page in pages:
        assert page.hears("refresh").json == {"what": "job"}
        assert "handed to" in page.hears("fragment", "handed to").data


def test_the_stream_of_who_was_taken_off_ends(
    desk: Desk, staff: Person, colleague: Person, streams: Streams, job_id: str
) -> None:
    shares(staff, job_id, colleague)
    page = streams.page(colleague, "job", job_id)
    page.until("live")

    path = f"/jobs/{job_id}/people"
    staff.sends(f"{path}/remove", path, person=str(colleague.id))

    assert not any("job-page" in told.data for told in page.rest())


def test_more_people_and_more_notes_need_no_more_queries(
    app: Flask, desk: Desk, staff: Person, job_id: str
) -> None:
    asked: list[object] = []

    def count() -> int:
        asked.clear()
        assert staff.opens(f"/jobs/{job_id}").status_code == 200
        return len(asked)

    def hear(*arguments: object) -> None:
        asked.append(arguments)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    few = count()
    for number in range(3):
        follower = Person.joins(app, f"Follower {number}")
        shares(staff, job_id, follower)
        follower.sends(f"/jobs/{job_id}/notes", text=f"From {number}")
    assert count() == few
    event.remove(engine, "before_cursor_execute", hear)
