"""The texts of a draft, saved so that nobody's words are lost and nobody is asked for nothing."""

import hashlib
import json
from typing import Any, Final

from dashboard.kinds.mailings.drafts.ledger import Changed, save
from dashboard.models import Mailing, MailingState, User

WRITTEN: Final = ("title", "sender_id", "subject", "body", "html", "text", "why")
"""What the form of a draft has; recipients and attachments are changed elsewhere."""


def base_of(mailing: Mailing) -> str:
    """Give a digest of the texts as they are: whoever saves over them names it."""
    told = json.dumps([getattr(mailing, name) for name in WRITTEN], separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def save_texts(mailing_id: int, version: int, base: str, *, by: User, **values: Any) -> Mailing:
    """Save texts over those that were read, which *base* names.

    What else was saved meanwhile stays, and an answer that was lost is simply given again. Raises
    Changed where somebody has written something else.
    """
    try:
        return save(mailing_id, version, by=by, **values)
    except Changed as changed:
        now = changed.mailing
        if now.state != MailingState.DRAFT:
            raise
        is_said = all(getattr(now, name) == value for name, value in values.items())
        if not is_said and base_of(now) != base:
            raise
        return save(mailing_id, now.version, by=by, **values)


def differing(mailing: Mailing, values: dict[str, Any]) -> list[str]:
    """Give the names of the texts in which *values* differ from what the ledger has."""
    return [name for name in WRITTEN if name in values and values[name] != getattr(mailing, name)]
