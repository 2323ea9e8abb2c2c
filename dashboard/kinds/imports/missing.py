"""The rows of a table that a file does not have, where an administrator wants them deleted.

They are deleted only while they are those of the check, and only where every row of the file could
be read: a row that is to be fixed may be about one of them.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from dashboard.formats.reading import Row
from dashboard.kinds.imports.comparing import BAD, GONE
from dashboard.kinds.imports.findings import SHOWN, Findings
from dashboard.kinds.imports.plan import Plan
from dashboard.sources.writing import Key, Target

CHUNK: Final = 2**31 - 1
"""The number of the one chunk that deletes, behind all those of a file."""

RUN: Final = "missing"


def find_missing(
    plan: Plan,
    into: Target,
    batches: Iterator[Sequence[Row]],
    width: int,
    found: Findings,
    *,
    timeout: float,
) -> None:
    """Write into *found* which rows would be deleted: none where a row of the file is bad.

    Raises SourceError.
    """
    if found.counts[BAD]:
        found.counts[GONE] = 0
        return
    keys = keys_of(plan, batches, width)
    # Nothing of it is ever kept, for nothing commits it.
    with into.writing(RUN, timeout=timeout, at_once=True) as writing:
        gone = writing.missing(plan.table, plan.by, plan.columns, keys, limit=SHOWN)
    found.counts[GONE] = gone.number
    found.show(GONE, list(enumerate(gone.rows, 1)))


def keys_of(plan: Plan, batches: Iterator[Sequence[Row]], width: int) -> Iterator[Key]:
    """Give the keys of all rows of a file with *width* columns."""
    for rows in batches:
        for values in plan.read(rows, width).values:
            if values is not None:
                yield tuple(values[place] for place in plan.key)
