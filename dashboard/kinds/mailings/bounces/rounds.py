"""Reads the mailbox every few minutes beside the scheduler, which waits for no mail server."""

import logging
import threading
import time
from typing import Final

from flask import Flask, current_app

from dashboard.extensions import db
from dashboard.kinds.mailings.bounces.ledger import end
from dashboard.kinds.mailings.bounces.reading import read
from dashboard.mail import NoRound
from dashboard.mail.bounces import Account
from dashboard.words import marked

EVERY_SECONDS: Final = 300.0
AGAIN_SECONDS: Final = 60.0
"""So soon it is looked again whether it is time, where another scheduler may have been first."""

OWN_FAULT: Final = marked("The desk itself made a mistake. Its log says which.")

logger = logging.getLogger(__name__)


class Rounds:
    """Runs one reading at a time, in a thread that ends with its process."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._next = 0.0

    def go_on(self, app: Flask, account: Account) -> None:
        """Begin a reading where it is time and none is under way."""
        if time.monotonic() < self._next or (self._thread and self._thread.is_alive()):
            return
        # What it has not committed when the process ends is read again by the next one.
        self._thread = threading.Thread(
            target=self._read, args=(app, account), name="bounces", daemon=True
        )
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for a reading that is under way; says whether there is none any more."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._thread is None or not self._thread.is_alive()

    def _read(self, app: Flask, account: Account) -> None:
        self._next = time.monotonic() + AGAIN_SECONDS
        with app.app_context():
            try:
                read(account, pause=EVERY_SECONDS)
            except NoRound as trouble:
                logger.warning("The mailbox of bounces could not be read: %s", trouble)
            except Exception:
                logger.exception("The mailbox of bounces could not be read.")
                _own_up(account)


def _own_up(account: Account) -> None:
    """Write down that it was our fault, where even that can be."""
    try:
        db.session.rollback()
        end(account, NoRound(OWN_FAULT))
    except Exception:
        logger.exception("What is wrong with the mailbox of bounces could not be written down.")


def go_on() -> None:
    """Do what is due for the mailbox of this desk, if it has one; never waits."""
    account: Account | None = current_app.extensions["bounces"]
    if account is not None:
        rounds: Rounds = current_app.extensions.setdefault("bounce_rounds", Rounds())
        rounds.go_on(current_app._get_current_object(), account)  # type: ignore[attr-defined]
