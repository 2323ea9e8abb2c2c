"""How far a mailbox has been read: what was found is done, and its end moved, in one act."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from dashboard.kinds.mailings.hooks.effects import Done, follow_in
from dashboard.kinds.mailings.hooks.event import Event
from dashboard.mail import NoRound
from dashboard.mail.bounces import Account
from dashboard.models import BounceMailbox, clock, transaction
from dashboard.models.inserting import insert_new

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Mark(NamedTuple):
    """All messages up to *last_uid* are read, as long as numbers have this *uidvalidity*."""

    uidvalidity: int | None
    last_uid: int


class Overtaken(Exception):
    """Somebody else reads the same mailbox, and is ahead."""


def key_of(account: Account) -> str:
    """Give what tells one mailbox from another, and nothing of it."""
    parts = "\0".join((account.user, account.host, account.folder))
    return hashlib.sha256(parts.encode()).hexdigest()


def begin(account: Account, *, pause: float = 0.0) -> Mark | None:
    """Give where a reading goes on; None where one has begun less than *pause* seconds ago."""
    with transaction() as session:
        row = _locked(session, account)
        now = clock()
        if row.tried_at > now - timedelta(seconds=pause):
            return None
        row.tried_at = now
        return Mark(row.uidvalidity, row.last_uid)


def keep(
    account: Account, before: Mark, after: Mark, messages: int, told: Sequence[Sequence[Event]]
) -> tuple[int, Done]:
    """Do what follows from what some *messages* told, each a list of its own.

    Gives how many of them are reports about e-mails of the desk's, and what was done. Raises
    Overtaken where the ledger is not where this reading was *before*; then nothing is done.
    """
    events = [event for each in told for event in each]
    places = [number for number, each in enumerate(told) for _ in each]
    with transaction() as session:
        row = _locked(session, account)
        if (row.uidvalidity, row.last_uid) != before:
            raise Overtaken
        done = follow_in(session, events)
        reports = len({places[at] for at in done.known})
        row.uidvalidity, row.last_uid = after
        row.messages += messages
        row.reports += reports
        row.marked += done.marked
    return reports, done


def end(account: Account, trouble: NoRound | None = None) -> None:
    """Write down that the mailbox has been read, or why it could not be."""
    with transaction() as session:
        row = _locked(session, account)
        if trouble is None:
            row.read_at = clock()
            row.trouble = None
        else:
            row.trouble = [trouble.message, trouble.values]


def _locked(session: Session, account: Account) -> BounceMailbox:
    """Give the row, which nobody else changes until the transaction ends; make it first."""
    key = key_of(account)
    row = {"key": key, "tried_at": NEVER}
    session.execute(insert_new(session, BounceMailbox, [row], key="key"))
    return session.get_one(BounceMailbox, key, populate_existing=True, with_for_update=True)
