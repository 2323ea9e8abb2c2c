"""Leftovers: files and drafts of attempts that are over, which no row of the ledger names.

Nothing that a running attempt makes is touched: the ledger decides, never a file's age. Once the
ledger says that an attempt is over, no later write can bear its fence, so it stays over.
"""

import logging
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple, TypeVar

from flask import current_app
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.keys import Owner, owner_of
from dashboard.jobs.old_attached import unnamed
from dashboard.jobs.old_uploads import nameless
from dashboard.models import Artifact, Attachment, Job, State
from dashboard.storage import Kept, Storage, StorageError

logger = logging.getLogger(__name__)

BATCH = 500
# For drafts that say nothing of their attempt.
DRAFT_AGE = timedelta(hours=12)

T = TypeVar("T")


class Standing(NamedTuple):
    """Where a job stands: the fence of its last claim, and whether that attempt still runs."""

    fence: int
    running: bool

    def has_ended(self, fence: int) -> bool | None:
        """Whether the attempt of *fence* is over; None for one that never was."""
        if fence > self.fence:
            return None
        return fence < self.fence or not self.running


NOBODY = Standing(-1, running=False)


def sweep_files() -> int:
    """Delete stored files that no row names and nobody will name; gives how many."""
    storage: Storage = current_app.extensions["storage"]
    swept = 0
    for kept in _batches(storage.kept(), BATCH):
        for key in (*_nameless(kept), *nameless(kept), *unnamed(kept)):
            try:
                storage.delete(key)
            except (OSError, StorageError):
                logger.exception("The stored file %s, which no row names, cannot be deleted", key)
                continue
            logger.info("Swept the stored file %s, which no row names", key)
            swept += 1
    return swept


def sweep_drafts() -> int:
    """Delete what ended attempts left half-written; gives how many drafts."""
    storage: Storage = current_app.extensions["storage"]
    return storage.sweep(DRAFT_AGE, _is_over)


def _is_over(key: str) -> bool:
    owner = owner_of(key)
    if owner is None:
        return False
    return bool(_standings([owner.job_id]).get(owner.job_id, NOBODY).has_ended(owner.fence))


def _nameless(kept: Iterable[Kept]) -> list[str]:
    owned = {each: owner for each in kept if (owner := owner_of(each.key)) is not None}
    # First who still runs, then what is named: a file is named in the very moment its attempt
    # ends, so what belongs to an ended attempt and is not named now never will be.
    standings = _standings({owner.job_id for owner in owned.values()})
    wanted = select(Artifact.key).where(
        Artifact.key.in_([each.key for each in owned]), Artifact.deleted_at.is_(None)
    )
    attached = select(Attachment.key).where(
        Attachment.key.in_([each.key for each in owned]), Attachment.deleted_at.is_(None)
    )
    named = {*db.session.scalars(wanted), *db.session.scalars(attached)}
    db.session.rollback()
    return [
        each.key
        for each, owner in owned.items()
        if each.key not in named and _is_leftover(each, owner, standings)
    ]


def _is_leftover(kept: Kept, owner: Owner, standings: Mapping[uuid.UUID, Standing]) -> bool:
    has_ended = standings.get(owner.job_id, NOBODY).has_ended(owner.fence)
    if has_ended is not None:
        return has_ended
    # The ledger may have been put back to an older day: what it has never heard of is left for as
    # long as any file is kept.
    return kept.written_at < datetime.now(UTC) - timedelta(
        days=current_app.config["KEEP_FILES_DAYS"]
    )


def _standings(job_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    db.session.rollback()  # The present state, not that of a transaction which began before.
    rows = db.session.execute(select(Job.id, Job.fence, Job.state).where(Job.id.in_(job_ids)))
    return {row.id: Standing(row.fence, row.state == State.RUNNING) for row in rows}


def _batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(items, size)):
        yield batch
