"""The tries at a delivery, of which those that did not end with the server taking it are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dashboard.models import Fate


def with_try(
    past: Sequence[list[Any]] | None,
    when: datetime,
    fate: Fate,
    code: int | None = None,
    words: str | None = None,
) -> list[list[Any]]:
    """Give *past* with one more, as a delivery keeps it."""
    return [*(past or ()), [when.isoformat(timespec="seconds"), fate.value, code, words]]


def whole(
    past: Sequence[list[Any]] | None,
    when: datetime | None,
    fate: str,
    code: int | None,
    words: str | None,
) -> list[list[Any]]:
    """Give *past* with what the delivery itself says last, where that is not its end already."""
    found = list(past or ())
    if found and found[-1][1:] == [fate, code, words]:
        return found
    return [*found, [when.isoformat(timespec="seconds") if when else None, fate, code, words]]
