"""Named days of the list of jobs: spans that end today, which still goes on."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dashboard.words import marked, reader

SPANS: Final[Mapping[str, tuple[int, str]]] = {  # how many days, and the words for them
    "today": (1, marked("Today")),
    "last-7-days": (7, marked("7 days")),
    "last-30-days": (30, marked("30 days")),
    "last-90-days": (90, marked("90 days")),
}
PRESETS: Final[Mapping[str, str]] = {name: words for name, (_, words) in SPANS.items()}


def today() -> date:
    """Give the day it is where the reader is."""
    return datetime.now(ZoneInfo(reader().zone)).date()


def days_of(name: str, day: date) -> tuple[date, date]:
    """Give the first and the last day of the span *name* as seen from *day*."""
    return day - timedelta(days=SPANS[name][0] - 1), day
