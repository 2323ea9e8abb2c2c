"""Where the mailbox stands, as a page says it."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from dashboard.extensions import db
from dashboard.kinds.mailings.bounces.ledger import NEVER, key_of
from dashboard.mail.bounces import Account
from dashboard.models import BounceMailbox
from dashboard.words import gettext as _


@dataclass(frozen=True)
class Standing:
    """The *mailbox* by its name; the moments are None where there has been none.

    *reports* are about e-mails of the desk's, *marked* the deliveries marked because of them.
    *trouble* is why it could not be read at *tried_at*, "" where it could.
    """

    mailbox: str
    tried_at: datetime | None = None
    read_at: datetime | None = None
    reports: int = 0
    marked: int = 0
    trouble: str = ""


def standing() -> Standing | None:
    """Give where the mailbox of this desk stands; None where it has none."""
    account: Account | None = current_app.extensions["bounces"]
    if account is None:
        return None
    row = db.session.get(BounceMailbox, key_of(account))
    if row is None or row.tried_at == NEVER:
        return Standing(account.name)
    sentence, values = row.trouble or ("", {})
    trouble = _(sentence, **values) if sentence else ""
    return Standing(account.name, row.tried_at, row.read_at, row.reports, row.marked, trouble)
