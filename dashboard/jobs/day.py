"""Days of a person's time zone, as moments."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Give when *day* begins in *zone*, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
