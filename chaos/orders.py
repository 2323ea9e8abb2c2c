"""What people ask for: jobs of every size, each with a day of its own, the same for one seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import count
from typing import Any

FIRST_DAY = date(1900, 1, 1)
POISON_DAY = date(1899, 12, 31)
POISON_ROWS = 60_000
QUICK_ROWS = (1, 2_000)
SLOW_ROWS = (15_000, 60_000)  # half a second to three of one core's work
DAYS_PER_PERSON = 100_000


class Cancel(Enum):
    """When the person cancels the job on purpose."""

    NEVER = "never"
    AT_ONCE = "at once"
    RUNNING = "running"


@dataclass(frozen=True)
class Order:
    """A job that somebody wants; *key* is sent with every press for it."""

    key: str
    kind: str
    rows: int
    day: date
    formats: tuple[str, ...]
    notify: bool
    by_form: bool
    doubled: bool
    cancel: Cancel

    @property
    def params(self) -> dict[str, Any]:
        """The choices as the desk wants them."""
        if self.kind == "thinking":
            return {}
        return {"rows": self.rows, "day": self.day.isoformat()}


def orders(seed: int, person: int) -> Iterator[Order]:
    """Give what the person number *person* wants, one after the other, without end."""
    dice = random.Random(f"orders {seed} {person}")
    first = FIRST_DAY + timedelta(days=person * DAYS_PER_PERSON)
    for number in count():
        slow = dice.random() < 0.3
        cancel = dice.choices(list(Cancel), (0.82, 0.09, 0.09))[0]
        thinks = cancel is Cancel.RUNNING and dice.random() < 0.5
        yield Order(
            key=f"{seed}-{person}-{number}",
            kind="thinking" if thinks else "counting",
            rows=dice.randint(*(SLOW_ROWS if slow or cancel is Cancel.RUNNING else QUICK_ROWS)),
            day=first + timedelta(days=number),
            formats=("csv", "xlsx") if dice.random() < 0.2 and not thinks else ("csv",),
            notify=dice.random() < 0.4,
            by_form=dice.random() < 0.5,
            doubled=dice.random() < 0.2,
            cancel=cancel,
        )


def poison(seed: int) -> Order:
    """Give the order of the job whose worker is killed at every attempt."""
    return Order(
        key=f"{seed}-poison",
        kind="counting",
        rows=POISON_ROWS,
        day=POISON_DAY,
        formats=("csv",),
        notify=True,
        by_form=False,
        doubled=False,
        cancel=Cancel.NEVER,
    )
