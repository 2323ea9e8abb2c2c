"""A desk whose bounces come to a real mailbox."""

from dataclasses import dataclass
from typing import Final

from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.kinds.mailings.bounces import Found, read
from dashboard.mail.bounces import Account
from dashboard.models import BounceMailbox
from tests.kinds.mailings.hooks import delivery
from tests.mail.dovecot import Somebody

PEOPLE: Final = 5
"""So many got the mailing."""


def to(place: int) -> str:
    """Give the address of somebody who got it."""
    return f"p{place}@example.org"


def states(app: Flask) -> list[str]:
    """Give what became of each of them."""
    return [delivery(app, place).state for place in range(1, PEOPLE + 1)]


def id_of(place: int, mailing_id: int = 1) -> str:
    """Give the Message-ID of a delivery, as made_mailing makes it."""
    return f"<{mailing_id}.{place}@example.org>"


@dataclass
class Mailbox:
    """The mailbox of *somebody* that *app* reads."""

    app: Flask
    somebody: Somebody

    def opened(self, url: str = "") -> "Mailbox":
        """Let the desk know the mailbox, by its own address or another *url*."""
        self.app.extensions["bounces"] = Account.of(url or self.somebody.url())
        return self

    @property
    def account(self) -> Account:
        """How the desk gets at it."""
        account: Account = self.app.extensions["bounces"]
        return account

    def gets(self, *messages: bytes) -> None:
        """Let *messages* arrive."""
        self.somebody.gets(*messages, folder=self.account.folder)

    def is_read(self) -> Found:
        """Read it now."""
        with self.app.app_context():
            found = read(self.account)
        assert found is not None
        return found

    @property
    def row(self) -> BounceMailbox:
        """What the ledger knows of it."""
        with self.app.app_context():
            return db.session.scalars(select(BounceMailbox)).one()
