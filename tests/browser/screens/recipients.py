"""Recipients to look at: about to be chosen, being checked, and checked with problems."""

import uuid
from datetime import timedelta
from typing import Final

from flask import Flask
from sqlalchemy import select, update

from dashboard.extensions import db
from dashboard.formats.reading import recognise
from dashboard.jobs import find
from dashboard.jobs.uploads import keep_upload, open_upload
from dashboard.kinds.mailings.audience.choice import Audience
from dashboard.kinds.mailings.audience.kind import NAME
from dashboard.kinds.mailings.audience.starting import params_of
from dashboard.kinds.mailings.drafts import create, save
from dashboard.kinds.mailings.suppressions import suppress
from dashboard.models import Cause, Job, Mailing, State, User, clock, transaction
from dashboard.showcase.player import Player

FILE: Final = "guests-2026.csv"
QUEUE: Final = "recipients"  # Of which no worker knows.
GUESTS: Final = 1_231
BODY: Final = "Dear {{ first_name }},\n\nyour stand is **{{ stand }}**.\n"
NAMES: Final = ("Ada Lovelace", "Bo Lindqvist", "Ines Okafor", "Li Wei", "Tomás Dvořák")


def guests() -> str:
    """Give a file of people: three with a problem, five twice, nine who want no e-mail."""
    lines = [_guest(at) for at in range(1, GUESTS + 10)]
    lines.insert(12, "tomas.example.com,Tomás,A 02,cs")
    lines.insert(205, "li.wei@example.net,,C 31,en")
    lines.insert(1100, "sofia@@example.org,Sofia,B 07,de")
    lines += [f"GUEST.{at}@example.org,{NAMES[at % 5]},A 01,en" for at in range(1, 6)]
    return "email,first_name,stand,language\n" + "\n".join(lines) + "\n"


def _guest(at: int) -> str:
    stand = f"{'ABC'[at % 3]} {at % 40:02}"
    return f"guest.{at}@example.org,{NAMES[at % 5]},{stand},{'en' if at % 4 else 'de'}"


def fill_recipients(app: Flask, email: str) -> dict[str, str]:
    """Make mailings whose recipients are in each state; gives their ids by the names of states."""
    with app.app_context():
        by = db.session.scalars(select(User).where(User.email == email)).one()
        for at in range(GUESTS + 1, GUESTS + 10):
            suppress(f"guest.{at}@example.org", Cause.UNSUBSCRIBED)
        sent = str(keep_upload(FILE, [guests().encode()], by_id=by.id).id)
        plain = str(keep_upload("towns.csv", [b"name;town\nAda;Paris\n"], by_id=by.id).id)
        with open_upload(sent, None) as file:
            audience = Audience("upload", sent, FILE, recognise(file.path, FILE).manner, "email")
        made = [_draft(by), *(_draft(by, audience) for _ in range(4))]
        without, unchecked, checked, old, checking = (mailing.id for mailing in made)
        for mailing in (checked, old):
            _check(mailing, by)
            assert Player(QUEUE).work() == State.SUCCEEDED
        found = db.session.get_one(Mailing, old)
        save(old, found.version, by=by, body="{{ first_name }}, {{ language }}")
        _hold(_check(checking, by))
    names = ("no-recipients", "unchecked", "checked", "old-check", "checking")
    ids = dict(zip(names, map(str, (without, unchecked, checked, old, checking)), strict=True))
    return {**ids, "guests": sent, "towns": plain}


def _draft(by: User, audience: Audience | None = None) -> Mailing:
    kept = audience and audience.as_json()
    return create("Autumn fair invitation", by=by, subject="Your stand", body=BODY, audience=kept)


def _check(mailing_id: int, by: User) -> uuid.UUID:
    """Start the check of a mailing where no real worker takes it."""
    mailing = db.session.get_one(Mailing, mailing_id)
    kind = find(NAME)
    assert kind is not None
    job_id = Player(QUEUE).start(kind, params_of(mailing), by=by)
    save(mailing_id, mailing.version, by=by, check_id=job_id)
    return job_id


def _hold(job_id: uuid.UUID) -> None:
    """Leave a job in the middle of its work."""
    Player(QUEUE).claim()
    now = clock()
    with transaction() as session:
        session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(
                lease_until=now + timedelta(days=1),
                progress_done=800,
                progress_total=1_248,
                progress_phase="Check the recipients",
                progress_since=now,
                progress_at=now,
                version=Job.version + 1,
            )
        )
