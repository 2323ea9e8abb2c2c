"""What a start would give, before it: rows, sizes, time, place; the same files made today."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from dashboard.extensions import db
from dashboard.jobs import Kind, Transient, find
from dashboard.models import Job, Part, Process, Queue, User, clock, transaction
from dashboard.web import check
from dashboard.web.counts import Counted, Counts
from dashboard.words import Manner, speaking_to
from tests.people import Person, csrf_of, words
from tests.web.desk import Desk
from tests.web.statements import statements

RIGHT: dict[str, Any] = {
    "name": "",
    "region": "North",
    "least": "0",
    "period_from": "",
    "period_until": "",
    "formats": ["csv"],
}
USE = re.compile(r'formaction="(/new/[\w-]+/join/[\w-]+)"')


def checks(person: Person, kind: str = "orders", **sent: Any) -> TestResponse:
    """Ask as an open page does while somebody chooses."""
    page = person.opens(f"/new/{kind}").text
    data = {"csrf_token": csrf_of(page), **sent}
    return person.client.post(f"/new/{kind}/check", data=data, headers={"X-Live": "1"})


def said(answer: TestResponse, label: str) -> str:
    """Give what the panel says beside *label*."""
    assert answer.status_code == 200, answer.text
    found = re.search(rf"<dt>{label}</dt>(.*?)</div>", answer.text, re.S)
    assert found is not None, answer.text
    return words(found[1])


def works(app: Flask, slots: int = 1) -> None:
    """Let a worker be heard of."""
    with app.app_context(), transaction() as session:
        session.add(
            Process(
                name="one@here",
                part=Part.WORKER,
                host="here",
                pid=1,
                slots=slots,
                queues=["reports"],
                started_at=clock(),
                heard_at=clock(),
            )
        )


def done(person: Person, desk: Desk, kind: str = "orders", **sent: Any) -> str:
    """Start a job by its form and let a worker do it; gives its path."""
    answer = person.sends(f"/new/{kind}", start_anyway="1", **sent)
    assert answer.status_code == 303, answer.text
    desk.works()
    return answer.location or ""


def test_the_rows_are_counted_and_nothing_is_started(staff: Person, desk: Desk) -> None:
    answer = checks(staff, **RIGHT)

    assert said(answer, "Rows") == "2"
    assert said(checks(staff, **{**RIGHT, "region": "South"}), "Rows") == "1"
    assert said(checks(staff, **{**RIGHT, "least": "900"}), "Rows") == "None: nothing matches"
    assert "<html" not in answer.text
    assert desk.count() == 0


def test_the_past_says_size_and_time(staff: Person, desk: Desk) -> None:
    assert said(checks(staff, **RIGHT), "Time") == "Not known yet"
    assert (
        said(checks(staff, **RIGHT), "Size") == "CSV not known yet XLSX not chosen PDF not chosen"
    )

    done(staff, desk, **RIGHT)

    answer = checks(staff, **RIGHT)
    assert said(answer, "Time") == "About 1 s"
    assert re.match(r"CSV about [\d]+ bytes XLSX not chosen", said(answer, "Size"))


def test_what_is_chosen_only_half_is_no_mistake_yet(staff: Person, desk: Desk) -> None:
    answer = checks(staff, **{**RIGHT, "least": "much", "formats": []})

    assert answer.status_code == 200
    assert "Fill in the choices to see what you will get." in words(answer.text)
    assert "must be a number" not in words(answer.text)
    assert 'role="alert"' not in answer.text
    assert desk.count() == 0


def test_without_scripts_a_button_brings_the_page_back_with_the_panel(staff: Person) -> None:
    right = staff.sends("/new/orders/check", "/new/orders", **RIGHT)
    wrong = staff.sends("/new/orders/check", "/new/orders", **{**RIGHT, "least": "much"})

    assert said(right, "Rows") == "2"
    assert '<option selected value="North">' in right.text
    assert "<html" in right.text
    assert wrong.status_code == 422
    assert "must be a number" in words(wrong.text)
    assert 'formaction="/new/orders/check"' in staff.opens("/new/orders").text


def test_before_anybody_has_looked_the_page_says_what_is_usual(staff: Person, desk: Desk) -> None:
    assert said(staff.opens("/new/totals"), "Rows") == "Not known yet"
    desk.succeeded(staff, rows=1234)

    page = staff.opens("/new/totals")

    assert said(page, "Rows") == "Usually 1,234"
    assert "data-checked" not in page.text


def test_nobody_looks_into_what_they_may_not_start(
    app: Flask, staff: Person, viewer: Person
) -> None:
    for person, kind, code in ((staff, "salaries", 403), (viewer, "orders", 403)):
        page = person.opens("/account").text
        answer = person.client.post(
            f"/new/{kind}/check", data={"csrf_token": csrf_of(page)}, headers={"X-Live": "1"}
        )
        assert answer.status_code == code
    no_token = staff.client.post("/new/orders/check", data=RIGHT, headers={"X-Live": "1"})
    assert no_token.status_code == 400
    stranger = app.test_client().post("/new/orders/check", headers={"X-Live": "1"})
    assert stranger.status_code in (400, 401)


def test_a_source_that_is_away_leaves_the_rows_unknown(staff: Person, till: Path) -> None:
    page = staff.opens("/new/totals").text
    till.unlink()

    data = {"csrf_token": csrf_of(page), "formats": "csv"}
    answer = staff.client.post("/new/totals/check", data=data, headers={"X-Live": "1"})

    assert said(answer, "Rows") == "Not known before it runs"


def test_a_job_starts_at_once_in_line_or_when_it_can(
    app: Flask, staff: Person, colleague: Person, desk: Desk
) -> None:
    assert said(checks(staff, **RIGHT), "Starts") == "Once a worker is back"
    works(app)
    assert said(checks(staff, **RIGHT), "Starts") == "At once"
    desk.queued(colleague)
    desk.queued(colleague)
    assert said(checks(staff, **RIGHT), "Starts") == "2nd in line"
    assert said(checks(colleague, **RIGHT), "Starts") == "3rd in line"
    with app.app_context(), transaction() as session:
        session.add(Queue(name="reports", paused_at=clock()))
    assert said(checks(staff, **RIGHT), "Starts") == "Once the queue flows again"


def test_while_every_place_is_taken_a_job_is_first_in_line(
    app: Flask, staff: Person, colleague: Person, desk: Desk
) -> None:
    works(app)
    job_id = desk.running(colleague)
    with app.app_context(), transaction() as session:
        job = session.query(Job).one()
        job.worker = "one@here"

    assert said(checks(staff, **RIGHT), "Starts") == "1st in line"
    desk.succeeds(job_id)
    assert said(checks(staff, **RIGHT), "Starts") == "At once"


def test_the_link_leads_to_these_choices_and_rolls_on_with_a_preset(staff: Person) -> None:
    page = staff.opens("/new/orders").text
    first, last = re.findall(r'data-first="([\d-]+)" data-last="([\d-]+)"', page)[0]
    sent = {**RIGHT, "name": "a&b", "period_from": first, "period_until": last}

    answer = checks(staff, **sent)

    found = re.search(r'<a href="(/new/orders\?[^"]+)">Link to these choices</a>', answer.text)
    assert found is not None
    link = unescape(found[1])
    assert "period=last-month" in link
    assert "period_from" not in link
    assert f'data-copy="http://localhost{found[1]}"' in answer.text
    filled = staff.client.get(link).text
    assert 'value="a&amp;b"' in filled
    assert f'value="{first}"' in filled


def test_the_address_that_is_copied_is_the_one_staff_use(app: Flask, staff: Person) -> None:
    app.config["PUBLIC_URL"] = "https://desk.example.org/"

    assert 'data-copy="https://desk.example.org/new/orders?' in checks(staff, **RIGHT).text


def test_a_colleagues_files_of_today_are_offered_and_used(
    staff: Person, colleague: Person, desk: Desk
) -> None:
    made = done(staff, desk, **RIGHT)
    before = colleague.opens(made).status_code

    answer = checks(colleague, **RIGHT)

    text = words(answer.text)
    assert re.search(r"Mara Keller made the same file at \d\d:\d\d \(data as of \d\d:\d\d \)", text)
    offer = USE.search(answer.text)
    assert offer is not None
    page = colleague.opens("/new/orders").text
    data = {"csrf_token": csrf_of(page), **RIGHT}
    used = colleague.client.post(offer[1], data=data)
    assert (before, used.status_code, used.location) == (404, 303, made)
    assert colleague.opens(made).status_code == 200
    with colleague.opens(f"/files/{desk.file(made.removeprefix('/jobs/'))}") as file:
        assert file.status_code == 200
    assert desk.count() == 1


def test_ones_own_files_of_today_are_to_be_opened(staff: Person, desk: Desk) -> None:
    made = done(staff, desk, **{**RIGHT, "formats": ["csv", "xlsx"]})

    answer = checks(staff, **{**RIGHT, "formats": ["csv", "xlsx"]})

    assert "You made the same files at" in words(answer.text)
    assert f'href="{made}">Open them</a>' in answer.text
    assert USE.search(answer.text) is None


def test_nothing_is_offered_but_the_very_same_choices(
    staff: Person, colleague: Person, desk: Desk
) -> None:
    made = done(staff, desk, **RIGHT)
    job_id = made.removeprefix("/jobs/")

    for sent in ({**RIGHT, "region": "South"}, {**RIGHT, "formats": ["xlsx"]}):
        assert "made the same" not in words(checks(colleague, **sent).text)
        answer = colleague.sends(f"/new/orders/join/{job_id}", "/new/orders", **sent)
        assert "That job has ended meanwhile" in words(answer.text)
    desk.expires(job_id)
    assert "made the same" not in words(checks(colleague, **RIGHT).text)
    assert colleague.opens(made).status_code == 404


def test_a_finished_job_cannot_be_used_by_whom_its_kind_is_closed_to(
    app: Flask, admin: Person, staff: Person, desk: Desk
) -> None:
    made = done(admin, desk, "salaries", formats="csv")
    job_id = made.removeprefix("/jobs/")

    answer = staff.sends(f"/new/salaries/join/{job_id}", "/account", formats="csv")

    assert answer.status_code == 403
    assert staff.opens(made).status_code == 404


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def test_the_day_of_a_person_begins_in_their_own_zone(app: Flask, zone: str) -> None:
    with app.test_request_context(), speaking_to(Manner("en-GB", zone)):
        began = check.day_began()

    local = began.astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute, local.second) == (0, 0, 0)
    assert timedelta(0) <= datetime.now(UTC) - began < timedelta(hours=25)


def test_the_box_for_an_e_mail_is_remembered(app: Flask, staff: Person) -> None:
    def wishes() -> bool:
        with app.app_context():
            return db.session.get_one(User, staff.id).notify

    staff.sends("/new/orders", **RIGHT, notify="y")
    assert wishes()
    page = staff.opens("/new/totals").text
    assert re.search(r'<input checked[^>]*name="notify"', page)

    staff.sends("/new/totals", formats="csv")
    assert not wishes()


def test_the_names_of_periods_are_kept_with_the_job(app: Flask, staff: Person, desk: Desk) -> None:
    def relative(location: str | None) -> dict[str, str]:
        return desk.fact((location or "").removeprefix("/jobs/")).relative

    page = staff.opens("/new/orders").text
    first, last = re.findall(r'data-first="([\d-]+)" data-last="([\d-]+)"', page)[0]
    by_days = {**RIGHT, "period_from": first, "period_until": last}
    by_page = staff.sends("/new/orders", **by_days).location
    assert relative(by_page) == {"period": "last-month"}
    assert relative(staff.sends("/new/orders", **RIGHT).location) == {}

    body = {"params": {"least": 0, "period": "last-month"}, "formats": ["csv"]}
    by_program = staff.calls("POST", "/jobs/orders", json=body)
    assert by_program.json is not None
    assert desk.fact(by_program.json["id"]).relative == {"period": "last-month"}

    with app.app_context(), transaction() as session:
        session.get_one(User, staff.id).role = "admin"
    desk.cancels((by_page or "").removeprefix("/jobs/"), staff)
    again = staff.sends(f"{by_page}/again", "/account", token="once").location
    assert relative(again) == {"period": "last-month"}


def test_a_person_has_one_count_at_a_time_and_answers_are_kept(app: Flask) -> None:
    counts = Counts()
    asked: list[int] = []
    beside: list[Counted] = []
    kind = counting(app)

    def count(params: object) -> int:
        asked.append(1)
        if len(asked) == 1:
            beside.append(counts.of(1, kind, {"region": "other"}))
            beside.append(counts.of(2, kind, {"region": "other"}))
        return 42 + len(asked)

    kind = replace(kind, count=count)
    with app.app_context():
        first = counts.of(1, kind, {"region": "North", "formats": ["csv"]})
        again = counts.of(3, kind, {"region": "North", "formats": ["xlsx"]})
        later = counts.of(1, kind, {"region": "other"})

    assert beside == [Counted(later=True), Counted(44)]
    assert (first, again, later) == (Counted(44), Counted(44), Counted(44))
    assert len(asked) == 2


def test_a_count_that_fails_lets_the_next_one_be_made(app: Flask) -> None:
    counts = Counts()
    answers: Iterator[Exception | int] = iter([Transient("Away."), RuntimeError("Broken."), 7])

    def count(params: object) -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    kind = replace(counting(app), count=count)
    with app.app_context():
        assert counts.of(1, kind, {"a": 1}) == Counted(None)
        with pytest.raises(RuntimeError):
            counts.of(1, kind, {"a": 2})
        assert counts.of(1, kind, {"a": 3}) == Counted(7)
        assert counts.of(1, replace(kind, count=None), {"a": 4}) == Counted(None)


def counting(app: Flask) -> Kind:
    """Give a kind whose count may be another one."""
    with app.app_context():
        kind = find("totals")
    assert kind is not None
    return kind


def test_the_form_and_the_panel_ask_as_much_however_long_the_past_is(
    app: Flask, staff: Person, colleague: Person, desk: Desk
) -> None:
    works(app)
    page = staff.opens("/new/totals").text
    data = {"csrf_token": csrf_of(page), "formats": "csv"}
    checks(staff, "totals", formats="csv")  # The count of it is kept.
    asked = []
    for jobs in (1, 6):
        for _ in range(jobs):
            desk.succeeded(staff)
            desk.succeeded(colleague)
        desk.queued(colleague)
        looked = statements(app, lambda: staff.opens("/new/totals"))
        look = partial(staff.client.post, "/new/totals/check", data=data, headers={"X-Live": "1"})
        asked.append((looked, statements(app, look)))
        desk.claims()

    assert asked[0] == asked[1]
