"""Damage: kept files whose bytes are missing or are not those that were stored."""

import logging
import uuid
from collections.abc import Iterator
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, or_, select, update

from dashboard.extensions import db
from dashboard.jobs.events import tell_of
from dashboard.models import Artifact, Job, LogLine, clock, transaction
from dashboard.storage import Damaged, Storage, StorageError, measure, proven

logger = logging.getLogger(__name__)

CHECK_AGAIN_AFTER = timedelta(days=1)
# Somebody may put the file back from a backup, or mount the disk again.
CHECK_DAMAGED_AFTER = timedelta(minutes=10)
# Less than a second of most disks, so that the scheduler's other acts do not wait for it.
BYTES_AT_ONCE = 64 << 20
FILES_AT_ONCE = 200


def count() -> int:
    """Give how many kept files are known to be damaged."""
    query = select(func.count()).where(
        Artifact.damaged_at.is_not(None), Artifact.deleted_at.is_(None)
    )
    counted: int = db.session.execute(query).scalar_one()
    return counted


def note(artifact_id: uuid.UUID, cause: object) -> None:
    """Write down that a file is damaged, and warn whoever reads the log, once."""
    artifact = _write(artifact_id, damaged=True)
    if artifact is not None:
        logger.warning("%s: %s is damaged. %s", artifact.job.number, artifact.key, cause)


def note_whole(artifact_id: uuid.UUID) -> None:
    """Write down that a file is what was stored: a damaged one is given out again."""
    artifact = _write(artifact_id, damaged=False)
    if artifact is not None:
        logger.warning("%s: %s is whole again", artifact.job.number, artifact.key)


class Round:
    """Goes through the kept files, the one checked longest ago first, some MiB at a time.

    A large file is read on at the next call, so this object lives as long as its scheduler.
    """

    def __init__(self) -> None:
        self._reading: Iterator[int] | None = None

    def go_on(self) -> int:
        """Check what is due, as far as one act may go; gives how many files were done."""
        left = BYTES_AT_ONCE
        done = 0
        while left > 0 and done < FILES_AT_ONCE:
            self._reading = self._reading or _next()
            if self._reading is None:
                break
            try:
                for read in self._reading:
                    left -= read
                    if left <= 0:
                        break
                else:
                    self._reading = None
                    done += 1
            except StorageError as error:
                self._reading = None
                logger.warning("The kept files cannot be checked: %s", error)
                break
        return done


def _next() -> Iterator[int] | None:
    """Begin with the file that is due; None when none is."""
    now = clock()
    checked, damaged = Artifact.checked_at, Artifact.damaged_at
    query = (
        select(Artifact.id, Artifact.key, Artifact.size, Artifact.sha256)
        .where(
            Artifact.deleted_at.is_(None),
            or_(
                checked.is_(None),
                checked < now - CHECK_AGAIN_AFTER,
                damaged.is_not(None) & (checked < now - CHECK_DAMAGED_AFTER),
            ),
        )
        .order_by(checked.asc().nulls_first())
        .limit(1)
    )
    row = db.session.execute(query).first()
    db.session.rollback()  # Reading takes long; no snapshot is held meanwhile.
    return None if row is None else _check(*row)


def _check(artifact_id: uuid.UUID, key: str, size: int, sha256: str) -> Iterator[int]:
    """Read a file to its end and note how it is; gives the bytes of each step.

    Raises StorageError where the storage is away.
    """
    storage: Storage = current_app.extensions["storage"]
    try:
        with storage.open(key) as file:
            measure(file, size)
            for block in proven(file, size, sha256):
                yield len(block)
    except (OSError, Damaged) as error:
        note(artifact_id, error)
    else:
        note_whole(artifact_id)


def _write(artifact_id: uuid.UUID, *, damaged: bool) -> Artifact | None:
    """Write down how the file is; gives it when that is news."""
    with transaction() as session:
        query = select(Artifact).where(Artifact.id == artifact_id, Artifact.deleted_at.is_(None))
        artifact = session.scalars(query.with_for_update(of=Artifact)).one_or_none()
        if artifact is None:
            return None
        now = clock()
        artifact.checked_at = now
        if (artifact.damaged_at is not None) == damaged:
            return None
        artifact.damaged_at = now if damaged else None
        job = artifact.job
        touched = update(Job).where(Job.serial == job.serial).values(version=Job.version + 1)
        session.execute(touched.execution_options(synchronize_session=False))
        word = "was damaged on disk and is not given out any more" if damaged else "is whole again"
        text, level = f"The file {artifact.name} {word}", "error" if damaged else "info"
        attempt = job.attempts_used
        session.add(LogLine(job_id=job.id, attempt=attempt, at=now, level=level, text=text))
    tell_of(artifact.job)
    return artifact
