"""E-mails that come back: reads the mailbox to which mail servers return them (RFC 3464)."""

from dashboard.mail.bounces.account import Account
from dashboard.mail.bounces.inbox import Batch, Inbox, opened
from dashboard.mail.bounces.report import Report, reports_of

__all__ = ["Account", "Batch", "Inbox", "Report", "opened", "reports_of"]
