"""How long a job still needs: a judgement that is never made too early and never jumps about.

The rule:

1. Nothing is said while the total is unknown, in the first 5 seconds of counting, or before 3
   samples.
2. What is left has two parts: the units that are not done yet, and the finishing after the last of
   them (files are closed and stored).
3. A unit takes as long as units take at present, an average that forgets within half of the
   time already spent, and as long as they took in the kind's last jobs with the same formats. The
   present counts as much as is done: at the begin the past speaks, at the end the present. Jobs of
   less than a tenth of the units say nothing, for they took what it takes to begin; without a past
   there is only the present.
4. The finishing takes as long for each unit as it did in the past. When it takes longer, or where
   there is no past, nothing is said while it lasts.
5. What was said runs down with the clock. A new judgement draws it closer, by 1 - e^(-t/5 s) of
   the difference: after 5 seconds by about two thirds. So it never jumps, and a job that stands
   still is seen to need longer.
"""

import math
from collections.abc import Sequence
from statistics import median
from typing import Final, NamedTuple

MIN_SECONDS: Final = 5.0
MIN_SAMPLES: Final = 3
FORGET_SHARE: Final = 1 / 2
FORGET_LEAST: Final = 5.0  # seconds
DRAW_SECONDS: Final = 5.0
FAR: Final = 10


class Run(NamedTuple):
    """A job that has ended: its units, and the seconds of counting them and of finishing."""

    units: int
    counting: float
    finishing: float


class Pace(NamedTuple):
    """Seconds for each unit: while it is counted, and for the finishing afterwards."""

    counting: float
    finishing: float


class Remaining:
    """Judges one count from its begin to its end; moments are seconds since that begin.

    *past* are the last jobs of its kind in the same formats.
    """

    def __init__(self, past: Sequence[Run] = ()) -> None:
        self._past = past
        self._paces: dict[int, Pace | None] = {}
        self._samples = 0
        self._at = 0.0
        self._done = 0
        # Seconds and units of late, each worth less the longer ago it was.
        self._seconds = self._units = 0.0
        self._counted_at: float | None = None
        self._said: float | None = None
        self._said_at = 0.0

    def sample(self, at: float, done: int, total: int | None) -> None:
        """Take in how many units of *total* are done at the moment *at*."""
        passed = max(0.0, at - self._at)
        kept = math.exp(-passed / max(FORGET_LEAST, at * FORGET_SHARE))
        self._seconds = self._seconds * kept + passed
        self._units = self._units * kept + max(0, done - self._done)
        self._at, self._done = at, done
        self._samples += 1
        if total is not None and done >= total and self._counted_at is None:
            self._counted_at = at

    def left(self, at: float, total: int | None) -> int | None:
        """Give the whole seconds left at the moment *at*, or None while that cannot be said."""
        judged = self._judge(at, total)
        if judged is None or at < MIN_SECONDS or self._samples < MIN_SAMPLES:
            self._said = None
            return None
        if self._said is None:
            said = judged
        else:
            passed = max(0.0, at - self._said_at)
            said = max(0.0, self._said - passed)
            said += (judged - said) * (1 - math.exp(-passed / DRAW_SECONDS))
        self._said, self._said_at = said, at
        return round(said)

    def _judge(self, at: float, total: int | None) -> float | None:
        if not total:
            return None
        if self._counted_at is not None:
            left = self._finishing(total) - (at - self._counted_at)
            return left if left > 0 else None
        if not self._units:
            return None
        share = self._done / total
        # The time since the last sample counts: whoever stands still needs longer.
        unit = (self._seconds + max(0.0, at - self._at)) / self._units
        if (pace := self._pace(total)) is not None:
            unit = share * unit + (1 - share) * pace.counting
        return (total - self._done) * unit + self._finishing(total)

    def _finishing(self, total: int) -> float:
        pace = self._pace(total)
        return pace.finishing * total if pace is not None else 0.0

    def _pace(self, total: int) -> Pace | None:
        """Give the usual pace of jobs that had at least a tenth of *total* units."""
        if total not in self._paces:
            alike = [run for run in self._past if run.units * FAR >= total]
            self._paces = {
                total: Pace(
                    median(run.counting / run.units for run in alike),
                    median(run.finishing / run.units for run in alike),
                )
                if alike
                else None
            }
        return self._paces[total]
