"""Row reconciliation: what was counted, what was read, and what each file holds."""

from collections.abc import Sequence

from dashboard.formats import Format, Written
from dashboard.words import marked


def reconciliation(
    counted: int | None, read: int, files: Sequence[tuple[Format, Written]]
) -> list[tuple[str, int]]:
    """Give labels (in English) and rows, for people to compare.

    *counted* is None where nobody counted before. A run whose numbers differ fails, so those of a
    finished one agree.
    """
    before = [] if counted is None else [(marked("Counted beforehand"), counted)]
    written = [(known.title, done.rows) for known, done in files]
    return [*before, (marked("Read"), read), *written]
