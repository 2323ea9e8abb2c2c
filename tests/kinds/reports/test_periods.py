"""Periods: which days a preset means, and how a period reads."""

from datetime import date

import pytest

from dashboard.kinds.reports.periods import PRESETS, Period, in_file_name, in_short, in_words

SATURDAY = date(2026, 11, 21)


def days(name: str, today: date) -> tuple[str, str]:
    of = PRESETS[name].of
    assert of is not None
    first, last = of(today)
    return first.isoformat(), last.isoformat()


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-11-21", "2026-11-21"),
        ("yesterday", "2026-11-20", "2026-11-20"),
        ("last-7-days", "2026-11-14", "2026-11-20"),
        ("this-week", "2026-11-16", "2026-11-22"),
        ("last-week", "2026-11-09", "2026-11-15"),
        ("this-month", "2026-11-01", "2026-11-30"),
        ("last-month", "2026-10-01", "2026-10-31"),
        ("this-quarter", "2026-10-01", "2026-12-31"),
        ("last-quarter", "2026-07-01", "2026-09-30"),
        ("this-year", "2026-01-01", "2026-12-31"),
        ("last-year", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_preset_means_whole_days(name: str, first: str, last: str) -> None:
    assert days(name, SATURDAY) == (first, last)


@pytest.mark.parametrize(
    ("name", "today", "first", "last"),
    [
        ("last-month", date(2024, 3, 31), "2024-02-01", "2024-02-29"),
        ("last-month", date(2026, 1, 1), "2025-12-01", "2025-12-31"),
        ("last-quarter", date(2026, 2, 1), "2025-10-01", "2025-12-31"),
        ("last-week", date(2026, 1, 1), "2025-12-22", "2025-12-28"),
        ("this-week", date(2026, 11, 16), "2026-11-16", "2026-11-22"),
        ("yesterday", date(2026, 1, 1), "2025-12-31", "2025-12-31"),
        ("this-month", date(2026, 12, 31), "2026-12-01", "2026-12-31"),
    ],
)
def test_a_preset_is_right_at_the_edges(name: str, today: date, first: str, last: str) -> None:
    assert days(name, today) == (first, last)


@pytest.mark.parametrize(
    ("first", "last", "words", "short", "file"),
    [
        ("2026-10-31", "2026-10-31", "31 October 2026", "31 October 2026", "2026-10-31"),
        ("2026-10-01", "2026-10-31", "1 to 31 October 2026", "October 2026", "2026-10"),
        (
            "2026-07-01",
            "2026-09-30",
            "1 July to 30 September 2026",
            "July to September 2026",
            "2026-07-01-to-2026-09-30",
        ),
        ("2025-01-01", "2025-12-31", "1 January to 31 December 2025", "2025", "2025"),
        (
            "2025-11-01",
            "2026-10-31",
            "1 November 2025 to 31 October 2026",
            "November 2025 to October 2026",
            "2025-11-01-to-2026-10-31",
        ),
        (
            "2025-12-24",
            "2026-01-06",
            "24 December 2025 to 6 January 2026",
            "24 December 2025 to 6 January 2026",
            "2025-12-24-to-2026-01-06",
        ),
    ],
)
def test_a_period_reads_well(first: str, last: str, words: str, short: str, file: str) -> None:
    period = Period(date.fromisoformat(first), date.fromisoformat(last))

    assert (in_words(period), in_short(period), in_file_name(period)) == (words, short, file)


def test_the_last_day_there_is_can_be_named() -> None:
    assert in_short(Period(date(9999, 1, 1), date(9999, 12, 31))) == "9999"
