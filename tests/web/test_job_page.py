"""A job's page in each of its states, and what can be done there."""

import re

import pytest
from flask import Flask

from dashboard.extensions import db
from dashboard.models import Job, LogLine, clock, transaction
from tests.people import TOKEN, Person, csrf_of, words
from tests.web.desk import Desk

STATES = {
    "queued": "Waiting",
    "waiting": "Waiting",
    "running": "Running",
    "stopping": "Stopping",
    "succeeded": "Finished",
    "failed": "Failed",
    "cancelled": "Cancelled",
    "deleted": "Files deleted",
}


@pytest.mark.parametrize(("state", "word"), STATES.items())
def test_each_state_has_its_page_its_row_and_its_word(
    desk: Desk, staff: Person, state: str, word: str
) -> None:
    job_id = getattr(desk, state)(staff)

    page = staff.opens(f"/jobs/{job_id}")

    assert page.status_code == 200
    assert f'id="job-page-{job_id}" data-state="{state}"' in page.text
    assert word in words(page.text)
    assert "R-1" in words(page.text)
    row = staff.opens("/jobs").text
    assert f'id="job-row-{job_id}" data-state="{state}"' in row
    assert word in words(row) or state == "running"
    for machinery in ("PENDING", "PROGRESS", "celery", "Traceback", "None", "jobs.run"):
        assert machinery not in words(page.text)


def test_a_queued_job_says_its_place_and_why_it_waits(desk: Desk, staff: Person) -> None:
    desk.queued(staff, "orders", region="South")
    job_id = desk.queued(staff)

    page = words(staff.opens(f"/jobs/{job_id}").text)

    assert "Place in line 2nd of 2" in page
    assert "No worker takes reports: ask an administrator." in page
    assert "You can close this page." in page


def test_a_place_in_line_is_fair_between_people(
    desk: Desk, staff: Person, colleague: Person
) -> None:
    mine = [desk.queued(staff, "orders", region=str(number)) for number in range(3)]
    theirs = desk.queued(colleague)

    def place(person: Person, job_id: str) -> str:
        found = re.search(r"Place in line (\w+ of \d)", words(person.opens(f"/jobs/{job_id}").text))
        return found.group(1) if found else ""

    assert place(staff, mine[0]) == "1st of 4"
    assert place(colleague, theirs) == "2nd of 4"
    assert place(staff, mine[2]) == "4th of 4"


def test_a_running_job_shows_its_bar_and_never_100_percent(desk: Desk, staff: Person) -> None:
    job_id = desk.running(staff)
    desk.counts(job_id, 310, 500)

    page = staff.opens(f"/jobs/{job_id}").text

    assert 'value="62"' in page or 'value="310"' in page
    assert "62%" in words(page)
    assert "<title>62% Totals" in page
    desk.counts(job_id, 500, 500)
    assert "99%" in words(staff.opens(f"/jobs/{job_id}").text)


def test_a_finished_job_shows_its_files_with_rows_and_checksum(desk: Desk, staff: Person) -> None:
    job_id = desk.succeeded(staff, formats=("csv", "xlsx"))
    csv, xlsx = desk.fact(job_id).files

    page = staff.opens(f"/jobs/{job_id}").text

    for file in (csv, xlsx):
        assert f'href="/files/{file.id}"' in page
        assert file.sha256 in page
    assert "2 rows" in words(page)
    assert "<title>✓ Ready Totals" in page


def test_numbers_of_rows_that_differ_are_a_warning_and_a_job_without_them_says_nothing(
    app: Flask, desk: Desk, staff: Person
) -> None:
    job_id = desk.succeeded(staff)
    assert "reconciliation" not in staff.opens(f"/jobs/{job_id}").text
    lines = [["Read", 1_200], ["CSV", 1_200], ["PDF", 1_000]]
    with app.app_context(), transaction() as session:
        session.query(Job).one().result = {"rows": 1_200, "reconciliation": lines}

    page = words(staff.opens(f"/jobs/{job_id}").text)

    assert "The rows differ Read 1,200 CSV 1,200 PDF 1,000 These numbers of rows should be" in page


def test_a_finished_job_without_rows_says_so(desk: Desk, staff: Person) -> None:
    job_id = desk.succeeded(staff, rows=0)

    assert "Nothing matches these choices." in words(staff.opens(f"/jobs/{job_id}").text)
    assert "Finished, no rows" in words(staff.opens("/jobs").text)


def test_a_failed_job_says_what_happened_what_is_unchanged_and_what_to_do(
    desk: Desk, staff: Person, admin: Person
) -> None:
    job_id = desk.failed(staff, "The table <orders> is gone.")

    page = words(staff.opens(f"/jobs/{job_id}").text)

    happened = page.index("The table <orders> is gone.")
    unchanged = page.index("No file was made and no data was changed.")
    todo = page.index("Tell somebody.")
    number = page.index("R-1 and send the support bundle", todo)
    assert happened < unchanged < todo < number
    assert "Traceback" not in page
    assert "Traceback: line 1" in words(admin.opens(f"/jobs/{job_id}").text)


def test_a_failed_job_leaves_home_when_its_owner_has_opened_it(
    desk: Desk, staff: Person, admin: Person
) -> None:
    job_id = desk.failed(staff)
    card = f"job-card-{job_id}"
    assert card in staff.opens("/").text

    admin.opens(f"/jobs/{job_id}")
    assert card in staff.opens("/").text

    staff.opens(f"/jobs/{job_id}")
    assert card not in staff.opens("/").text


def test_a_waiting_job_says_when_it_is_tried_again(desk: Desk, staff: Person) -> None:
    job_id = desk.waiting(staff)

    page = words(staff.opens(f"/jobs/{job_id}").text)

    assert "Waiting for the next try" in page
    assert re.search(r"The second try of 3 starts by itself at \d\d:\d\d:\d\d \.", page)
    assert "The one before did not come to its end: The line is busy." in page


def test_html_in_a_title_is_text(desk: Desk, staff: Person) -> None:
    name = '<img src=x onerror="alert(1)">'
    job_id = desk.queued(staff, "orders", name=name)

    for path in (f"/jobs/{job_id}", "/jobs", "/"):
        page = staff.opens(path).text
        assert name not in page
        assert "&lt;img src=x" in page


def test_a_title_of_500_characters_is_kept_and_shown(desk: Desk, staff: Person) -> None:
    job_id = desk.succeeded(staff)
    long = desk.queued(staff, "orders", name="ä" * 600)

    assert len(desk.fact(long).title) == 500
    for path in (f"/jobs/{long}", "/jobs", "/", f"/jobs/{job_id}"):
        assert staff.opens(path).status_code == 200


def test_the_log_is_a_text_with_every_line(app: Flask, desk: Desk, staff: Person) -> None:
    job_id = desk.failed(staff, "The <b>table</b> is gone.")
    with app.app_context(), transaction() as session:
        first = session.query(LogLine).first()
        assert first is not None
        for number in range(300):
            line = LogLine(job_id=first.job_id, attempt=1, at=clock(), text=f"Step {number}")
            session.add(line)

    log = staff.opens(f"/jobs/{job_id}/log.txt")

    assert log.mimetype == "text/plain"
    lines = log.text.splitlines()
    assert len(lines) == 302
    assert lines[0].endswith("Started on worker@here, attempt 1 of 3")
    assert "error  The <b>table</b> is gone." in lines[1]
    assert lines[-1].endswith("Step 299")


def test_a_job_is_cancelled_and_one_that_has_ended_stays_as_it_is(
    desk: Desk, staff: Person
) -> None:
    done, going = desk.succeeded(staff), desk.queued(staff)

    for job_id in (going, done):
        answer = staff.sends(f"/jobs/{job_id}/cancel", f"/jobs/{job_id}")
        assert (answer.status_code, answer.location) == (303, f"/jobs/{job_id}")

    assert desk.fact(going).state == "cancelled"
    assert desk.fact(done).state == "succeeded"
    assert "The job had ended already." in words(staff.opens("/").text)
    assert [str(entry.job_id) for entry in desk.audit("job.cancel")] == [going]


def test_a_running_job_is_asked_to_stop(desk: Desk, staff: Person, admin: Person) -> None:
    job_id = desk.running(staff)

    admin.sends(f"/jobs/{job_id}/cancel", f"/jobs/{job_id}")

    assert desk.fact(job_id).word == "Stopping"
    assert desk.audit("job.cancel")[-1].user_id == admin.id


def test_run_again_starts_the_same_once_however_often_it_is_pressed(
    desk: Desk, staff: Person
) -> None:
    job_id = desk.failed(staff)
    page = staff.opens(f"/jobs/{job_id}").text
    token = TOKEN.search(page)
    assert token is not None
    data = {"csrf_token": csrf_of(page), "token": token.group(1)}

    landed = [staff.client.post(f"/jobs/{job_id}/again", data=data).location for _ in range(2)]

    assert landed[0] == landed[1]
    new = desk.fact((landed[0] or "").removeprefix("/jobs/"))
    assert new.id != job_id
    assert new.params == desk.fact(job_id).params
    assert desk.count() == 2
    staff.sends(f"/jobs/{job_id}/again", f"/jobs/{job_id}")
    assert desk.count() == 3


def test_what_has_not_ended_is_not_run_again(desk: Desk, staff: Person) -> None:
    page = f"/jobs/{desk.running(staff)}"

    answer = staff.sends(f"{page}/again", page)

    assert answer.location == page
    assert "The job has not ended yet." in words(staff.opens(page).text)
    assert desk.count() == 1


def test_run_again_keeps_to_the_limit_of_a_person(app: Flask, desk: Desk, staff: Person) -> None:
    job_id = desk.failed(staff)
    app.config["MAX_ACTIVE_JOBS"] = 0

    answer = staff.sends(f"/jobs/{job_id}/again", f"/jobs/{job_id}")

    assert answer.location == f"/jobs/{job_id}"
    assert "which is the most for one person" in words(staff.opens(f"/jobs/{job_id}").text)
    assert desk.count() == 1


def test_change_and_run_again_fills_the_form_in(desk: Desk, staff: Person) -> None:
    params = {"name": "Åsa & Co", "region": "South", "least": 5.0}
    job_id = desk.running(staff, "orders", **params, period_from=None, period_until=None)
    desk.fails(job_id)

    page = staff.opens(f"/jobs/{job_id}").text
    link = re.search(r'href="(/new/orders\?[^"]+)"', page)
    assert link is not None
    form = staff.client.get(link.group(1).replace("&amp;", "&")).text

    assert 'value="Åsa &amp; Co"' in form
    assert '<option selected value="South">' in form
    assert 'value="5.0"' in form


def test_whoever_may_only_look_has_no_buttons_that_change(
    desk: Desk, staff: Person, admin: Person
) -> None:
    job_id = desk.running(staff)
    assert "act-cancel" in admin.opens(f"/jobs/{job_id}").text
    admin.sends(f"/users/{staff.id}", "/users", act="role", role="viewer")

    page = staff.opens(f"/jobs/{job_id}").text

    assert f'action="/jobs/{job_id}/cancel"' not in page
    assert 'data-may="look"' in page
    assert 'id="note-form"' not in page


@pytest.mark.parametrize(
    "state", ["queued", "waiting", "running", "succeeded", "failed", "cancelled", "deleted"]
)
def test_the_page_of_a_job_whose_kind_is_gone_is_whole_and_says_what_is_not_possible(
    app: Flask, desk: Desk, staff: Person, state: str
) -> None:
    job_id = getattr(desk, state)(staff)
    app.extensions["families"] = ()

    answer = staff.opens(f"/jobs/{job_id}")

    page = words(answer.text)
    assert answer.status_code == 200
    assert "R-1" in page
    assert 'form="act-again"' not in answer.text
    assert 'form="act-retry"' not in answer.text
    assert "/new/totals" not in answer.text
    assert "“Run again”" not in page
    gone = "It cannot be run again: this kind of job was renamed or removed."
    assert (gone in page) == desk.fact(job_id).is_final
    for path in ("/", "/jobs", f"/jobs/{job_id}/log.txt"):
        assert staff.opens(path).status_code == 200
    if desk.fact(job_id).is_final:
        staff.sends(f"/jobs/{job_id}/again", f"/jobs/{job_id}")
        assert "This kind of job does not exist any more." in words(staff.opens("/").text)
        assert desk.count() == 1


def test_right_to_left_and_html_in_every_field_are_shown_as_they_are(
    desk: Desk, staff: Person
) -> None:
    evil = "<script>alert(1)</script> שלום"
    job_id = desk.queued(staff, "orders", name=evil)
    desk.claims()
    desk.fails(job_id, evil)
    staff.sends(f"/jobs/{job_id}/notes", f"/jobs/{job_id}", text=evil)

    page = staff.opens(f"/jobs/{job_id}").text

    assert "<script>alert" not in page
    assert words(page).count(evil) >= 3


@pytest.mark.parametrize("job_id", ["1", "R-1", "nowhere", "00000000-0000-4000-8000-000000000000"])
def test_a_job_that_is_not_there_is_not_found(staff: Person, job_id: str) -> None:
    for path in (f"/jobs/{job_id}", f"/jobs/{job_id}/log.txt", f"/jobs/{job_id}/files.zip"):
        answer = staff.opens(path)
        assert answer.status_code == 404
        assert "<title>Not found" in answer.text


def test_a_page_that_is_opened_shuts_no_transaction_in(app: Flask, staff: Person) -> None:
    staff.opens("/")
    with app.app_context():
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_where_only_other_choices_help_they_are_the_main_action(
    app: Flask, desk: Desk, staff: Person
) -> None:
    job_id = desk.failed(staff)

    def main_action() -> str:
        page = staff.opens(f"/jobs/{job_id}").text
        found = re.findall(r'<(?:a|button) class="button button-primary".*?</(?:a|button)>', page)
        assert len(found) == 1
        return words(found[0])

    assert main_action() == "Try again"
    with app.app_context(), transaction() as session:
        job = session.query(Job).one()
        job.error = {**(job.error or {}), "change": True}

    assert main_action() == "Change and run again"
    assert 'form="act-retry"' in staff.opens(f"/jobs/{job_id}").text


def test_a_failed_job_says_that_its_rows_are_counted_by_the_files_that_hold_them(
    desk: Desk, staff: Person
) -> None:
    job_id = desk.running(staff)
    desk.counts(job_id, 125, 500)
    assert "read and written" not in words(staff.opens(f"/jobs/{job_id}").text)
    desk.fails(job_id)

    assert "Rows 125 of 500, read and written" in words(staff.opens(f"/jobs/{job_id}").text)
