"""What became of recipients, as pages tell it: a page of one sort at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import or_, select

from dashboard.extensions import db
from dashboard.kinds.mailings.hooks.effects import BOUNCED, COMPLAINED, RETURNED, SOFT_BOUNCE
from dashboard.kinds.mailings.ledger import whole
from dashboard.kinds.mailings.watch.sorts import Sort
from dashboard.mail.mishaps import KEPT
from dashboard.mail.replies import plain
from dashboard.models import Delivery, Fate
from dashboard.words import gettext as _, marked, told

PAGE: Final = 50

TAKEN: Final = marked("The mail server took it.")
SUPPRESSED: Final = marked("The address is on the list of those to whom nothing goes.")
UNCERTAIN: Final = marked("It may have arrived: the connection broke behind its last word.")
QUEUED: Final = marked("It stands in line.")
CLAIMED: Final = marked("It is on its way.")
OFF: Final = marked("Nothing more goes there.")
CONTENT: Final = "content"
"""The reason of a message that could not be made; its words are our own."""

TOLD_LATER: Final = {
    BOUNCED: marked("It came back: the address takes no e-mails. Nothing more goes there."),
    RETURNED: marked("It came back: a mail server farther on did not take it."),
    SOFT_BOUNCE: marked("It came back for now, after the mail server had taken it."),
    COMPLAINED: marked("It arrived and was called spam. Nothing more goes there."),
}
"""What mail services, or reports by e-mail, told afterwards."""

SAYS: Final = {
    Fate.SENT: TAKEN,
    Fate.SUPPRESSED: SUPPRESSED,
    Fate.UNCERTAIN: UNCERTAIN,
    Fate.QUEUED: QUEUED,
    Fate.CLAIMED: CLAIMED,
}


@dataclass(frozen=True)
class Line:
    """One recipient: *said* is the mail server's own answer, *due_at* the time of the next try."""

    id: int
    email: str
    fate: str
    happened: str
    said: str
    at: datetime | None
    due_at: datetime | None = None


class Shown(NamedTuple):
    """The recipients of one page; *after* is where the next one begins, or None."""

    lines: list[Line]
    after: int | None


def shown(mailing_id: int, sort: Sort, *, after: int) -> Shown:
    """Give the recipients of a *sort* behind the delivery *after*."""
    states = or_(*(Delivery.state == fate for fate in sort.fates))
    query = select(Delivery).where(Delivery.mailing_id == mailing_id, states, Delivery.id > after)
    found = list(db.session.scalars(query.order_by(Delivery.id).limit(PAGE + 1)))
    lines = [line_of(delivery) for delivery in found[:PAGE]]
    return Shown(lines, lines[-1].id if len(found) > PAGE else None)


def line_of(one: Delivery) -> Line:
    """Give what became of a recipient in words."""
    return Line(
        one.id,
        one.email,
        one.state,
        happened(one.state, one.code, one.words, one.reason),
        said(one.code, one.words, one.reason),
        one.changed_at if one.state != Fate.QUEUED else None,
        one.due_at if one.state == Fate.DEFERRED else None,
    )


def happened(fate: str, code: int | None, words: str | None, reason: str | None = None) -> str:
    """Say in the reader's language what has happened."""
    if reason in TOLD_LATER:
        return _(TOLD_LATER[reason])
    if fate == Fate.SENT and words == KEPT:
        return _(KEPT)
    if fate in SAYS:
        return _(SAYS[Fate(fate)])
    if reason == CONTENT:
        return told(words or "")
    reading = plain(code or 0, words or "")
    sentence = told(reading.sentence)
    if fate == Fate.FAILED and reading.category == "bad-address":
        return f"{sentence} {_(OFF)}"
    return sentence


def plain_reason(fate: str, code: int | None, words: str | None, reason: str | None) -> str:
    """Say in English why it was not taken; nothing for what was."""
    if fate not in (Fate.FAILED, Fate.DEFERRED):
        return ""
    if reason in TOLD_LATER:
        return TOLD_LATER[reason]
    return words or "" if reason == CONTENT else plain(code or 0, words or "").sentence


def said(code: int | None, words: str | None, reason: str | None = None) -> str:
    """Give the mail server's own answer; nothing where it gave none."""
    if reason in TOLD_LATER:
        return words or ""  # With its code, where it had one.
    return f"{code} {words or ''}".strip() if code and words != KEPT else ""


def tries(one: Any) -> int:
    """Give how often the delivery *one* was tried, also before somebody put it in line again."""
    past = one.past or []
    if one.state not in (Fate.QUEUED, Fate.CLAIMED, Fate.SUPPRESSED):
        past = whole(past, one.changed_at, one.state, one.code, one.words)
    return max(int(one.tries), len(past))
