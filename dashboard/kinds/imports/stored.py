"""The findings of a check, where its job has put them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from dashboard.jobs.attachments import at_hand, has_attached
from dashboard.jobs.errors import Permanent
from dashboard.kinds.imports.findings import Findings
from dashboard.sources.writing import Ready
from dashboard.words import marked

NAME: Final = "findings"
READY: Final = "ready rows"
EXTENSION: Final = "db"
GONE: Final = marked("What the check found is not kept any more.")
UNREADABLE: Final = marked("The rows that the check has made ready were damaged on disk.")
CHECK_AGAIN: Final = marked("Check the file again.")


@contextmanager
def ready_of(job_id: uuid.UUID) -> Iterator[Ready | None]:
    """Give the rows that the check *job_id* has made ready; None where it has made none.

    Raises Permanent where they are gone or damaged, and Transient while the storage is away.
    """
    if not has_attached(job_id, READY):
        yield None
        return
    gone = Permanent(GONE, next=CHECK_AGAIN)
    damaged = Permanent(UNREADABLE, next=CHECK_AGAIN)
    with at_hand(job_id, READY, gone, damaged=damaged) as path, Ready.open(path) as ready:
        yield ready


@contextmanager
def findings_of(job_id: uuid.UUID) -> Iterator[Findings]:
    """Give the findings of the check *job_id*.

    Raises Permanent where they are gone, and Transient while the storage is away.
    """
    gone = Permanent(GONE, next=CHECK_AGAIN)
    with at_hand(job_id, NAME, gone) as path, Findings.read(path) as found:
        yield found
