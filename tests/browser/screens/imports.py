"""Imports to look at: a table that takes files, and what has become of some."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of
from dashboard.jobs.targets import open_target, target
from dashboard.models import Job, User
from tests.kinds.imports.importer import Importer, workbook
from tests.kinds.imports.undoer import looks, undoes
from tests.parts import until
from tests.people import Person, csrf_of
from tests.sources.databases import sqlite_database

KIND: Final = "check-shop-dealers"
DEALERS: Final = """
CREATE TABLE dealers (dealer_no TEXT PRIMARY KEY, name TEXT NOT NULL, since DATE,
                      credit NUMERIC(8,2), active BOOLEAN, email TEXT UNIQUE);
INSERT INTO dealers VALUES ('D-1', 'Ada & Sons', '2020-01-01', 1200.5, 1, 'ada@example.org'),
                           ('D-2', 'Bo Diddley KG', NULL, NULL, 0, NULL);
"""
HEADER: Final = "Dealer No;Name;Since;Credit;Active;Email\r\n"
MANY: Final = "".join(
    f"D-{at};Dealer {at:,};2026-02-{at % 28 + 1:02};{at * 3},50;yes;dealer{at}@example.org\r\n"
    for at in range(100, 400)
)
GOOD: Final = HEADER + "D-1;Ada & Sons;2020-01-01;1200,50;yes;ada@example.org\r\n" + MANY
MIXED: Final = (
    GOOD + "D-2;Bo Diddley & Co. KG;2021-04-01;;no;bo@example.org\r\n"
    ";Ekström AB;2021-04-01;;yes;\r\nD-20771;Baker & Sons;31/02/2026;about 20;yes;\r\n"
    "D-104;Dealer 104 again;;;maybe;\r\n"
)
TAKEN: Final = HEADER + "D-7;Cy;;;;ada@example.org\r\nD-8;Di;;;;di@example.org\r\n"
SECONDS: Final = 60.0


def writing_url(home: Path) -> dict[str, str]:
    """Give what lets the desk at *home* write to its shop."""
    return {"shop": f"sqlite:///{home / 'demo' / 'shop.db'}"}


def fill_imports(app: Flask, home: Path, email: str, password: str) -> dict[str, str]:
    """Open a table for import, and check and import some files; gives the ids that paths name."""
    shop = home / "demo" / "shop.db"
    with closing(sqlite3.connect(shop)) as connection:
        connection.executescript(DEALERS)
    with app.app_context():
        by = db.session.scalars(select(User).where(User.email == email)).one()
        person = Person(app, app.test_client(), by.id, by.name, email)
        target("shop").prepare()
        summary = "Adds dealers and updates their addresses."
        open_target("shop", "dealers", title="Import dealers", summary=summary, by=by)
    assert person.signs_in(password).status_code == 302
    desk = _Desk(app, person, sqlite_database(shop))
    mixed, good, taken = (desk.checks(text, kind=KIND) for text in (MIXED, GOOD, TAKEN))
    imported, refused = desk.imports(good), desk.imports(taken)
    broken = desk.checks(TAKEN.replace("D-8;Di;;;;di", "D-9;Ed;;;;ed"), kind=KIND)
    desk.imports(broken, "whole")
    with closing(sqlite3.connect(shop)) as connection:
        connection.executescript(
            "UPDATE dealers SET email = 'new@example.org' WHERE dealer_no = 'D-101';"
            "DELETE FROM dealers WHERE dealer_no = 'D-102';"
        )
    looked = looks(desk, good)
    undone = desk.checks(HEADER + "D-50;Gus;;;;\r\nD-51;Hal;;;;\r\n", kind=KIND)
    desk.imports(undone)
    undo = undoes(desk, looks(desk, undone))
    return {
        "undo-look": looked.id,
        "undone": undo.id,
        "import-undone": undone.id,
        "own-file": desk.own_file(mixed),
        "sent": desk.upload(MIXED, "spring list.csv"),
        "sent-sheet": desk.upload(workbook(("Dealer No", "Name"), ("D-5", "Flo"))),
        "sent-picture": desk.upload(b"\x89PNG\r\n\x1a\n....", "dealers.csv"),
        "import-mixed": mixed.id,
        "import-good": good.id,
        "import-done": imported.id,
        "import-refused": refused.id,
        "import-broken": broken.id,
    }


class _Desk(Importer):
    """A desk with workers of its own."""

    def own_file(self, check: Fact) -> str:
        """Have the file made that says what to fix; gives the id of the job."""
        token = csrf_of(self.person.opens(f"/imports/{check.id}").text)
        data = {"csrf_token": token}
        answer = self.person.client.post(f"/imports/{check.id}/own-file", data=data)
        assert answer.status_code == 303, answer.text
        return self.fact(answer.location.rpartition("/")[2]).id

    def works(self) -> None:
        """Leave it to them."""

    def fact(self, job_id: str) -> Fact:
        """Give the job once it has ended."""
        query: Any = select(Job).where(Job.id == UUID(job_id))

        def ended() -> bool:
            return bool(db.session.scalars(query).one().is_final)

        until(self.app, ended, SECONDS)
        with self.app.app_context():
            return fact_of(db.session.scalars(query).one())
