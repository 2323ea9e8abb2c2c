"""What a person gets from the desk: a report is asked for, done, and its files are read."""

import csv
import uuid
from dataclasses import dataclass
from io import StringIO
from typing import Any

from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of, task
from dashboard.models import Job, User, transaction
from tests.people import Person


@dataclass
class Done:
    """A job that has ended, and the texts of its files by format."""

    fact: Fact
    files: dict[str, bytes]

    def rows(self) -> list[list[str]]:
        """Give the rows of the CSV file, its header first."""
        return list(csv.reader(StringIO(self.files["csv"].decode(), newline="")))

    def records(self) -> list[dict[str, str]]:
        """Give the rows of the CSV file by the labels in its header."""
        header, *rows = self.rows()
        return [dict(zip(header, row, strict=True)) for row in rows]

    @property
    def failure(self) -> str:
        """Give why the job failed."""
        assert self.fact.error is not None, self.fact
        return self.fact.error.what


@dataclass
class Desk:
    """A colleague at the desk; the worker's part is done in this process, task and all."""

    app: Flask
    person: Person

    def asks(self, kind: str, *, formats: tuple[str, ...] = ("csv",), **params: Any) -> Done:
        """Ask for a report through the API, let a worker do it, and download its files."""
        body = {"params": params, "formats": list(formats)}
        answer = self.person.calls("POST", f"/jobs/{kind}", json=body)
        assert answer.status_code == 202, answer.json
        job_id = uuid.UUID(answer.json["id"])  # type: ignore[index]  # A job, as 202 says.
        self.works()
        with self.app.app_context():
            fact = fact_of(db.session.scalars(select(Job).where(Job.id == job_id)).one())
        return Done(fact, {file.format: self._downloads(file.id) for file in fact.files})

    def moves_to(self, zone: str) -> None:
        """Give the person another time zone."""
        with self.app.app_context(), transaction() as session:
            session.get_one(User, self.person.id).time_zone = zone

    def works(self) -> None:
        """Do the next job, as a worker does."""
        with self.app.app_context():
            task.run.apply(args=("reports",), throw=True)

    def state(self, job_id: str) -> str:
        """Give where a job stands."""
        answer = self.person.calls("GET", f"/jobs/{job_id}").json
        assert answer is not None
        return str(answer["state"])

    def wrong(self, kind: str, **params: Any) -> dict[str, str]:
        """Ask for a report with wrong choices; give what is said of each field."""
        answer = self.person.calls("POST", f"/jobs/{kind}", json={"params": params})
        assert answer.status_code == 422, answer.text
        assert answer.json is not None
        return {error["field"]: error["message"] for error in answer.json["errors"]}

    def _downloads(self, file_id: str) -> bytes:
        with self.person.calls("GET", f"/files/{file_id}") as answer:
            return bytes(answer.data)
