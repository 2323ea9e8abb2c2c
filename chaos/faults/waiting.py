"""Choosing what to break, and waiting for what comes back."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

PATIENCE_SECONDS = 5.0
BACK_SECONDS = 60.0
LOOK_SECONDS = 0.02

T = TypeVar("T")


def one_of(candidates: Callable[[], Sequence[T]], pick: float) -> T | None:
    """Give one of the candidates, waiting a little while there is none; None when none came."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := candidates():
            return found[min(int(pick * len(found)), len(found) - 1)]
        time.sleep(LOOK_SECONDS)
    return None


def seconds_until(condition: Callable[[], bool], most: float = BACK_SECONDS) -> float:
    """Wait until *condition* holds; gives the seconds that it took. Raises TimeoutError."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > most:
            raise TimeoutError(f"What was broken was not back within {most:.0f} s.")
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - began
