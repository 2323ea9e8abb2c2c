"""What a person does at a desk that imports: sends a file, checks it, imports it."""

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import openpyxl
from flask import Flask
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of, sweep, targets, task
from dashboard.models import Job, clock, transaction
from tests.people import Person, csrf_of
from tests.sources.databases import Database, everything

CHECK = "check-shop-customers"
SHOP = """
CREATE TABLE customers (customer_no {text} PRIMARY KEY, name {text} NOT NULL, since date,
                        credit numeric(8,2), active boolean, email {text} UNIQUE);
INSERT INTO customers VALUES
    ('C-1', 'Ada', '2020-01-01', 12.50, {true}, 'ada@example.org'),
    ('C-2', 'Bo', NULL, NULL, {false}, NULL);
CREATE TABLE loose (word {text}, amount integer);
"""
MARKS = {
    False: "(SELECT name FROM sqlite_master WHERE name LIKE 'bellhop%' AND type = 'table')",
    True: "(SELECT tablename FROM pg_tables WHERE tablename LIKE 'bellhop%') t",
}


def fill(database: Database) -> None:
    """Make the tables of the shop."""
    true, false = database.say(sqlite="1 0", postgresql="true false").split()
    database.execute(SHOP.format(true=true, false=false, text="varchar(40)"))


@dataclass
class Importer:
    """A person at the desk, and the shop behind it."""

    app: Flask
    person: Person
    shop: Database

    def opens(self, table: str, **more: Any) -> None:
        """Open a table for import."""
        with self.app.app_context():
            targets.open_target("shop", table, title=f"Import {table}", by=None, **more)

    def prepares(self) -> None:
        """Make the tables in which imports keep what is done."""
        self.app.extensions["targets"]["shop"].prepare()

    def forgets(self) -> None:
        """Drop the tables in which imports keep what is done."""
        for name in self.rows(MARKS[self.shop.is_postgresql]):
            self.shop.execute(f"DROP TABLE {name[0]}")

    def sends(self, data: str | bytes, name: str = "spring.csv", by: Person | None = None) -> str:
        """Send a file; gives the address of the page that goes on with it."""
        person = by or self.person
        token = csrf_of(person.opens("/account").text)
        content = data.encode() if isinstance(data, str) else data
        fields = {
            "csrf_token": token,
            "next": f"/new/{CHECK}",
            "file": FileStorage(io.BytesIO(content), name),
        }
        boundary, body = encode_multipart(fields)
        kind = f"multipart/form-data; boundary={boundary}"
        answer = person.client.post("/uploads", data=body, content_type=kind)
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def upload(self, data: str | bytes, name: str = "spring.csv") -> str:
        """Send a file; gives its id."""
        return self.sends(data, name).partition("upload=")[2]

    def checks(self, data: str | bytes, name: str = "spring.csv", **choices: Any) -> Fact:
        """Let a file be checked as it is recognised, but for *choices*; gives the job."""
        kind = choices.pop("kind", CHECK)
        params = {"upload": self.upload(data, name), **choices}
        answer = self.person.calls("POST", f"/jobs/{kind}", json={"params": params})
        assert answer.status_code == 202, answer.text
        assert answer.json is not None
        self.works()
        return self.fact(answer.json["id"])

    def wrong(self, data: str | bytes, **choices: Any) -> dict[str, str]:
        """Give the complaints about what is asked for."""
        params = {"upload": self.upload(data), **choices}
        answer = self.person.calls("POST", f"/jobs/{CHECK}", json={"params": params})
        assert answer.status_code == 422, answer.text
        assert answer.json is not None
        return {each["field"]: each["message"] for each in answer.json["errors"]}

    def presses(self, check: Fact, *boxes: str, by: Person | None = None) -> TestResponse:
        """Press the button that imports, the *boxes* ticked."""
        person = by or self.person
        page = person.opens(f"/imports/{check.id}").text
        data = {"csrf_token": csrf_of(page), **dict.fromkeys(boxes, "1")}
        return person.client.post(f"/imports/{check.id}/start", data=data)

    def imports(self, check: Fact, *boxes: str) -> Fact:
        """Press the button and let the worker work; gives the import."""
        answer = self.presses(check, *boxes)
        assert answer.status_code == 303, answer.text
        self.works()
        return self.fact(answer.location.rpartition("/")[2])

    def works(self) -> None:
        """Do the next job."""
        with self.app.app_context():
            task.run.apply(args=("reports",), throw=True)

    def waits_no_longer(self, job: Fact) -> None:
        """Do now what is to be tried again later."""
        with self.app.app_context(), transaction() as session:
            session.execute(update(Job).where(Job.id == UUID(job.id)).values(due_at=clock()))
        with self.app.app_context():
            sweep.release_due()
        self.works()

    def fact(self, job_id: str) -> Fact:
        """Give the job as it stands."""
        with self.app.app_context():
            return fact_of(
                next(job for job in db.session.scalars(select(Job)) if str(job.id) == job_id)
            )

    def rows(self, table: str = "customers") -> list[tuple[object, ...]]:
        """Give what the table holds."""
        with self.shop.source.reading(timeout=10) as reading:
            return everything(reading, f"SELECT * FROM {table} ORDER BY 1")


def workbook(*rows: tuple[Any, ...]) -> bytes:
    """Give a workbook with one sheet of *rows*."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Dealers"
    for row in rows:
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
