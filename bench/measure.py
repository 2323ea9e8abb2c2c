"""A measure, what it is told, and the lines of the table that it gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

MOST_RATIO = 9.99  # Beyond it nobody cares how much better a figure is.


@dataclass(frozen=True)
class Setting:
    """What a measure is told: a folder of its own, whether to be quick, the seed of its data."""

    folder: Path
    quick: bool
    seed: int

    def times(self, usual: int, quick: int) -> int:
        """Give how often to repeat."""
        return quick if self.quick else usual


@dataclass(frozen=True)
class Line:
    """One figure of the table; *ratio* is 1.00 or more where the goal is reached.

    Without a *ratio* the figure has no goal, or nothing was measured.
    """

    what: str
    figure: str
    goal: str = ""
    ratio: float | None = None

    @property
    def verdict(self) -> str:
        """Say ok or missed, or nothing where there is no goal."""
        if self.ratio is None:
            return ""
        return "ok" if self.ratio >= 1 else "missed"


@dataclass(frozen=True)
class Measure:
    """A name to ask for, and what takes the measure."""

    name: str
    take: Callable[[Setting], Iterator[Line]]


def at_most(what: str, value: float, limit: float, unit: str, told: str = "") -> Line:
    """Give the line of a *value* that should be no more than *limit*; *told* stands behind it."""
    figure = f"{_number(value)} {unit} {told}".strip()
    # A cost may come out as nothing, or a little below it.
    ratio = min(limit / value, MOST_RATIO) if value > 0 else MOST_RATIO
    return Line(what, figure, f"≤ {_number(limit)} {unit}", ratio)


def at_least(what: str, value: float, goal: float, told: str = "") -> Line:
    """Give the line of a *value*, how many times as fast as another, that should reach *goal*."""
    return Line(what, f"{value:.2f} {told}".strip(), f"≥ {_number(goal)}", value / goal)


def skipped(what: str, why: str) -> Line:
    """Give the line of what could not be measured here."""
    return Line(what, f"SKIPPED: {why}")


def _number(value: float) -> str:
    """Give about three digits: 0.38, 2.1, 47, 1,204."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
