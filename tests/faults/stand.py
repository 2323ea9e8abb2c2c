"""A desk whose parts are broken on purpose, and what is looked at afterwards."""

import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

import psutil
from flask import Flask
from sqlalchemy import select, update

from dashboard import create_app, jobs
from dashboard.extensions import db
from dashboard.jobs import Fact, find
from dashboard.models import Artifact, Attempt, Job, State, User, clock, transaction
from tests.conftest import empty
from tests.parts import ROOT, Parts, becomes, ends, parts_of, until
from tests.people import Person

SECONDS = 60.0


@dataclass
class Stand:
    """A desk, the means to start its parts, and one person who asks for jobs."""

    app: Flask
    parts: Parts
    mara: Person

    @property
    def folder(self) -> Path:
        """The state folder."""
        return Path(self.app.instance_path)

    def start(self, kind: str = "counting", **params: Any) -> uuid.UUID:
        """Start a job, by e-mail if *params* say "notify"; gives its id."""
        notify = params.pop("notify", False)
        with self.app.app_context():
            found = find(kind)
            assert found is not None
            user = db.session.get_one(User, self.mara.id)
            choices = {"formats": ["csv"], **params}
            key = uuid.uuid4().hex
            return jobs.start(found, choices, by=user, key=key, notify=notify).job.id

    def cancel(self, job_id: uuid.UUID) -> None:
        """Ask for the job's cancel."""
        with self.app.app_context():
            jobs.cancel(job_id, by=db.session.get_one(User, self.mara.id))

    def hold(self) -> None:
        """Let every report that begins from now on count without an end."""
        self._counts("PRAGMA journal_mode = WAL; CREATE TABLE gate (x)")

    def release(self) -> None:
        """Let reports that begin from now on end; those that count do so until they are stopped."""
        self._counts("DROP TABLE gate")

    def ends_pauses(self) -> None:
        """Let the next attempt of every job that waits for it be due now."""
        with self.app.app_context(), transaction() as session:
            waiting = update(Job).where(Job.state == State.WAITING)
            session.execute(waiting.values(due_at=clock()))

    def becomes(
        self, job_id: uuid.UUID, condition: Callable[[Fact], bool], seconds: float = SECONDS
    ) -> Fact:
        """Wait until *condition* holds for the job; gives its fact."""
        return becomes(self.app, job_id, condition, seconds, self.parts.log)

    def writes(self, job_id: uuid.UUID) -> Fact:
        """Wait until the job writes its file."""
        return self.becomes(job_id, lambda fact: bool(fact.progress.done))

    def runs(self, job_id: uuid.UUID) -> Fact:
        """Wait until the job runs."""
        return self.becomes(job_id, lambda fact: fact.state == "running")

    def ends(self, job_id: uuid.UUID, seconds: float = SECONDS) -> Fact:
        """Wait until the job has ended; gives its fact."""
        return ends(self.app, job_id, seconds, self.parts.log)

    def until(self, condition: Callable[[], bool], seconds: float = SECONDS) -> float:
        """Wait until *condition* holds, in an app context; gives the seconds that it took."""
        return until(self.app, condition, seconds, log=self.parts.log)

    def outcomes(self, job_id: uuid.UUID) -> list[str | None]:
        """Give how each attempt at the job has ended, in their order."""
        with self.app.app_context():
            query = select(Attempt.outcome).where(Attempt.job_id == job_id).order_by(Attempt.fence)
            return list(db.session.scalars(query))

    def stored(self) -> set[str]:
        """Give everything that lies in the storage, drafts included."""
        root = Path(self.app.extensions["storage"].root)
        return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}

    def named(self) -> set[str]:
        """Give the keys of all files that the ledger names."""
        with self.app.app_context():
            return set(db.session.scalars(select(Artifact.key)))

    def _counts(self, script: str) -> None:
        with closing(sqlite3.connect(self.folder / "numbers.db")) as numbers:
            numbers.executescript(script)


@contextmanager
def stand(folder: Path, ledger: Path, redis: str, **settings: Any) -> Iterator[Stand]:
    """Give a desk in *folder* whose reports take as long as a test needs; all ends with the block.

    *ledger* is a SQLite file to be copied; where *settings* name PostgreSQL, all of its rows go.
    """
    if "SQLALCHEMY_DATABASE_URI" not in settings:
        (folder / "ledger.db").write_bytes(ledger.read_bytes())
    with closing(sqlite3.connect(folder / "numbers.db")) as source:
        source.execute("CREATE TABLE unused (x)")
    app = create_app(
        **{
            "INSTANCE_PATH": folder,
            "REDIS_URL": redis,
            "SOURCES": {"numbers": f"sqlite:///{folder / 'numbers.db'}"},
            "REPORTS_DIR": str(ROOT / "tests" / "reports_slow"),
            "LEASE_SECONDS": 8,  # A worker that lives keeps it, however busy the machine is.
            "TICK_SECONDS": 0.5,
            "RETRY_BASE_SECONDS": 1,
            "TESTING": True,
            **settings,
        }
    )
    if "SQLALCHEMY_DATABASE_URI" in settings:
        empty(app)
    with parts_of(app, folder) as parts:
        yield Stand(app, parts, Person.joins(app, "Mara Keller"))
    with app.app_context():
        db.engine.dispose()


def busy_child(worker: "Popen[bytes]") -> psutil.Process:
    """Give a child of the worker that writes a file now."""
    for child in psutil.Process(worker.pid).children():
        if any(".drafts" in file.path for file in child.open_files()):
            return child
    raise AssertionError("No child writes a file.")
