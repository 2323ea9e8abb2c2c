"""A value axis: round steps that cover all values, and how their numbers are written."""

import math
from dataclasses import dataclass

# Steps that people count in.
ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)

# From this on, numbers are written with a letter: 1.5M.
LARGE = ((1e12, "tn"), (1e9, "bn"), (1e6, "M"))


# A smaller span has no digits left to be parted by.
TINY = 1e-300

# Values may pass the last grid line by this part of a step; that saves a line over nothing.
BEYOND = 0.35


@dataclass(frozen=True)
class Axis:
    """An axis from *low* to *high* with a grid line at each of *ticks*."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def labels(self) -> list[str]:
        """Gives the texts of the ticks, all with the same number of decimals."""
        size = max(map(abs, self.ticks))
        distance = self.ticks[1] - self.ticks[0]
        if size >= 1e15 or distance < 1e-6:
            return [f"{tick:g}" for tick in self.ticks]
        divisor, letter = next((pair for pair in LARGE if size >= pair[0]), (1.0, ""))
        step = distance / divisor
        places = max(0, -math.floor(math.log10(step) + 1e-9))
        if not math.isclose(step, round(step, places), rel_tol=1e-6):
            places += 1  # Steps of 2.5 or 0.25 need one more.
        return [f"{tick / divisor:,.{places}f}{letter}" if tick else "0" for tick in self.ticks]


def axis(low: float, high: float, steps: int) -> Axis:
    """Gives an axis of about *steps* steps over *low* to *high*, which always shows zero."""
    low, high = min(low, 0.0), max(high, 0.0)
    if high - low < TINY:
        high = 1.0
    rough = (high - low) / max(1, steps)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in ROUND if factor * power >= rough * (1 - 1e-9))
    first = math.floor(low / step + BEYOND)
    last = max(math.ceil(high / step - BEYOND), first + 1)
    # Multiples have less noise than sums.
    ticks = tuple(float(f"{number * step:.12g}") for number in range(first, last + 1))
    return Axis(min(low, ticks[0]), max(high, ticks[-1]), ticks)
