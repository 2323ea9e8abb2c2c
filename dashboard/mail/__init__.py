"""Ways for an e-mail to leave: SMTP, or an outbox that keeps it to be read."""

from pathlib import Path

from dashboard.mail.letter import Letter, Mailer, MailError, MailRefused, MailUncertain
from dashboard.mail.outbox import Outbox
from dashboard.mail.smtp import SmtpMailer

__all__ = [
    "Letter",
    "MailError",
    "MailRefused",
    "MailUncertain",
    "Mailer",
    "Outbox",
    "SmtpMailer",
    "from_url",
]


def from_url(url: str, *, sender: str, folder: Path) -> Mailer:
    """Give the mailer that *url* names: smtp://, smtps:// or outbox: (kept in *folder*).

    Raises MailError for any other address.
    """
    if url.startswith("outbox:"):
        return Outbox(folder, sender)
    if url.startswith(("smtp://", "smtps://")):
        return SmtpMailer(url, sender)
    raise MailError("FLASK_MAIL_URL must be smtp://…, smtps://… or outbox:.")
