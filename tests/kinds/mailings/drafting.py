"""What a person does on the page of a draft."""

import csv
import io
import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from dashboard.extensions import db
from dashboard.formats.reading import recognise
from dashboard.jobs.uploads import keep_upload, open_upload
from dashboard.kinds.mailings.audience.choice import Audience
from dashboard.kinds.mailings.drafts import save
from dashboard.models import Mailing, Sender, User, clock, transaction
from tests.people import Person

HIDDEN = re.compile(r'<input[^>]*name="(version|base|token|row|csrf_token)"[^>]*value="([^"]*)"')


def add_sender(app: Flask, name: str, address: str, *roles: str) -> int:
    with app.app_context():
        with transaction() as session:
            sender = Sender(name=name, address=address, roles=list(roles), made_at=clock())
            session.add(sender)
        return sender.id


def page_of(draft: int) -> str:
    return f"/mailings/{draft}/edit"


def form_on(person: Person, draft: int, **changes: Any) -> dict[str, Any]:
    """Give what the form of the page would send."""
    text = person.opens(page_of(draft)).text
    with person.app.app_context():
        mailing = db.session.get_one(Mailing, draft)
        values: dict[str, Any] = {
            name: getattr(mailing, name) for name in ("title", "subject", "body", "why")
        }
        values["sender"] = str(mailing.sender_id or "")
    return {**values, **dict(HIDDEN.findall(text)), **changes}


def saves(person: Person, draft: int, *, live: bool = False, **changes: Any) -> TestResponse:
    data = form_on(person, draft, **changes)
    headers = {"X-Live": "1"} if live else {}
    return person.client.post(page_of(draft), data=data, headers=headers)


def kept(app: Flask, draft: int) -> Mailing:
    with app.app_context():
        mailing = db.session.get_one(Mailing, draft)
        db.session.refresh(mailing)
        db.session.expunge(mailing)
        return mailing


def invites(person: Person, draft: int, *rows: dict[str, str]) -> None:
    """Let the draft go to the people of guests.csv, who are not checked yet."""
    text, name = io.StringIO(), "guests.csv"
    lines = csv.DictWriter(text, list(rows[0]))
    lines.writeheader()
    lines.writerows(rows)
    with person.app.app_context():
        sent = str(keep_upload(name, [text.getvalue().encode()], by_id=person.id).id)
        with open_upload(sent, None) as file:
            manner = recognise(file.path, name).manner
        audience = Audience("upload", sent, name, manner, "email").as_json()
        version = db.session.get_one(Mailing, draft).version
        save(draft, version, by=db.session.get_one(User, person.id), audience=audience)


def tries(person: Person, draft: int, **changes: Any) -> TestResponse:
    """Press “Send a test to me”."""
    data = form_on(person, draft, **changes)
    return person.client.post(f"/mailings/{draft}/test", data=data)
