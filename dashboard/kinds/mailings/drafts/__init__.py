"""Mailings before they are sent: what they say, and who has changed it."""

from dashboard.kinds.mailings.drafts.content import content_digest, draft_of
from dashboard.kinds.mailings.drafts.ledger import Changed, create, save

__all__ = ["Changed", "content_digest", "create", "draft_of", "save"]
