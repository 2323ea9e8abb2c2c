"""How numbers, sizes, spans and moments read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, g

from dashboard.web import filters
from dashboard.words import Manner

NOW = datetime(2026, 11, 27, 9, 41, 7, tzinfo=UTC)


class Clock(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: object = None) -> "Clock":
        return cls(2026, 11, 27, 9, 41, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def british(app: Flask) -> Iterator[None]:
    """Read as on the desk's islands, in the zone of Berlin."""
    with app.test_request_context():
        g.manner = Manner("en-GB", "Europe/Berlin")
        yield


@pytest.fixture
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be NOW."""
    monkeypatch.setattr(filters, "datetime", Clock)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (0, "0"),
        (999, "999"),
        (1000, "1,000"),
        (1234567, "1,234,567"),
        (-1234, "-1,234"),
        (12.34, "12.3"),
        (99.96, "100.0"),
        (100.4, "100"),
        (123456.7, "123,457"),
    ],
)
def test_a_number(value: float | None, text: str) -> None:
    assert filters.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 KB"),
        (14_200, "14 KB"),
        (14_240_000, "14.2 MB"),
        (3_500_000_000, "3.5 GB"),
        (999_499, "999 KB"),
        (999_500, "1.0 MB"),
        (999_940_000, "999.9 MB"),
        (999_960_000, "1.0 GB"),
        (999_999_999_999, "1.0 TB"),
        (10**16, "10,000.0 TB"),
    ],
)
def test_a_size(value: int | None, text: str) -> None:
    assert filters.size(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0, "under 0.1 s"),
        (0.04, "under 0.1 s"),
        (0.44, "0.4 s"),
        (8, "8 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (69, "1 min 9 s"),
        (240, "4 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_a_duration(seconds: float | None, text: str) -> None:
    assert filters.duration(seconds) == text


def test_numbers_sizes_and_durations_are_written_in_the_manner_of_the_reader() -> None:
    g.manner = Manner("en-DE", "UTC")

    assert filters.number(1234567) == "1.234.567"
    assert filters.size(14_240_000) == "14,2 MB"
    assert filters.duration(0.44) == "0,4 s"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "about 1 s"),
        (26.4, "about 26 s"),
        (59.7, "about 60 s"),
        (94, "about 1 min 30 s"),
        (601, "about 10 min"),
        (7199, "about 120 min"),
        (7200, "about 2 h"),
        (100_000, "about 28 h"),
        (172_800, "about 2 days"),
        (10**8, "about 1,157 days"),
    ],
)
def test_a_time_left_is_never_finer_than_it_is_known(seconds: float, text: str) -> None:
    assert filters.left(seconds) == text


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=0), "just now"),
        (timedelta(seconds=29), "just now"),
        (timedelta(seconds=-2), "just now"),
        (timedelta(seconds=30), "30 seconds ago"),
        (timedelta(seconds=-3), "in 3 seconds"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        # In Berlin it is 10:41: twelve hours ago was yesterday, ten hours ago was today.
        (timedelta(hours=12), "yesterday"),
        (timedelta(hours=34), "yesterday"),
        (timedelta(hours=35), "1 day ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(hours=-14), "tomorrow"),
        (timedelta(hours=-13), "in 13 hours"),
        (timedelta(days=21), "3 weeks ago"),
        (timedelta(days=90), "29 August 2026"),
        (timedelta(days=-90), "25 February 2027"),
    ],
)
@pytest.mark.usefixtures("standing_clock")
def test_a_moment_relative_to_now(ago: timedelta, text: str) -> None:
    assert filters.ago(NOW - ago) == text
    assert filters.ago((NOW - ago).isoformat()) == text


def test_moments_are_told_in_the_readers_zone_and_marked_up_in_utc() -> None:
    assert filters.clock(NOW) == "27 November 2026 at 10:41"
    assert filters.time_of_day(NOW) == "10:41:07"
    assert filters.stamp(NOW) == "27 Nov 10:41:07"
    assert filters.day(NOW) == "Friday 27 November"
    assert filters.date(NOW) == "27 November 2026"
    assert filters.iso(NOW) == "2026-11-27T09:41:07Z"


@pytest.mark.parametrize(
    "name", ["clock", "time_of_day", "stamp", "day", "date", "iso", "ago", "number", "size"]
)
def test_what_is_not_known_is_not_told(name: str) -> None:
    assert getattr(filters, name)(None) == ""
