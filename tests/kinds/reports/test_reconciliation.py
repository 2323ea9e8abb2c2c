"""What was counted, what was read and what the files hold stand beside one another."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.formats import FORMATS
from tests.kinds.reports.desk import Desk
from tests.people import words

LINES = "SELECT id, amount FROM order_lines ORDER BY id LIMIT 1500"


@pytest.mark.parametrize("count", ["query", "SELECT 1500"])
def test_a_count_beforehand_the_read_and_every_file_agree(
    desk: Desk, write_report: Callable[..., Path], count: str
) -> None:
    write_report(LINES, head=f'count = "{count}"')

    done = desk.asks("own", formats=("csv", "xlsx", "pdf"))

    titles = [FORMATS[name].title for name in ("csv", "xlsx", "pdf")]
    lines = [[label, 1500] for label in ("Counted beforehand", "Read", *titles)]
    assert done.fact.result["reconciliation"] == lines
    page = words(desk.person.opens(f"/jobs/{done.fact.id}").text)
    said = " ".join(f"{label} 1,500" for label, _ in lines)
    assert f"All rows agree {said}" in page


def test_a_count_that_differs_is_no_finished_job(
    desk: Desk, write_report: Callable[..., Path]
) -> None:
    write_report(LINES, head='count = "SELECT 1400"')

    assert desk.asks("own").failure == "The query counted 1,400 rows, but it delivered 1,500."


@pytest.mark.parametrize(
    ("query", "count"), [(f"{LINES} OFFSET 0", "none"), ("SELECT 1 AS one", "query")]
)
def test_where_nobody_counted_no_count_is_named(
    desk: Desk, write_report: Callable[..., Path], query: str, count: str
) -> None:
    write_report(query, head=f'count = "{count}"')

    done = desk.asks("own")

    rows = len(done.rows()) - 1
    assert done.fact.result["reconciliation"] == [["Read", rows], ["CSV", rows]]
