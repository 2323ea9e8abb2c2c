"""What tells jobs of one title apart: the choices in which they differ."""

from collections import defaultdict
from collections.abc import Sequence

Choices = Sequence[Sequence[str]]


def apart(jobs: Sequence[tuple[str, Choices]]) -> list[list[tuple[str, str]]]:
    """Give for each of *jobs* (title, pairs of label and value) the pairs that not all have.

    There are none where no other job has its title.
    """
    alike: dict[str, list[set[tuple[str, str]]]] = defaultdict(list)
    pairs = [[(label, value) for label, value in choices] for _, choices in jobs]
    for (title, _), chosen in zip(jobs, pairs, strict=True):
        alike[title].append(set(chosen))
    shared = {title: set.intersection(*each) for title, each in alike.items()}
    return [
        [pair for pair in chosen if pair not in shared[title]]
        for (title, _), chosen in zip(jobs, pairs, strict=True)
    ]
