"""The geometry of charts."""

import math

import pytest
from hypothesis import given, strategies as st

from dashboard.formats import Chart, Series
from dashboard.formats.axis import axis
from dashboard.formats.chart import describe, layout
from tests.formats.samples import patient


def chart(kind: str, *series: dict[str, float | None], unit: str = "euro") -> Chart:
    return Chart(
        kind,  # type: ignore[arg-type]  # Tests name real kinds.
        "Revenue",
        unit,
        "Region",
        tuple(Series(f"Series {n}", tuple(points.items())) for n, points in enumerate(series)),
    )


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0, 412, ["0", "200", "400"]),
        (0, 1, ["0", "0.25", "0.50", "0.75", "1.00"]),
        (-5, 7, ["-5", "0", "5", "10"]),
        (0, 1.2e6, ["0", "0.5M", "1.0M", "1.5M"]),
        (0, 12_345, ["0", "5,000", "10,000", "15,000"]),
        (-110, -3, ["-100", "-50", "0"]),
        (0, 2e-300, ["0", "5e-301", "1e-300", "1.5e-300", "2e-300"]),
        (0, 1e18, ["0", "2.5e+17", "5e+17", "7.5e+17", "1e+18"]),
        (0, 0, ["0", "0.25", "0.50", "0.75", "1.00"]),
    ],
)
def test_axes_count_in_round_steps(low: float, high: float, labels: list[str]) -> None:
    assert axis(low, high, 4).labels() == labels


@patient
@given(st.floats(-1e18, 1e18), st.floats(-1e18, 1e18), st.integers(0, 12))
def test_an_axis_covers_all_values_and_zero(one: float, other: float, steps: int) -> None:
    low, high = sorted((one, other))

    result = axis(low, high, steps)

    assert result.low <= min(low, 0)
    assert result.high >= max(high, 0)
    assert 2 <= len(result.ticks) <= 2 * max(1, steps) + 3
    assert len(result.labels()) == len(result.ticks)


def test_bars_stand_on_the_line_at_zero() -> None:
    picture = layout(chart("bar", {"North": 400.0, "South": -100.0, "East": None}), 640, 190)

    zero = next(line for line in picture.lines if line.role == "zero")
    north, south = picture.rects
    assert north.y + north.height == pytest.approx(zero.y1, abs=0.11)
    assert south.y == pytest.approx(zero.y1, abs=0.11)
    assert north.height == pytest.approx(4 * south.height, abs=0.5)
    assert north.title == "North: 400"
    assert [label.text for label in picture.labels if label.role == "category"] == [
        "North",
        "South",
        "East",
    ]


def test_bars_of_a_group_stand_side_by_side() -> None:
    picture = layout(chart("bar", {"North": 1.0}, {"North": 2.0}), 640, 190)

    first, second = (rect for rect in picture.rects if rect.title)
    assert first.x + first.width <= second.x
    assert (first.series, second.series) == (0, 1)
    assert second.title == "North, Series 1: 2"


def test_a_line_breaks_where_a_value_is_missing() -> None:
    values = {"a": 1.0, "b": 2.0, "c": None, "d": 3.0, "e": math.nan, "f": 4.0, "g": 5.0}

    picture = layout(chart("line", values), 640, 190)

    assert [len(polyline.points) for polyline in picture.polylines] == [2, 2]
    assert len(picture.dots) == 5


def test_only_several_series_have_a_legend() -> None:
    one = layout(chart("bar", {"a": 1.0}), 640, 190)
    two = layout(chart("bar", {"a": 1.0}, {"a": 2.0}), 640, 190)

    assert not [label for label in one.labels if label.role == "key"]
    assert [label.text for label in two.labels if label.role == "key"] == ["Series 0", "Series 1"]


def test_dense_names_are_thinned() -> None:
    points: dict[str, float | None] = {f"2026-W{n:02d}": 1.0 for n in range(52)}

    names = [
        label
        for label in layout(chart("line", points), 640, 190).labels
        if label.role == "category"
    ]

    assert 5 < len(names) < 15
    gaps = [after.x - before.x for before, after in zip(names, names[1:], strict=False)]
    assert min(gaps) > 50


@pytest.mark.parametrize("points", [{}, {"a": None}, {"a": math.inf}])
def test_a_chart_of_nothing_says_so(points: dict[str, float | None]) -> None:
    picture = layout(chart("bar", points), 640, 190)

    assert [label.text for label in picture.labels] == ["No values to show"]
    assert not picture.rects


@patient
@given(
    st.sampled_from(["bar", "line"]),
    st.lists(
        st.dictionaries(st.text(max_size=30), st.none() | st.floats(-1e12, 1e12), max_size=40),
        max_size=14,
    ),
)
def test_everything_stays_in_the_picture(kind: str, series: list[dict[str, float | None]]) -> None:
    picture = layout(chart(kind, *series), 640, 300)

    for rect in picture.rects:
        assert rect.x >= 0
        assert rect.x + rect.width <= 640.2
        assert -0.1 <= rect.y <= 300
    for polyline in picture.polylines:
        for x, y in polyline.points:
            assert 0 <= x <= 640
            assert 0 <= y <= 300
    numbers = [n for rect in picture.rects for n in (rect.x, rect.y, rect.width, rect.height)]
    assert all(number == round(number, 1) for number in numbers)


def test_words_tell_what_the_picture_shows() -> None:
    points: dict[str, float | None] = {"North": 412.0, "South": None, "East": 1234.5}

    assert describe(chart("bar", points)) == (
        "Revenue in euro, by Region. Series 0: North 412, South unknown, East 1,234.50."
    )
    many: dict[str, float | None] = {str(n): 1.0 for n in range(400)}
    assert describe(chart("line", many)).endswith("23 1 and 376 more.")
