"""Days as somebody in a time zone means them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def later(day: date, days: int) -> date | None:
    """Give the day that is *days* later, which may be negative; None where Python knows none."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def start(day: date, zone: ZoneInfo) -> datetime:
    """Give the first moment of *day* in *zone*, in the zone's own time.

    Where clocks are put forward at midnight it is named by the time that is left out, and where
    midnight comes twice, it is the first.
    """
    return datetime.combine(day, time(), zone)


def start_in_utc(day: date, zone: ZoneInfo) -> datetime | None:
    """Give the first moment of *day* in *zone* as UTC; None where Python knows none."""
    try:
        return start(day, zone).astimezone(UTC)
    except OverflowError:
        return None
