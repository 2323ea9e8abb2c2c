"""What the bar of a run says: at the begin of the read, at the end of each file, at a failure."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboard.jobs.errors import Permanent
from dashboard.jobs.outputs import Outputs
from dashboard.jobs.telling import Telling
from tests.kinds.reports.desk import Desk

Write = Callable[..., Path]
NUMBERS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) "
    "SELECT i FROM n"
)


def test_a_known_total_is_told_before_the_first_row_is_read(
    desk: Desk, write_report: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[int, int | None]] = []
    say = Telling.say

    def noted(self: Telling, done: int, total: int | None, phase: str, unit: str) -> bool:
        said.append((done, total))
        return say(self, done, total, phase, unit)

    monkeypatch.setattr(Telling, "say", noted)
    write_report(NUMBERS.format(rows=1_200))

    desk.asks("own")

    assert said[0] == (0, 1_200)
    assert said[-1] == (1_200, 1_200)


def test_what_fails_before_the_read_does_not_say_that_the_count_has_failed(
    desk: Desk, write_report: Write
) -> None:
    write_report(NUMBERS.format(rows=200_000))

    done = desk.asks("own", formats=("pdf",))

    assert done.failure.startswith("A PDF of 200,000 rows would have about 4,400 pages")
    steps = {step.name: step.state for step in done.fact.steps}
    assert (steps["Count the rows"], steps["Read the rows"]) == ("done", "failed")
    assert (done.fact.progress.done, done.fact.progress.total) == (0, 200_000)


def test_a_failure_after_all_files_are_written_says_that_all_rows_were(
    desk: Desk, write_report: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Outputs, written: Any) -> None:
        raise Permanent("The disk is full.")

    monkeypatch.setattr(Outputs, "keep", full)
    write_report(NUMBERS.format(rows=500))

    fact = desk.asks("own", formats=("csv", "xlsx", "pdf")).fact

    assert (fact.state, fact.progress.phase) == ("failed", "Store the files")
    assert (fact.progress.done, fact.progress.total) == (500, 500)
