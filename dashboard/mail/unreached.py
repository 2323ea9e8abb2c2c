"""Why no round could begin, in words that pages say in the language of whoever reads."""

import ssl
from typing import Final

from dashboard.mail.letter import MailError, MailRefused
from dashboard.mail.mishaps import BROKE_OFF, TOO_LATE
from dashboard.words import gettext as _, marked

SILENT: Final = marked("The mail server %(server)s does not answer: %(reason)s.")
NO_SIGN_IN: Final = marked("The mail server %(server)s offers no known way to sign in.")
ODD_PASSWORD: Final = marked(
    "The user name and password for the mail server may only have letters from a to z, digits "
    "and common signs."
)
NO_TLS: Final = marked("The mail server %(server)s offers no encryption (STARTTLS).")
BAD_TLS: Final = marked("No encryption could be agreed on with the mail server %(server)s.")
BAD_CERTIFICATE: Final = marked(
    "The certificate of the mail server %(server)s cannot be trusted: %(reason)s."
)
BAD_CA: Final = marked("The certificates to be trusted cannot be read from %(file)s.")
BROKEN_TLS = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)


class NoRound(MailError):
    """No connection for now.

    *message* is English with %(name)s for *values*; what is kept of it is translated when shown.
    """

    def __init__(self, message: str, **values: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        """Give the sentence for whoever reads."""
        return _(self.message, **self.values)


class Unwelcome(NoRound, MailRefused):
    """No connection until somebody has changed a setting: here or at the mail server."""


def line_trouble(error: Exception, server: str) -> NoRound:
    """Give what *error* on the line to *server* (host:port) means, whatever is spoken there."""
    match error:
        case ssl.SSLCertVerificationError():
            return Unwelcome(BAD_CERTIFICATE, server=server, reason=error.verify_message)
        case TimeoutError():
            return NoRound(TOO_LATE)
        case ssl.SSLError():
            if isinstance(error, BROKEN_TLS):
                return NoRound(BROKE_OFF)
            return Unwelcome(BAD_TLS, server=server)
    reason = str(getattr(error, "strerror", None) or error).rstrip(".")
    return NoRound(SILENT, server=server, reason=reason)
