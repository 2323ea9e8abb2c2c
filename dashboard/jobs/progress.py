"""How far a job is, as pages show it."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.models import State
from dashboard.words import marked


@dataclass(frozen=True)
class Progress:
    """How far a job is; *percent* 0 to 100, or None while the total is unknown.

    *left* is in whole seconds, as judged at *at*; None while it cannot be said (remaining.py).
    """

    done: int | None = None
    total: int | None = None
    phase: str | None = None
    unit: str = marked("rows")
    percent: int | None = None
    since: datetime | None = None
    at: datetime | None = None
    left: int | None = None

    @property
    def speed(self) -> float | None:
        """Units a second since the counting began, or None while that is too early to say."""
        if not self.done or self.since is None or self.at is None:
            return None
        seconds = (self.at - self.since).total_seconds()
        return self.done / seconds if seconds >= 1 else None


def percent(state: str, done: int | None, total: int | None) -> int | None:
    """Give 0 to 99 while a job is under way, 100 when it has succeeded, None when unknown."""
    if state == State.SUCCEEDED:
        return 100
    if done is None or not total:
        return None
    return min(99, done * 100 // total)
