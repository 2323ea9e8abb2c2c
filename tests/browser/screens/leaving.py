"""Mailings about to be sent, to look at: to few, to many, and one that waits for approval."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.kinds.mailings.release import ask, mark_of, present_seal
from dashboard.models import Mailing, Sender, User, clock
from tests.kinds.mailings.made import make_draft

ASKER: Final = "clara.sommer@example.org"


def fill_leaving(email: str) -> dict[str, str]:
    """Make drafts to few and to many, one that misses much, and one that waits for approval."""
    by = db.session.scalars(select(User).where(User.email == email)).one()
    events = Sender.address == "events@example.org"
    sender = db.session.scalars(select(Sender).where(events)).one()
    asker = db.session.scalars(select(User).where(User.email == ASKER)).one()
    asked = make_draft(asker.id, 6000, sender=sender, title="Invitation for all customers")
    seen = mark_of(present_seal(db.session.get_one(Mailing, asked)))
    at = clock() + timedelta(days=3)
    ask(asked, by=asker, version=1, seen=seen, at=at, a_minute=300)
    ids = {
        "mailing-few": make_draft(by.id, 231, sender=sender, a_minute=60),
        "mailing-many": make_draft(by.id, 1231, sender=sender, a_minute=840),
        "mailing-unfit": make_draft(by.id, 3, sender=sender, subject="", body="{{ town }}"),
        "mailing-asked": asked,
    }
    return {name: str(number) for name, number in ids.items()}
