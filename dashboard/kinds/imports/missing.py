"""The rows of a table that a file does not have, where an administrator wants them deleted.

They are deleted only while they are those of the check, and only where every row of the file could
be read: a row that is to be fixed may be about one of them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from dashboard.formats.reading import Row, reading
from dashboard.jobs.uploads import open_upload
from dashboard.kinds.imports.comparing import BAD, GONE
from dashboard.kinds.imports.findings import SHOWN, Findings
from dashboard.kinds.imports.opened import Opened
from dashboard.kinds.imports.params import Chosen
from dashboard.kinds.imports.plan import Plan, plan_of
from dashboard.sources.writing import Key, Target, TargetTable

CHUNK: Final = 2**31 - 1
"""The number of the one chunk that deletes, behind all those of a file."""

RUN: Final = "missing"


def find_missing(
    plan: Plan, into: Target, keys: Iterator[Key], found: Findings, *, timeout: float
) -> None:
    """Write into *found* which rows would be deleted: none where a row of the file is bad.

    Raises SourceError.
    """
    if found.counts[BAD]:
        found.counts[GONE] = 0
        return
    # Nothing of it is ever kept, for nothing commits it.
    with into.writing(RUN, timeout=timeout, at_once=True) as writing:
        gone = writing.missing(plan.table, plan.by, plan.columns, keys, limit=SHOWN)
    found.counts[GONE] = gone.number
    found.show(GONE, list(enumerate(gone.rows, 1)))


@contextmanager
def keys_in_file(opened: Opened, chosen: Chosen, table: TargetTable) -> Iterator[Iterator[Key]]:
    """Give the keys of all rows of the file that was sent. Raises Unreadable, Permanent."""
    with (
        open_upload(chosen.upload, None, proven=True) as sent,
        reading(sent.path, chosen.manner) as file,
    ):
        plan = plan_of(opened, chosen, table, file.columns)
        yield _keys(plan, file.batches, len(file.columns))


def _keys(plan: Plan, batches: Iterator[Sequence[Row]], width: int) -> Iterator[Key]:
    for rows in batches:
        read = plan.read(rows, width)
        for at, key in enumerate(read.parts(plan.key)):
            if at not in read.faults:
                yield key
