"""Reads what is new in the mailbox, a batch at a time."""

import logging
from typing import NamedTuple

from dashboard.extensions import db
from dashboard.kinds.mailings.bounces.ledger import Mark, Overtaken, begin, end, keep
from dashboard.kinds.mailings.bounces.told import told_by
from dashboard.kinds.mailings.hooks.event import Event
from dashboard.mail import NoRound
from dashboard.mail.bounces import Account, opened, reports_of

logger = logging.getLogger(__name__)


class Found(NamedTuple):
    """What was new: *messages*, those that are *reports* about e-mails of the desk's, and effects.

    *marked* are deliveries, *suppressed* addresses that are new on the list.
    """

    messages: int = 0
    reports: int = 0
    marked: int = 0
    suppressed: int = 0


def read(account: Account, *, pause: float = 0.0) -> Found | None:
    """Read on; None where somebody has begun to less than *pause* seconds ago.

    Raises NoRound where the mailbox cannot be read; that is written down.
    """
    mark = begin(account, pause=pause)
    if mark is None:
        return None
    try:
        found = _read_on(account, mark)
    except NoRound as trouble:
        db.session.rollback()
        end(account, trouble)
        raise
    logger.info(
        "The mailbox of bounces has %d new messages: %d reports, %d deliveries marked.",
        found.messages,
        found.reports,
        found.marked,
    )
    return found


def _read_on(account: Account, mark: Mark) -> Found:
    found = Found()
    with opened(account) as inbox:
        after = mark.last_uid if mark.uidvalidity == inbox.uidvalidity else 0
        for batch in inbox.batches(after):
            told = [told_in(raw) for raw in batch.messages]
            reached = Mark(inbox.uidvalidity, batch.last)
            try:
                reports, done = keep(account, mark, reached, batch.number, told)
            except Overtaken:
                logger.info("Another process reads the mailbox of bounces at this moment.")
                return found
            mark = reached
            found = Found(
                found.messages + batch.number,
                found.reports + reports,
                found.marked + done.marked,
                found.suppressed + done.suppressed,
            )
    end(account)
    return found


def told_in(raw: bytes) -> list[Event]:
    """Give what the message *raw* tells."""
    events = (told_by(report) for report in reports_of(raw))
    return [event for event in events if event is not None]
