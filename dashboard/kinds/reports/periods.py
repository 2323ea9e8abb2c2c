"""Periods: spans of whole days, both ends included, and the presets that name them."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from dashboard.words import marked

ALL: Final = "all"


class Period(NamedTuple):
    """From the first day to the last, both included."""

    first: date
    last: date


def _day(today: date) -> Period:
    return Period(today, today)


def _yesterday(today: date) -> Period:
    return _day(today - timedelta(days=1))


def _last_7_days(today: date) -> Period:
    """Give the seven whole days before *today*, which is still going on."""
    return Period(today - timedelta(days=7), today - timedelta(days=1))


def _week(today: date) -> Period:
    """Give the week of *today*; weeks begin on Monday (ISO 8601)."""
    monday = today - timedelta(days=today.weekday())
    return Period(monday, monday + timedelta(days=6))


def _month(today: date) -> Period:
    first = today.replace(day=1)
    return Period(first, _add_months(first, 1) - timedelta(days=1))


def _quarter(today: date) -> Period:
    first = date(today.year, today.month - (today.month - 1) % 3, 1)
    return Period(first, _add_months(first, 3) - timedelta(days=1))


def _year(today: date) -> Period:
    return Period(date(today.year, 1, 1), date(today.year, 12, 31))


def _before(span: Callable[[date], Period]) -> Callable[[date], Period]:
    """Give the span that ends on the day before the one of today begins."""
    return lambda today: span(span(today).first - timedelta(days=1))


class Preset(NamedTuple):
    """A named period: what staff read on its button, and its days as seen from a given day."""

    label: str
    of: Callable[[date], Period] | None


# "all" has no days of its own: a query of the report tells the first and the last.
PRESETS: Final[Mapping[str, Preset]] = {
    "today": Preset(marked("Today"), _day),
    "yesterday": Preset(marked("Yesterday"), _yesterday),
    "last-7-days": Preset(marked("Last 7 days"), _last_7_days),
    "this-week": Preset(marked("This week"), _week),
    "last-week": Preset(marked("Last week"), _before(_week)),
    "this-month": Preset(marked("This month"), _month),
    "last-month": Preset(marked("Last month"), _before(_month)),
    "this-quarter": Preset(marked("This quarter"), _quarter),
    "last-quarter": Preset(marked("Last quarter"), _before(_quarter)),
    "this-year": Preset(marked("This year"), _year),
    "last-year": Preset(marked("Last year"), _before(_year)),
    ALL: Preset(marked("Whole period"), None),
}


def in_words(period: Period) -> str:
    """Give *period* for people, as in “1 to 31 October 2026”."""
    first, last = period
    if first == last:
        return day_in_words(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day_in_words(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} to {day_in_words(last)}"
    return f"{day_in_words(first)} to {day_in_words(last)}"


def in_short(period: Period) -> str:
    """Give *period* for a title: “October 2026”, “2026” or “January to March 2026” when whole."""
    first, last = period
    if first.day != 1 or last.day != monthrange(last.year, last.month)[1]:
        return in_words(period)
    if period == _month(first):
        return f"{first:%B %Y}"
    if period == _year(first):
        return f"{first.year}"
    return (
        f"{first:%B %Y} to {last:%B %Y}"
        if first.year != last.year
        else (f"{first:%B} to {last:%B %Y}")
    )


def in_file_name(period: Period) -> str:
    """Give *period* so that names sort: 2026-10-31, 2026-10, 2026 or 2026-10-01-to-2026-12-31."""
    first, last = period
    if first == last:
        return first.isoformat()
    if period == _month(first):
        return f"{first:%Y-%m}"
    return f"{first.year}" if period == _year(first) else f"{first}-to-{last}"


def day_in_words(day: date) -> str:
    """Give *day* as in “31 October 2026”."""
    return f"{day.day} {day:%B %Y}"


def _add_months(first: date, months: int) -> date:
    """Give the first of the month that comes *months* after *first*, itself a first of a month."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
