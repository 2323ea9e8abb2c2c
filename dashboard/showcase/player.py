"""Plays the worker: what it does to a job is done in the ledger, by the functions of real ones."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from flask import current_app
from sqlalchemy import select, update

from dashboard import jobs
from dashboard.extensions import db
from dashboard.formats import FORMATS
from dashboard.jobs import Kind, ending, sweep
from dashboard.jobs.attempt import attempt
from dashboard.jobs.claim import Claim, claim
from dashboard.jobs.errors import judge
from dashboard.jobs.keys import key_of
from dashboard.models import Artifact, Job, State, User, clock, transaction

# Small files for jobs whose work is not done.
BYTES: Final = {"csv": b"region,amount\nNorth,130\nSouth,80\n", "xlsx": b"PK\x03\x04 a workbook"}


@dataclass(frozen=True)
class Player:
    """Starts jobs in *queue* and is the *worker* that takes them, in the app context of the caller.

    A claim takes the next job of the queue, as always: whoever wants a certain one lets it be the
    only one there.
    """

    queue: str = "reports"
    worker: str = "worker@here"

    def start(
        self, kind: Kind, choices: dict[str, Any], *, by: User, key: str = "", **more: Any
    ) -> uuid.UUID:
        """Start a job in the queue; gives its id."""
        chosen = replace(kind, queue=self.queue)
        key = key or uuid.uuid4().hex
        return jobs.start(chosen, choices, by=by, key=key, **more).job.id

    def claim(self) -> Claim:
        """Claim the next job, as a worker does."""
        claimed = claim(self.queue, worker=self.worker, task_id=uuid.uuid4().hex)
        assert claimed is not None, f"No job waits in {self.queue}."
        return claimed

    def work(self) -> str:
        """Claim the next job and do its work for real; gives the state that it comes to."""

        def begin(telling: Any) -> Any:
            return lambda _: telling.flush()

        return attempt(self.claim(), begin)

    def succeed(
        self, job_id: uuid.UUID, *, rows: int, formats: Iterable[str], name: str = "umsätze"
    ) -> None:
        """End a running job well: small files called *name* are stored first."""
        job = job_of(job_id)
        stored = [_stored(job, name, format_, rows) for format_ in formats]
        ending.succeed(job.id, job.fence, stored, {"rows": rows})

    def fail(self, job_id: uuid.UUID, error: Exception, detail: str = "") -> None:
        """End a running job, or this attempt at it, with *error*."""
        job = job_of(job_id)
        ending.fail(job.id, job.fence, judge(error), detail)

    def lose(self, job_id: uuid.UUID, *cause: str) -> None:
        """Let the worker of a running job die."""
        job = job_of(job_id)
        assert ending.take_back(job.id, job.fence, *cause) is not None

    def hand_back(self, job_id: uuid.UUID) -> None:
        """Stop the worker of a running job in order."""
        job = job_of(job_id)
        ending.hand_back(job.id, job.fence)

    def stop(self, job_id: uuid.UUID) -> None:
        """Let the worker of a running job agree to its cancel."""
        job = job_of(job_id)
        ending.cancelled(job.id, job.fence)

    def release(self, job_id: uuid.UUID) -> None:
        """Let the time come that a job waits for."""
        with transaction() as session:
            session.execute(update(Job).where(Job.id == job_id).values(due_at=clock()))
        sweep.release_due()
        assert job_of(job_id).state == State.QUEUED

    def expire(self, job_id: uuid.UUID) -> int:
        """Let the time of a job's files pass; gives how many the sweep deleted."""
        with transaction() as session:
            past = clock() - timedelta(seconds=1)
            mine = Artifact.job_id == job_id
            session.execute(update(Artifact).where(mine).values(expires_at=past))
        return sweep.delete_expired_files()


def job_of(job_id: uuid.UUID) -> Job:
    """Give the job as the ledger has it now."""
    query = select(Job).where(Job.id == job_id).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def _stored(job: Job, name: str, format_: str, rows: int) -> Artifact:
    known = FORMATS[format_]
    whole = f"{name}.{known.extension}"
    with current_app.extensions["storage"].draft(key_of(job.id, job.fence, whole)) as draft:
        draft.path.write_bytes(BYTES[format_])
        stored = draft.commit()
    return Artifact(
        id=uuid.uuid4(),
        name=whole,
        format=format_,
        media_type=known.media_type,
        key=stored.key,
        size=stored.size,
        sha256=stored.sha256,
        rows=rows,
    )
