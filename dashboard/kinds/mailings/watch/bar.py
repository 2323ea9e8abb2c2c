"""The bar of a mailing: a piece for each sort of recipient, each of them seen."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from dashboard.kinds.mailings.watch.sorts import LEFT, SORTS
from dashboard.models import Fate

LENGTH: Final = 1000.0
LEAST: Final = 6.0
"""Two of a million would not be seen otherwise."""

GAP: Final = 2.0


class Piece(NamedTuple):
    """A piece of the bar: the name of its sort, where it begins and how long it is."""

    name: str
    x: float
    width: float


def pieces(counts: Mapping[Fate, int]) -> list[Piece]:
    """Give the pieces from the left; what is still to send is what is left of LENGTH."""
    total = sum(counts.values())
    numbers = [(sort.name, sort.number(counts)) for sort in SORTS if sort is not LEFT]
    wanted = [(name, max(LEAST, number / total * LENGTH)) for name, number in numbers if number]
    # Many small ones that are made longer must not make it longer than it is.
    scale = min(1.0, LENGTH / sum(width for _, width in wanted)) if wanted else 1.0
    found, x = [], 0.0
    for name, width in wanted:
        width *= scale
        found.append(Piece(name, round(x, 2), round(max(width - GAP, GAP), 2)))
        x += width
    return found
