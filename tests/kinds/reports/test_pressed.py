"""A preset that was pressed is the one that is meant, where another has the same days that day."""

import re
import uuid
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.kinds.reports import form
from dashboard.models import Job
from tests.people import Person, words

MONDAY = date(2026, 11, 23)
WEEK = {"period_from": "2026-11-16", "period_until": "2026-11-22"}
FORM = "/new/own"
QUERY = "SELECT id FROM orders WHERE ordered_on BETWEEN :period_from AND :period_until"
HEAD = """
[[params]]
name = "period"
type = "date-range"
required = false
presets = ["last-7-days", "last-week", "last-month"]
default = "{default}"
"""


@pytest.fixture(autouse=True)
def _on_monday(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "today", lambda: MONDAY)


@pytest.fixture
def begins_with(write_report: Callable[..., Path]) -> Callable[[str], None]:
    """Give what writes the report, which begins with the preset of a name."""

    def write(default: str) -> None:
        write_report(QUERY, head=HEAD.format(default=default))

    write("last-month")
    return write


def pressed(page: str) -> list[str]:
    """Give the presets that the form shows as chosen, and the one that it sends."""
    sent = re.findall(r'<input type="hidden" name="period" value="([^"]*)"', page)
    return [*re.findall(r'data-name="([\w-]+)"[^>]*aria-current="true"', page), *sent]


def started(app: Flask, staff: Person, **sent: Any) -> dict[str, str]:
    """Send the form; give what of the job's choices rolls on."""
    answer = staff.sends(FORM, formats="csv", start_anyway="1", **sent)
    assert answer.status_code == 303, words(answer.text)
    job_id = uuid.UUID((answer.location or "").removeprefix("/jobs/"))
    with app.app_context():
        return db.session.scalars(select(Job).where(Job.id == job_id)).one().relative


@pytest.mark.usefixtures("begins_with")
def test_the_preset_that_was_pressed_is_kept(app: Flask, staff: Person) -> None:
    page = staff.opens(FORM, period="last-week").text
    assert pressed(page) == ["last-week", "last-week"]

    assert started(app, staff, period="last-week", **WEEK) == {"period": "last-week"}
    assert started(app, staff, period="last-7-days", **WEEK) == {"period": "last-7-days"}


def test_without_a_name_the_default_is_meant_or_else_the_first(
    app: Flask, staff: Person, begins_with: Callable[[str], None]
) -> None:
    assert started(app, staff, **WEEK) == {"period": "last-7-days"}
    assert pressed(staff.opens(FORM, **WEEK).text) == ["last-7-days"] * 2

    begins_with("last-week")
    assert started(app, staff, **WEEK) == {"period": "last-week"}
    assert pressed(staff.opens(FORM).text) == ["last-week"] * 2
    assert started(app, staff, period="last-7-days", **WEEK) == {"period": "last-7-days"}


@pytest.mark.usefixtures("begins_with")
@pytest.mark.parametrize("name", ["last-month", "nonsense", "all", "last-week\0"])
def test_a_name_that_the_days_do_not_bear_out_is_not_believed(
    app: Flask, staff: Person, name: str
) -> None:
    assert started(app, staff, period=name, **WEEK) == {"period": "last-7-days"}
    other = {**WEEK, "period_until": "2026-11-20"}
    assert started(app, staff, period=name, **other) == {}
    assert started(app, staff, period=name, **dict.fromkeys(WEEK, "")) == {}


@pytest.mark.usefixtures("begins_with")
def test_what_was_pressed_stays_pressed_on_a_page_that_comes_back(staff: Person) -> None:
    page = staff.sends(FORM, period="last-week", **WEEK)  # Without a format.
    assert page.status_code == 422
    assert pressed(page.text) == ["last-week", "last-week"]

    checked = staff.sends(f"{FORM}/check", FORM, formats="csv", period="last-week", **WEEK).text
    link = re.search(r'<a href="([^"]+)">Link to these choices', checked)
    assert link is not None
    assert "period=last-week" in unescape(link[1])


@pytest.mark.usefixtures("begins_with")
def test_a_program_that_gives_both_is_asked_which_it_means(staff: Person) -> None:
    sent = {"params": {"period": "last-week", **WEEK}}
    answer = staff.calls("POST", "/jobs/own", json=sent)

    assert answer.status_code == 422
