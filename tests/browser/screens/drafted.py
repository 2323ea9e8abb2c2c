"""Mailings that are being written, to look at."""

from typing import Any, Final

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.kinds.mailings.audience.choice import Audience
from dashboard.kinds.mailings.drafts import create, draft_of
from dashboard.kinds.mailings.letters import ledger
from dashboard.mail.writing import Draft
from dashboard.models import ContactList, Sender, User

FAIR: Final = (
    "Dear {{ name }},\n\nwe would love to see you at our **autumn fair** on 5 December. Your stand "
    "is B 14.\n\n- hall 2 opens at 9:00\n- [the plan](https://example.org/plan)\n\nThe events team"
)


def fill_drafts(email: str) -> dict[str, str]:
    """Write drafts and a template; gives the ids that paths name."""
    by = db.session.scalars(select(User).where(User.email == email)).one()
    readers = db.session.scalars(select(ContactList)).first()
    events = Sender.address == "events@example.org"
    sender = db.session.scalars(select(Sender).where(events)).one()
    audience = Audience("list", str(readers.id), readers.title).as_json() if readers else None
    said: dict[str, Any] = {"sender_id": sender.id, "audience": audience}
    fair = create(
        "Autumn fair invitation",
        by=by,
        subject="{{ name }}, you are invited to the autumn fair",
        body=FAIR,
        why="You get this because you are a guest of our fairs.",
        **said,
    )
    stand = create(
        "Stands, second call",
        by=by,
        subject="{{ Name }}, your stand",
        body="Dear {{ name }},\n\nyour stand is {{ stand }}. {{ since }}",
        html="<h1>Dear {{ name }},</h1><p>your stand is <b>{{ stand }}</b>.</p>",
        **said,
    )
    two = create("Written by two", by=by, subject="Come", body="Dear all,\n\ncome.", **said)
    new = create("Spring letter", by=by)
    letter = ledger.add("Invitation", draft_of(fair), by=by)
    again = Draft("Come again, {{ name }}", FAIR.replace("B 14", "B 15"))
    ledger.add_version(letter.id, again, by=by)
    ids = {"fair": fair.id, "stand": stand.id, "two": two.id, "new-mailing": new.id}
    return {name: str(number) for name, number in {**ids, "letter": letter.id}.items()}
