"""What became of one recipient, try by try, and what that person was sent."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.kinds.mailings.drafts.content import draft_of
from dashboard.kinds.mailings.ledger import whole
from dashboard.kinds.mailings.sending.lane import NO_VALUE
from dashboard.kinds.mailings.sight import visible_to
from dashboard.kinds.mailings.watch.lines import happened, said
from dashboard.mail.writing import MissingField, Refusal, Rendered, compile as made_ready
from dashboard.models import Delivery, Fate, Mailing, Suppression, User
from dashboard.words import gettext as _

LARGEST: Final = 200_000  # characters of a message that the page still fills
MOST: Final = 200  # mailings of one address


class Try(NamedTuple):
    """One try: when it ended, its fate, what it means, and the mail server's own words."""

    at: datetime | None
    fate: str
    happened: str
    said: str


class Seen(NamedTuple):
    """The message as one person got it, or why it cannot be shown."""

    message: Rendered | None
    refusal: str = ""


class Got(NamedTuple):
    """A mailing that an address is a recipient of, and what became of that."""

    mailing: Mailing
    delivery: Delivery
    happened: str


def tries_of(one: Delivery) -> list[Try]:
    """Give the tries at a delivery, the first one first."""
    found = one.past or []
    if one.state not in (Fate.QUEUED, Fate.CLAIMED):
        found = whole(found, one.changed_at, one.state, one.code, one.words)
    reasons = [None] * (len(found) - 1) + [one.reason]
    return [
        Try(
            datetime.fromisoformat(at) if at else None,
            fate,
            happened(fate, code, words, reason),
            said(code, words, reason),
        )
        for (at, fate, code, words), reason in zip(found, reasons, strict=False)
    ]


def message_of(mailing: Mailing, one: Delivery) -> Seen:
    """Give the message of *mailing* as the recipient *one* gets it."""
    draft = draft_of(mailing)
    if sum(map(len, (draft.subject, draft.body, draft.html, draft.text))) > LARGEST:
        return Seen(None)
    values = {name: str(value) for name, value in one.values.items() if value is not None}
    try:
        return Seen(made_ready(draft).render(values))
    except Refusal as error:
        return Seen(None, str(error))
    except MissingField as error:
        return Seen(None, _(NO_VALUE, field=error.name))


def all_of(address: str, reader: User) -> list[Got]:
    """Give the mailings that *address* is a recipient of and *reader* may see, newest first."""
    query = (
        select(Mailing, Delivery)
        .join(Delivery, Delivery.mailing_id == Mailing.id)
        .where(Delivery.address == address, visible_to(reader))
        .order_by(Delivery.id.desc())
        .limit(MOST)
    )
    return [
        Got(mailing, one, happened(one.state, one.code, one.words, one.reason))
        for mailing, one in db.session.execute(query)
    ]


def suppression_of(address: str) -> Suppression | None:
    """Give the entry of *address* on the list of those to whom nothing goes."""
    return db.session.get(Suppression, address)
