"""Why no round could begin, in words that pages say in the language of whoever reads."""

from dashboard.mail.letter import MailError, MailRefused
from dashboard.words import gettext as _


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
