"""One e-mail to one person, and how sending can fail."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from typing import Final, Protocol

# Not all servers take eight bits, and one that changes them breaks a signature (RFC 6376, 5.3).
SEVEN_BIT: Final = default.clone(cte_type="7bit")


class MailError(Exception):
    """The e-mail was not taken; sending it later may work."""


class MailRefused(MailError):
    """The e-mail was refused for good (SMTP 5xx)."""


class MailUncertain(MailError):
    """The connection broke after the body was sent: it may have arrived."""


@dataclass(frozen=True)
class Letter:
    """A plain-text e-mail; *message_id* is fixed before sending, so that it can be traced."""

    to: str
    to_name: str
    subject: str
    text: str
    message_id: str
    date: datetime

    def message(self, sender: str) -> EmailMessage:
        """Give the message (RFC 5322) from *sender*; raises MailRefused for a bad address."""
        message = EmailMessage(SEVEN_BIT)
        try:
            user, _, domain = self.to.rpartition("@")
            if not user or not domain:
                raise ValueError("There is no @ inside.")
            message["From"] = sender
            message["To"] = Address(_line(self.to_name), username=user, domain=domain)
            message["Subject"] = _line(self.subject)
            message["Message-ID"] = self.message_id
            message["Date"] = format_datetime(self.date)
            message["Auto-Submitted"] = "auto-generated"
        except (ValueError, IndexError) as error:
            raise MailRefused(f"“{self.to}” is no e-mail address.") from error
        message.set_content(self.text)
        return message


class Mailer(Protocol):
    """Sends one letter at a time."""

    def send(self, letter: Letter) -> None:
        """Send *letter*; raises MailError, MailRefused or MailUncertain."""
        ...


def _line(text: str) -> str:
    return " ".join(text.split())
