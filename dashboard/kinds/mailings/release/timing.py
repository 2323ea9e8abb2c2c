"""The moment that somebody means by a day and an hour on the clock where they live."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LONGEST: Final = timedelta(days=366)
"""So far ahead a mailing may be sent."""


class NoSuchTime(ValueError):
    """The clocks go forward over this hour on that day."""


def moment_of(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """Give the moment, in UTC; of an hour that comes twice it is the first one.

    Raises NoSuchTime.
    """
    meant = datetime.combine(day, hour)
    moment = meant.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != meant:
        raise NoSuchTime(str(meant))
    return moment
