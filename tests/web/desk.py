"""Jobs in every state, ended by the ledger's own functions, with files whose bytes are there."""

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import Fact, Permanent, Transient, fact_of, find, task
from dashboard.jobs.usual import kept
from dashboard.models import Artifact, AuditEntry, Job, User, transaction
from dashboard.showcase.player import BYTES, Player
from tests.people import Person

__all__ = ["BYTES", "Desk"]


@dataclass
class Desk:
    """Plays the worker: what it does to a job is done in the ledger, as a worker does it."""

    app: Flask

    def queued(self, by: Person, kind: str = "totals", **params: Any) -> str:
        """Start a job; gives its id."""
        with self.app.app_context():
            found = find(kind)
            assert found is not None
            user = db.session.get_one(User, by.id)
            return str(Player().start(found, {"formats": ["csv"], **params}, by=user))

    def running(self, by: Person, kind: str = "totals", **params: Any) -> str:
        """Start a job and claim it."""
        job_id = self.queued(by, kind, **params)
        self.claims()
        return job_id

    def claims(self) -> None:
        """Claim the next job, as a worker does."""
        with self.app.app_context():
            jobs.events.tell_of(Player().claim().job)

    def counts(self, job_id: str, done: int, total: int) -> Fact:
        """Write how far a running job is, and tell it; gives the fact."""
        with self.app.app_context():
            with transaction() as session:
                job = self._job(job_id)
                job.progress_done, job.progress_total = done, total
                job.progress_phase = "Reading"
                job.version += 1
                session.flush()
            fact = fact_of(job)
            jobs.events.tell(fact)
            return fact

    def succeeds(self, job_id: str, *, rows: int = 2, formats: tuple[str, ...] = ("csv",)) -> None:
        """End a running job well: its files are stored first."""
        with self.app.app_context():
            Player().succeed(uuid.UUID(job_id), rows=rows, formats=formats)
            kept().forget()

    def succeeded(self, by: Person, **more: Any) -> str:
        """Give a finished job with files."""
        job_id = self.running(by)
        self.succeeds(job_id, **more)
        return job_id

    def fails(self, job_id: str, what: str = "The table is gone.") -> None:
        """End a running job badly."""
        self._fails(job_id, Permanent(what, next="Tell somebody."))

    def failed(self, by: Person, what: str = "The table is gone.") -> str:
        """Give a failed job."""
        job_id = self.running(by)
        self.fails(job_id, what)
        return job_id

    def needing(self, by: Person, what: str = "The table is gone.", kind: str = "totals") -> str:
        """Give a failed job that needs attention."""
        job_id = self.running(by, kind)
        self._fails(job_id, Permanent(what, attention=True))
        return job_id

    def loses(self, job_id: str) -> None:
        """Let the worker of a running job die."""
        with self.app.app_context():
            Player().lose(uuid.UUID(job_id))

    def hands_back(self, job_id: str) -> None:
        """Stop the worker of a running job in order."""
        with self.app.app_context():
            Player().hand_back(uuid.UUID(job_id))

    def worn_out(self, by: Person) -> str:
        """Give a job whose worker died at every attempt."""
        job_id = self.running(by)
        for _ in range(2):
            self.loses(job_id)
            self.claims()
        self.loses(job_id)
        return job_id

    def waiting(self, by: Person) -> str:
        """Give a job that waits for its second try."""
        job_id = self.running(by)
        self._fails(job_id, Transient("The line is busy."))
        return job_id

    def cancels(self, job_id: str, by: Person) -> None:
        """Ask for a cancel."""
        with self.app.app_context():
            jobs.cancel(uuid.UUID(job_id), by=db.session.get_one(User, by.id))

    def cancelled(self, by: Person) -> str:
        """Give a cancelled job."""
        job_id = self.queued(by)
        self.cancels(job_id, by)
        return job_id

    def stopping(self, by: Person) -> str:
        """Give a running job that was asked to stop."""
        job_id = self.running(by)
        self.cancels(job_id, by)
        return job_id

    def deleted(self, by: Person, **more: Any) -> str:
        """Give a finished job whose files were kept long enough."""
        job_id = self.succeeded(by, **more)
        self.expires(job_id)
        return job_id

    def joined(self, job_id: str, person: Person) -> None:
        """Let a person follow a job."""
        with self.app.app_context():
            jobs.join(self._job(job_id), by=db.session.get_one(User, person.id))

    def expires(self, job_id: str) -> int:
        """Let the time of a job's files pass; gives how many the sweep deleted."""
        with self.app.app_context():
            return Player().expire(uuid.UUID(job_id))

    def holds(self, job_id: str, data: bytes, position: int = 0) -> Path:
        """Let a file of the job be *data*, as if the worker had written that; gives its path."""
        with self.app.app_context(), transaction() as session:
            query = select(Artifact).where(Artifact.job_id == uuid.UUID(job_id))
            artifact = session.scalars(query.order_by(Artifact.position)).all()[position]
            artifact.size, artifact.sha256 = len(data), hashlib.sha256(data).hexdigest()
            path = Path(self.app.extensions["storage"].root) / artifact.key
        path.write_bytes(data)
        return path

    def works(self) -> None:
        """Do the next job for real: the task, the source, the formats."""
        with self.app.app_context():
            task.run.apply(args=("reports",), throw=True)
            kept().forget()

    def fact(self, job_id: str) -> Fact:
        """Give the job as it stands."""
        with self.app.app_context():
            return fact_of(self._job(job_id))

    def file(self, job_id: str, position: int = 0) -> str:
        """Give the id of one of the job's files."""
        return self.fact(job_id).files[position].id

    def count(self) -> int:
        """Give how many jobs there are."""
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(Job)) or 0

    def audit(self, action: str) -> list[AuditEntry]:
        """Give what was written down of an act, in order."""
        with self.app.app_context():
            query = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
            return list(db.session.scalars(query))

    def _job(self, job_id: str) -> Job:
        return db.session.scalars(select(Job).where(Job.id == uuid.UUID(job_id))).one()

    def _fails(self, job_id: str, error: Exception) -> None:
        with self.app.app_context():
            Player().fail(uuid.UUID(job_id), error, "Traceback: line 1")
