"""What the check of an undo has seen, where its job has put it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from dashboard.jobs.attachments import at_hand
from dashboard.jobs.errors import Permanent
from dashboard.kinds.imports.undo.seen import Sight
from dashboard.words import marked

NAME: Final = "undo"
EXTENSION: Final = "db"
GONE: Final = marked("What was seen before the undo is not kept any more.")
LOOK_AGAIN: Final = marked("Look again what an undo would do.")


@contextmanager
def sight_of(job_id: uuid.UUID) -> Iterator[Sight]:
    """Give what the check of an undo, the job *job_id*, has seen.

    Raises Permanent where it is gone, and Transient while the storage is away.
    """
    gone = Permanent(GONE, next=LOOK_AGAIN)
    with at_hand(job_id, NAME, gone) as path, Sight.read(path) as sight:
        yield sight
