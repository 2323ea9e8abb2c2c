"""E-mails that come back to a mailbox: read every few minutes, with the effects of webhooks."""

from dashboard.kinds.mailings.bounces.reading import Found, read
from dashboard.kinds.mailings.bounces.rounds import go_on
from dashboard.kinds.mailings.bounces.standing import Standing, standing

__all__ = ["Found", "Standing", "go_on", "read", "standing"]
