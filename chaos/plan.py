"""The plan of a run: which faults come one after the other; the same for one seed and length."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

PAUSES_SECONDS = (1.0, 3.0)
# Most faults are over at once, some last for seconds: this is about what one takes with its pause.
USUAL_SECONDS = 3.5


@dataclass(frozen=True)
class Planned:
    """A fault that comes *pause* seconds after the one before is over.

    *pick*, from 0 to 1, chooses what is broken and for how long.
    """

    pause: float
    fault: str
    pick: float


def plan(seed: int, seconds: float, faults: Iterable[str]) -> list[Planned]:
    """Give the faults for so many *seconds*: every sort once before any comes again."""
    dice = random.Random(f"plan {seed}")
    names = list(faults)
    bag: list[str] = []
    planned = []
    for _ in range(max(1, round(seconds / USUAL_SECONDS))):
        bag = bag or dice.sample(names, len(names))
        pause = round(dice.uniform(*PAUSES_SECONDS), 2)
        planned.append(Planned(pause, bag.pop(), round(dice.random(), 3)))
    return planned
