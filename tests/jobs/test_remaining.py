"""The time left: not said too early, near the truth, and without jumps."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from dashboard.jobs.remaining import MIN_SECONDS, Remaining, Run

LOOK = 0.25  # seconds between two facts
TOTAL = 100_000

Said = list[tuple[float, int | None]]


def told(done_at: Callable[[float], float], seconds: float, *, past: Run | None = None) -> Said:
    """Give what is said at each moment of a job that has done so many units by then."""
    remaining = Remaining([past] if past else [])
    said: Said = []
    for step in range(1, round(seconds / LOOK) + 1):
        at = step * LOOK
        remaining.sample(at, min(TOTAL, int(done_at(at))), TOTAL)
        said.append((at, remaining.left(at, TOTAL)))
    return said


def at_speed(speed: float) -> Callable[[float], float]:
    """Give a job that does so many units a second."""
    return lambda at: at * speed


def steepest_rise(said: Said) -> int:
    """Give by how many seconds the figure grew at most from one fact to the next."""
    figures = [left for _, left in said if left is not None]
    return max(after - before for before, after in pairwise(figures))


def test_nothing_is_said_in_the_first_five_seconds() -> None:
    said = told(at_speed(1000), 10)
    assert all(left is None for at, left in said if at < MIN_SECONDS)
    assert all(left is not None for at, left in said if at >= MIN_SECONDS)


def test_nothing_is_said_before_three_samples() -> None:
    remaining = Remaining()
    remaining.sample(10, 1000, TOTAL)
    remaining.sample(11, 1100, TOTAL)
    assert remaining.left(11, TOTAL) is None
    remaining.sample(12, 1200, TOTAL)
    assert remaining.left(12, TOTAL) is not None


def test_nothing_is_said_without_a_total_or_before_anything_is_done() -> None:
    remaining = Remaining()
    for second in range(1, 10):
        remaining.sample(second, 0, TOTAL)
        assert remaining.left(second, TOTAL) is None
        assert remaining.left(second, None) is None


def test_an_even_job_is_judged_rightly_all_the_time() -> None:
    for at, left in told(at_speed(1000), 99):
        if left is not None:
            assert abs(left - (100 - at)) <= 1


def test_the_last_jobs_of_the_kind_speak_first_and_the_present_one_last() -> None:
    # It used to take 400 s; today it takes 100 s.
    said = dict(told(at_speed(1000), 99, past=Run(TOTAL, counting=400, finishing=0)))
    early, late = said[5.0], said[95.0]
    assert early is not None
    assert early > 300
    assert late is not None
    assert abs(late - 5) <= 5


def test_small_jobs_say_nothing_about_a_large_one() -> None:
    # It took a second to begin: that is no pace at which rows are read.
    said = dict(told(at_speed(1000), 10, past=Run(2, counting=1, finishing=1)))
    assert said == dict(told(at_speed(1000), 10))


def test_the_finishing_is_part_of_what_is_left_and_runs_down() -> None:
    past = Run(TOTAL, counting=20, finishing=10)
    said = told(at_speed(TOTAL / 20), 29.5, past=past)
    for at, left in said:
        if left is not None:
            assert abs(left - (30 - at)) <= 1
    assert steepest_rise(said) <= 0


def test_nothing_is_said_when_the_finishing_takes_longer_than_usual() -> None:
    past = Run(TOTAL, counting=20, finishing=2)
    assert told(at_speed(TOTAL / 20), 23, past=past)[-1][1] is None
    assert told(at_speed(TOTAL / 20), 21)[-1][1] is None  # Without a past nobody knows.


def test_a_job_that_stands_still_is_said_to_need_longer_little_by_little() -> None:
    said = told(lambda at: min(at, 40) * 1000, 70)
    by_time = dict(said)
    before, after = by_time[40.0], by_time[70.0]
    assert before is not None
    assert after is not None
    assert after > before
    assert steepest_rise(said) <= 4


def test_a_job_that_becomes_half_as_fast_is_judged_rightly_soon() -> None:
    said = dict(told(lambda at: at * 1000 if at < 30 else 30_000 + (at - 30) * 500, 60))
    left = said[60.0]
    assert left is not None
    truth = (TOTAL - 45_000) / 500
    assert abs(left - truth) / truth < 0.25


def test_units_that_come_in_bursts_make_no_jumps() -> None:
    bursts = told(lambda at: at // 2 * 2 * 1000, 99)
    assert steepest_rise([each for each in bursts if each[0] > 10]) <= 1


@given(st.lists(st.integers(0, 3000), min_size=30, max_size=200))
def test_whatever_a_job_does_the_figure_is_drawn_and_never_jumps(units: list[int]) -> None:
    remaining = Remaining([Run(TOTAL, counting=100, finishing=10)])
    done, before = 0, None
    for step, more in enumerate(units, 1):
        at = step * LOOK
        done = min(TOTAL, done + more)
        remaining.sample(at, done, TOTAL)
        judged = remaining._judge(at, TOTAL)
        left = remaining.left(at, TOTAL)
        if left is not None and before is not None:
            assert judged is not None
            # At most a twentieth of the way to the new judgement, and what the clock took.
            bound = abs(judged - before) * 0.06 + LOOK + 1
            assert abs(left - before) <= bound
        before = left


@pytest.mark.parametrize("total", [None, 0])
def test_a_job_of_nothing_has_nothing_to_say(total: int | None) -> None:
    remaining = Remaining()
    for second in range(1, 10):
        remaining.sample(second, 0, total)
    assert remaining.left(9, total) is None
