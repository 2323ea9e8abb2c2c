"""What is chosen for an undo, as its job keeps it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard.models import Job

MOST: Final = 500
"""Rows that can be chosen one by one; whoever wants more takes all of them back."""


@dataclass(frozen=True)
class Choice:
    """What is to be taken back of what was imported of *check*.

    *seen* is the job that looked before; *numbers* are of rows that it has shown, () for all.
    *overwrite* where rows that somebody else has changed since become what they were, too. *rows*
    is how many there are to take back, and *run* is under which name the target marks what is done.
    """

    check: uuid.UUID
    seen: str
    numbers: tuple[int, ...]
    overwrite: bool
    rows: int
    run: str


def choice_of(params: Mapping[str, Any]) -> Choice:
    """Give what *params* of a job mean."""
    return Choice(
        uuid.UUID(params["check"]),
        params["seen"],
        tuple(params["numbers"]),
        params["overwrite"],
        params["rows"],
        params["run"],
    )


def params_of(
    seen: Job, numbers: Sequence[int], *, overwrite: bool, rows: int, kept: int
) -> dict[str, object]:
    """Give the params of an undo that follows the job *seen*.

    *kept* counts the rows that stay because somebody else has changed them.
    """
    return {
        "check": seen.params["check"],
        "file": seen.params["file"],
        "seen": str(seen.id),
        "numbers": list(numbers),
        "overwrite": overwrite,
        "rows": rows,
        "kept": kept,
        # Whoever has the same undo run again goes on with it.
        "run": uuid.uuid4().hex,
    }
