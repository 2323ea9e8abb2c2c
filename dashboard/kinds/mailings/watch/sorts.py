"""The sorts of recipients that the page of a mailing counts, and shows one of at a time."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from dashboard.models import OVER, Fate
from dashboard.words import marked


class Sort(NamedTuple):
    """One counter: its *name* in addresses, the fates that it counts, its *word*, its *title*."""

    name: str
    fates: tuple[Fate, ...]
    word: str
    title: str

    def number(self, counts: Mapping[Fate, int]) -> int:
        """Give how many recipients are of this sort."""
        return sum(counts[fate] for fate in self.fates)


LEFT: Final = Sort("left", (Fate.QUEUED, Fate.CLAIMED), marked("still to send"), marked("To send"))
SORTS: Final = (
    Sort("sent", (Fate.SENT,), marked("sent"), marked("Sent")),
    Sort("failed", (Fate.FAILED,), marked("failed"), marked("Failed")),
    Sort("suppressed", (Fate.SUPPRESSED,), marked("suppressed"), marked("Suppressed")),
    Sort("uncertain", (Fate.UNCERTAIN,), marked("uncertain"), marked("Uncertain")),
    Sort("deferred", (Fate.DEFERRED,), marked("deferred"), marked("Deferred")),
    LEFT,
)
BY_NAME: Final = {sort.name: sort for sort in SORTS}
FIRST: Final = ("failed", "uncertain", "deferred", "left", "suppressed")
"""What somebody is to look at once nothing is sent any more, in this order."""


def sort_of(fate: str) -> Sort:
    """Give the sort that a *fate* belongs to."""
    return next(sort for sort in SORTS if fate in sort.fates)


def first_shown(counts: Mapping[Fate, int], *, moves: bool) -> Sort:
    """Give what a page shows first: while it *moves* always the same, so that nothing jumps."""
    if moves:
        return BY_NAME["failed"]
    found = (BY_NAME[name] for name in FIRST)
    return next((sort for sort in found if sort.number(counts)), BY_NAME["sent"])


def over(counts: Mapping[Fate, int]) -> int:
    """Give with how many the mailing is done, whatever became of them."""
    return sum(counts[fate] for fate in OVER)


def percent(counts: Mapping[Fate, int]) -> int | None:
    """Give how far it is, 0 to 100; None as long as nobody is in the ledger."""
    total = sum(counts.values())
    return over(counts) * 100 // total if total else None
