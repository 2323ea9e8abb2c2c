"""Named days of the list of jobs: spans that end today, which still goes on."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dashboard.words import marked, reader

PRESETS: Final[Mapping[str, str]] = {
    "today": marked("Today"),
    "last-7-days": marked("7 days"),
    "last-30-days": marked("30 days"),
    "last-90-days": marked("90 days"),
}
LENGTHS: Final[Mapping[str, int]] = {  # days
    "today": 1,
    "last-7-days": 7,
    "last-30-days": 30,
    "last-90-days": 90,
}


def today() -> date:
    """Give the day it is where the reader is."""
    return datetime.now(ZoneInfo(reader().zone)).date()


def days_of(name: str, day: date) -> tuple[date, date]:
    """Give the first and the last day of the span *name* as seen from *day*."""
    return day - timedelta(days=LENGTHS[name] - 1), day
