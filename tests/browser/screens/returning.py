"""The mailbox of bounces, to look at: read until just now, or with a wrong password."""

from datetime import timedelta
from typing import Final

from dashboard.kinds.mailings.bounces.ledger import key_of
from dashboard.mail import NoRound
from dashboard.mail.bounces import Account
from dashboard.mail.bounces.line import PASSWORD
from dashboard.models import BounceMailbox, clock, transaction

# Nobody listens there. What the scheduler finds of that is written over, and it looks no more.
URL: Final = "imap://bounces%40example.org:a%20password@127.0.0.1:9"
REFUSED: Final = NoRound(
    PASSWORD, server="mail.example.org:993", reason="[AUTHENTICATIONFAILED] Authentication failed."
)


def fill_returning(*, trouble: bool = False) -> None:
    """Let the mailbox have been read for some days, and perhaps be locked since."""
    with transaction() as session:
        now = clock()
        row = BounceMailbox(
            key=key_of(Account.of(URL)),
            uidvalidity=1,
            last_uid=1310,
            messages=1310,
            reports=1284,
            marked=1190,
            tried_at=now - timedelta(minutes=2) if trouble else now + timedelta(days=1),
            read_at=now - (timedelta(days=2) if trouble else timedelta(minutes=2)),
            trouble=[REFUSED.message, REFUSED.values] if trouble else None,
        )
        session.merge(row)
