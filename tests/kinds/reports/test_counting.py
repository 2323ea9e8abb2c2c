"""Counting beforehand what a report gives, and its title as it would be today."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from dashboard.jobs import Kind, Permanent, find
from dashboard.jobs.kind import Estimate
from dashboard.kinds.reports import counting, wording
from dashboard.sources import SourceError

Write = Callable[..., Path]
DAYS = {"period_from": "2026-10-01", "period_until": "2026-10-31"}
# It counts for ever, so that only the clock ends it.
ENDLESS = """
WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) AS x FROM n
"""


@pytest.fixture(autouse=True)
def _in_the_app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(wording, "today", lambda: date(2026, 12, 2))
    with app.test_request_context():
        yield


def kind(name: str = "own") -> Kind:
    """Give a report as a kind."""
    found = find(name)
    assert found is not None
    return found


def counted(name: str = "own", **params: object) -> int | Estimate | None:
    """Count what the report would give."""
    count = kind(name).count
    assert count is not None
    return count(params)


def test_the_source_counts_the_rows(write_report: Write) -> None:
    write_report("SELECT id FROM orders WHERE id <= 42")

    assert counted() == 42


def test_a_count_of_the_reports_own_is_used(write_report: Write) -> None:
    write_report("SELECT id FROM orders", head='count = "SELECT 7"')

    assert counted() == 7


def test_a_report_that_is_not_to_be_counted_is_not(write_report: Write) -> None:
    write_report("SELECT id FROM orders", head='count = "none"')

    assert kind().count is None


def test_a_count_that_takes_too_long_is_given_up(
    write_report: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "SECONDS", 0.05)
    write_report(ENDLESS)
    write_report("SELECT id FROM orders", "other", head=f'count = """{ENDLESS}"""')

    assert counted() is None
    assert counted("other") is None


def test_a_count_that_is_no_number_and_a_query_that_fails_say_so(write_report: Write) -> None:
    write_report("SELECT id FROM orders", head="count = \"SELECT 'many'\"")
    write_report("SELECT id FROM nowhere", "lost")

    with pytest.raises(Permanent, match="does not give one whole number"):
        counted()
    with pytest.raises(SourceError):
        counted("lost")


@pytest.mark.parametrize(
    ("name", "params", "relative", "title"),
    [
        ("sales-by-region", DAYS, {"period": "last-month"}, "Sales by region, November 2026"),
        ("sales-by-region", DAYS, {}, "Sales by region, October 2026"),
        ("sales-by-region", DAYS, {"period": "no-such"}, "Sales by region, October 2026"),
        ("sales-by-region", DAYS, {"period": "all"}, "Sales by region, whole period"),
        (
            "overdue-invoices",
            {"as_of": "2026-11-21"},
            {"as_of": "today"},
            "Overdue invoices, 2 December 2026",
        ),
    ],
)
def test_a_title_says_what_the_job_would_be_today(
    name: str, params: dict[str, str], relative: dict[str, str], title: str
) -> None:
    title_now = kind(name).title_now
    assert title_now is not None

    assert title_now(params, relative) == title
