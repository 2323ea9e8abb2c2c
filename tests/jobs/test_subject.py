"""How subjects name a job."""

import pytest

from dashboard.jobs.subject import LIMIT, named


@pytest.mark.parametrize(
    ("title", "given"),
    [
        ("Totals", "Totals"),
        ("One line\r\nand another", "One line and another"),
        ("T" * LIMIT, "T" * LIMIT),
        ("T" * 500, "T" * (LIMIT - 1) + "…"),
        ("T" * (LIMIT - 2) + " and more", "T" * (LIMIT - 2) + "…"),
    ],
)
def test_a_title_is_one_line_and_says_where_it_was_cut(title: str, given: str) -> None:
    assert named(title) == given
