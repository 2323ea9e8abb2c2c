"""What a person does who chooses the recipients of a mailing and has them checked."""

import io
import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.formats.reading import recognise
from dashboard.jobs import Fact, fact_of, task
from dashboard.jobs.uploads import keep_upload, open_upload
from dashboard.kinds.mailings.audience.choice import Audience
from dashboard.kinds.mailings.audience.found import Found, found_of
from dashboard.kinds.mailings.audience.people import FATES, Person as Recipient
from dashboard.kinds.mailings.audience.starting import start_check
from dashboard.kinds.mailings.drafts import create, save
from dashboard.models import Artifact, Job, Mailing, State, User, clock, transaction
from tests.people import Person

FORMATS = {"csv": "text/csv", "jsonl": "application/jsonl", "xlsx": "application/xlsx"}


@dataclass
class Chooser:
    """A person at the desk with a mailing."""

    app: Flask
    person: Person
    mailing_id: int = 0

    def writes(self, subject: str = "Come", body: str = "Dear {{ first_name }}, come.") -> int:
        """Write a new mailing; gives its id."""
        with self.app.app_context():
            made = create("Autumn fair", by=self._user(), subject=subject, body=body)
            self.mailing_id = made.id
        return made.id

    def changes(self, **values: Any) -> None:
        """Change the mailing."""
        with self.app.app_context():
            save(self.mailing_id, self.mailing().version, by=self._user(), **values)

    def sends(self, data: str | bytes, name: str = "guests.csv") -> str:
        """Send a file; gives its id."""
        content = data.encode() if isinstance(data, str) else data
        with self.app.app_context():
            return str(keep_upload(name, [content], by_id=self.person.id).id)

    def upload(self, data: str | bytes, name: str = "guests.csv", email: str = "email") -> Audience:
        """Send a file and give the audience that it is, read as it is recognised."""
        sent = self.sends(data, name)
        with self.app.app_context(), open_upload(sent, None) as file:
            manner = recognise(file.path, file.name).manner
        return Audience("upload", sent, name, manner, email)

    def made(self, data: bytes, sort: str = "csv", *, by: Person | None = None) -> str:
        """Let a job have made a file; gives the id of the artifact."""
        with self.app.app_context(), transaction() as session:
            now, job_id = clock(), uuid.uuid4()
            with self.app.extensions["storage"].draft(f"{job_id}/1-report.{sort}") as draft:
                Path(draft.path).write_bytes(data)
                stored = draft.commit()
            job = Job(
                id=job_id, prefix="R", kind="some", family="reports", title="Guests", params={},
                choices=[], choice_hash="", relative={}, idempotency_key=str(job_id),
                requested_by_id=(by or self.person).id, state=State.SUCCEEDED, queue="reports",
                priority=5, max_attempts=1, created_at=now, finished_at=now,
            )  # fmt: skip
            session.add(job)
            session.flush()
            artifact = Artifact(
                job_id=job_id, position=0, name=f"report.{sort}", format=sort, key=stored.key,
                media_type=FORMATS[sort], size=stored.size, sha256=stored.sha256, warnings=[],
                created_at=now, expires_at=now,
            )  # fmt: skip
            session.add(artifact)
            session.flush()
            return str(artifact.id)

    def chooses(self, audience: Audience) -> None:
        """Choose the recipients."""
        self.changes(audience=audience.as_json())

    def checks(self, audience: Audience | None = None) -> Fact:
        """Have the recipients checked; gives the job."""
        if audience is not None:
            self.chooses(audience)
        with self.app.app_context():
            mailing = self.mailing()
            job_id = start_check(mailing, mailing.version, by=self._user()).id
        self.works()
        return self.fact(job_id)

    def works(self) -> None:
        """Do the next job."""
        with self.app.app_context():
            task.run.apply(args=("reports",), throw=True)

    def fact(self, job_id: uuid.UUID) -> Fact:
        """Give the job as it stands."""
        with self.app.app_context():
            return fact_of(db.session.scalars(select(Job).where(Job.id == job_id)).one())

    def mailing(self) -> Mailing:
        """Give the mailing, inside an app context."""
        return db.session.get_one(Mailing, self.mailing_id, populate_existing=True)

    @contextmanager
    def found(self, check: Fact) -> Iterator[Found]:
        """Give what the check has found."""
        assert check.state == "succeeded", check.error
        with self.app.app_context(), found_of(uuid.UUID(check.id), proven=True) as found:
            yield found

    def rows(self, check: Fact) -> dict[str, list[Recipient]]:
        """Give all rows by their fates."""
        with self.found(check) as found:
            return {fate: found.page(fate, limit=1000) for fate in FATES}

    def _user(self) -> User:
        return db.session.get_one(User, self.person.id)


def workbook(*rows: Sequence[Any]) -> bytes:
    """Give a workbook with one sheet of *rows*."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def json_lines(*rows: dict[str, Any]) -> bytes:
    """Give a file of JSON lines."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()
