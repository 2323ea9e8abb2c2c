"""Scenes of jobs that have not begun, or wait for another try."""

import uuid
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from dashboard.jobs import Kind, Transient
from dashboard.models import LogLine, clock, transaction
from dashboard.showcase.stage import LINE, PAUSED, UNSERVED, Stage

# Longer than a real pause: whoever looks at it is to have the time.
PAUSE: Final = timedelta(hours=6)


def waiting(stage: Stage, kind: Kind) -> uuid.UUID:
    """Waiting for its next try, after one that did not work."""
    job_id = stage.run(kind)
    stage.count(job_id, 1_200, 48_000, seconds=2)
    stage.age(job_id, minutes=3)
    stage.player().fail(job_id, Transient("The database “shop” does not answer."))
    stage.keep(job_id, kind, due_at=clock() + PAUSE)
    with transaction() as session:
        newest = select(LogLine).where(LogLine.job_id == job_id).order_by(LogLine.id.desc())
        session.scalars(
            newest.limit(1)
        ).one().text = (
            f"Waiting {PAUSE.total_seconds():.0f} s, then attempt 2 of {kind.max_attempts}"
        )
    return job_id


def queued(stage: Stage, kind: Kind) -> uuid.UUID:
    """In line, while all workers are busy."""
    return stage.age(stage.start(kind, queue=LINE), seconds=50)


def queued_unserved(stage: Stage, kind: Kind) -> uuid.UUID:
    """In a queue that no worker takes."""
    return stage.age(stage.start(kind, queue=UNSERVED), minutes=7)


def queued_paused(stage: Stage, kind: Kind) -> uuid.UUID:
    """In a queue that an administrator has paused."""
    return stage.age(stage.start(kind, queue=PAUSED), minutes=22)
