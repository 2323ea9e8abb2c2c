"""The middle and the tail of a series of figures."""

import math
import statistics
from collections.abc import Sequence


def middle(figures: Sequence[float]) -> float:
    """Give the median."""
    return statistics.median(figures)


def tail(figures: Sequence[float], percent: float) -> float:
    """Give the figure that *percent* of all do not exceed, by nearest rank."""
    ordered = sorted(figures)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
