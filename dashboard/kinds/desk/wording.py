"""A list of jobs in words: its title and the choices that were made."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard.extensions import db
from dashboard.jobs.document import formats_choice
from dashboard.jobs.kind import find
from dashboard.jobs.search import STATE_WORDS
from dashboard.kinds.desk.days import PRESETS, days_of, today
from dashboard.models import User

TITLE = "List of jobs"


def title_of(params: Mapping[str, Any]) -> str:
    """Give the title of a job, as in “List of jobs, Failed, 1 to 7 November 2026”."""
    return ", ".join([TITLE, *(value for _, value in _narrowed(params))])


def title_now(params: Mapping[str, Any], relative: Mapping[str, str]) -> str:
    """Give the title of a job with these choices that began now, its named days rolled on."""
    named = relative.get("days", "")
    if named not in PRESETS:
        return title_of(params)
    first, last = days_of(named, today())
    return title_of({**params, "first": first.isoformat(), "last": last.isoformat()})


def describe(params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give label and value of each choice, the formats last."""
    return (*_narrowed(params), formats_choice(params))


def _narrowed(params: Mapping[str, Any]) -> list[tuple[str, str]]:
    told = [
        ("Find", f"“{params['q']}”" if params.get("q") else ""),
        ("Kind", _kind(params.get("kind"))),
        ("State", STATE_WORDS.get(params.get("state") or "", "")),
        ("Started by", _person(params.get("person"))),
        ("Started", _days(params.get("first"), params.get("last"))),
    ]
    return [(label, value) for label, value in told if value]


def _kind(name: str | None) -> str:
    kind = find(name) if name else None
    return kind.title if kind else name or ""


def _person(number: str | None) -> str:
    user = db.session.get(User, int(number)) if number else None
    return user.name if user else ""


def _days(first: str | None, last: str | None) -> str:
    begin, end = (_day(text) for text in (first, last))
    if begin and end:
        return begin if begin == end else f"{begin} to {end}"
    return f"since {begin}" if begin else f"until {end}" if end else ""


def _day(text: str | None) -> str:
    day = date.fromisoformat(text) if text else None
    return f"{day.day} {day:%B %Y}" if day else ""
