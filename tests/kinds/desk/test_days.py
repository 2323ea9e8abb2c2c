"""Named days of the list of jobs: kept by name, and rolled on when the list is made again."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import find
from dashboard.kinds.desk import form, wording
from dashboard.models import Job
from tests.kinds.desk.test_job_list import done, start
from tests.people import Person, words

FORM = "/new/job-list"
WEEK = {"first": "2026-11-15", "last": "2026-11-21"}
LATER = date(2026, 12, 3)
ROLLED = ("2026-11-27", "2026-12-03")
TITLE = "List of jobs, 27 November 2026 to 3 December 2026"

MoveTo = Callable[[date], None]


@pytest.fixture(autouse=True)
def move_to(monkeypatch: pytest.MonkeyPatch) -> MoveTo:
    """Give what makes it another day; it begins as the last one of WEEK."""

    def move(day: date) -> None:
        for module in (form, wording):
            monkeypatch.setattr(module, "today", lambda: day)

    move(date.fromisoformat(WEEK["last"]))
    return move


def kept(app: Flask) -> list[tuple[Any, Any, dict[str, str]]]:
    """Give the days of each job and the names that they were chosen by."""
    with app.app_context():
        jobs = db.session.scalars(select(Job).order_by(Job.serial))
        return [(job.params["first"], job.params["last"], job.relative) for job in jobs]


def days(page: str) -> tuple[str, ...]:
    """Give the first and the last day that a form begins with."""
    return tuple(re.findall(r'id="(?:first|last)"[^>]*value="([\d-]+)"', page))


def link_in(page: str, text: str) -> str:
    """Give the address of the link that begins with *text*."""
    found = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>{text}', page)
    assert found is not None, words(page)
    return unescape(found[1])


def test_the_days_of_a_page_are_kept_by_their_name(app: Flask, staff: Person) -> None:
    filled = staff.opens(FORM, days="last-7-days").text
    assert days(filled) == tuple(WEEK.values())
    assert '<input type="hidden" name="days" value="last-7-days" data-named>' in filled

    start(staff, **WEEK, days="last-7-days")
    start(staff, **WEEK, start_anyway="1")
    start(staff, **{**WEEK, "last": "2026-11-20"}, days="last-7-days")
    start(staff, first="", last="", days="last-7-days")

    named = {"days": "last-7-days"}
    assert kept(app) == [
        (*WEEK.values(), named),
        (*WEEK.values(), named),
        ("2026-11-15", "2026-11-20", {}),
        (None, None, {}),
    ]


def test_a_program_means_days_as_days_and_names_as_names(app: Flask, staff: Person) -> None:
    for params in ({"days": "last-7-days"}, WEEK):
        assert staff.calls("POST", "/jobs/job-list", json={"params": params}).status_code == 202

    assert kept(app) == [(*WEEK.values(), {"days": "last-7-days"}), (*WEEK.values(), {})]


def test_days_that_are_no_name_at_all_are_refused(staff: Person) -> None:
    answer = staff.calls("POST", "/jobs/job-list", json={"params": {"days": {"first": 1}}})

    assert answer.status_code == 422
    assert answer.json is not None
    assert [error["field"] for error in answer.json["errors"]] == ["days"]


def test_the_list_of_these_days_is_offered_again_as_that_of_those(
    app: Flask, staff: Person, move_to: MoveTo
) -> None:
    job = done(app, start(staff, **WEEK))
    move_to(LATER)

    home = staff.opens("/").text
    assert TITLE in words(home)
    for page, text in ((home, "List of jobs"), (staff.opens(FORM).text, "Same again")):
        address = next(
            link
            for link in map(unescape, re.findall(r'href="(/new/job-list\?[^"]*)"', page))
            if "days=last-7-days" in link and "formats" in link
        )
        assert text in words(page)
        assert days(staff.client.get(address).text) == ROLLED
    exact = link_in(staff.opens(f"/jobs/{job.id}").text, "Change and run again")
    assert days(staff.client.get(exact).text) == tuple(WEEK.values())


def test_saved_choices_and_links_name_the_days(app: Flask, staff: Person, move_to: MoveTo) -> None:
    sent = {"formats": ["csv"], **WEEK}
    checked = staff.sends(f"{FORM}/check", FORM, **sent).text
    saved = staff.sends(f"{FORM}/presets", FORM, **sent, **{"preset-name": "Week"}).location or ""
    by_program = {"kind": "job-list", "name": "By program", "params": {"days": "last-7-days"}}
    answer = staff.calls("POST", "/presets", json=by_program)
    move_to(LATER)

    for address in (link_in(checked, "Link to these choices"), saved):
        assert ("days", "last-7-days") in parse_qsl(urlsplit(address).query)
        assert days(staff.client.get(address).text) == ROLLED
    assert answer.json is not None
    assert answer.json["params"]["days"] == "last-7-days"
    assert not WEEK.keys() & answer.json["params"].keys()


def test_the_title_of_what_names_no_days_stays(app: Flask) -> None:
    kind = find_list(app)
    with app.app_context():
        params = {"state": "failed", **WEEK}
        assert kind.title_now(params, {}) == kind.title_of(params)
        assert kind.title_now(params, {"days": "for ever"}) == kind.title_of(params)


def find_list(app: Flask) -> Any:
    """Give the kind of the list of jobs."""
    with app.app_context():
        return find("job-list")
