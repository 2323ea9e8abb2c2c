"""The address to which mail servers return what they cannot deliver (RFC 5321 section 4.4)."""

from dashboard.mail.letter import MailError
from dashboard.mail.mime import BadHeader, Mailbox, needs_utf8


def check_return_path(address: object) -> None:
    """Raise MailError where *address* is none that every mail server takes."""
    mailbox = Mailbox(str(address))
    try:
        mailbox.spec()
    except BadHeader:
        pass
    else:
        if not needs_utf8(mailbox):
            return
    raise MailError("FLASK_MAIL_RETURN_PATH must be an address such as bounces@example.org.")
