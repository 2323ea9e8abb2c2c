"""Messages written by hand: for many people, quickly, and for every mail program (RFC 5322)."""

from dashboard.mail.mime.attached import Attached
from dashboard.mail.mime.bad import BadHeader
from dashboard.mail.mime.mailbox import Mailbox, needs_utf8
from dashboard.mail.mime.mould import Mould

__all__ = ["Attached", "BadHeader", "Mailbox", "Mould", "needs_utf8"]
