"""Ways for an e-mail to leave: SMTP, or an outbox that keeps it to be read."""

from pathlib import Path

from dashboard.mail.carrier import Carrier, Outcome, Parcel, Round, Sign
from dashboard.mail.letter import Letter, Mailer, MailError, MailRefused, MailUncertain
from dashboard.mail.outbox import Outbox, OutboxCarrier
from dashboard.mail.readings import Reading
from dashboard.mail.replies import plain
from dashboard.mail.return_path import check_return_path
from dashboard.mail.smtp import SmtpCarrier, SmtpMailer
from dashboard.mail.smtp.settings import Settings
from dashboard.mail.unreached import NoRound, Unwelcome

__all__ = [
    "Carrier",
    "Letter",
    "MailError",
    "MailRefused",
    "MailUncertain",
    "Mailer",
    "NoRound",
    "Outbox",
    "OutboxCarrier",
    "Outcome",
    "Parcel",
    "Reading",
    "Round",
    "Sign",
    "SmtpCarrier",
    "SmtpMailer",
    "Unwelcome",
    "carrier_from_url",
    "check_return_path",
    "from_url",
    "plain",
]

UNKNOWN_URL = "FLASK_MAIL_URL must be smtp://…, smtps://… or outbox:."


def from_url(url: str, *, sender: str, folder: Path, sign: Sign | None = None) -> Mailer:
    """Give the mailer that *url* names: smtp://, smtps:// or outbox: (kept in *folder*).

    What leaves by SMTP does so as *sign* gives it. Raises MailError for any other address.
    """
    if url.startswith("outbox:"):
        return Outbox(folder, sender)
    if url.startswith(("smtp://", "smtps://")):
        return SmtpMailer(url, sender, sign)
    raise MailError(UNKNOWN_URL)


def carrier_from_url(url: str, *, folder: Path, sign: Sign | None = None) -> Carrier:
    """Give what carries many e-mails to where *url* says; *url* and *sign* are those of from_url.

    Raises MailError for any other address.
    """
    if url.startswith("outbox:"):
        return OutboxCarrier(folder)
    if url.startswith(("smtp://", "smtps://")):
        return SmtpCarrier(Settings.of(url), sign)
    raise MailError(UNKNOWN_URL)
