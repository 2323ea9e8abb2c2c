"""Sends one letter at a time, each on a connection of its own."""

import smtplib
from contextlib import suppress
from email.utils import parseaddr

from dashboard.mail.carrier import Sign
from dashboard.mail.letter import Letter, MailError, MailRefused, MailUncertain
from dashboard.mail.smtp.envelope import ended
from dashboard.mail.smtp.handshake import PERMANENT, connect
from dashboard.mail.smtp.settings import Settings
from dashboard.mail.unreached import NoRound

REFUSED = 400


class SmtpMailer:
    """Sends from *sender* through the relay at *url*; see Settings.of. With *sign* it signs."""

    def __init__(self, url: str, sender: str, sign: Sign | None = None) -> None:
        self.settings = Settings.of(url)
        self.sender = sender
        self._sign = sign

    def send(self, letter: Letter) -> None:
        """Send *letter*.

        Raises MailRefused for a 5xx answer, MailUncertain when the connection broke after the
        body was handed over (it may have arrived), MailError for all that can be tried again.
        """
        message = letter.message(self.sender)
        body = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
        if self._sign is not None:
            body = self._sign(ended(body))
        smtp = self._connect()
        handed_over = False
        try:
            _expect(smtp.mail(parseaddr(self.sender)[1] or self.sender))
            _expect(smtp.rcpt(letter.to))
            handed_over = True
            _expect(smtp.data(body))
        except smtplib.SMTPResponseException as error:
            raise answered(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            if handed_over:
                raise MailUncertain(f"The mail server broke off: {error}.") from error
            raise MailError(f"The mail server does not answer: {error}.") from error
        finally:
            _leave(smtp)

    def _connect(self) -> smtplib.SMTP:
        try:
            return connect(self.settings)
        except NoRound as error:
            if isinstance(error.__cause__, smtplib.SMTPResponseException):
                raise
            # A letter is not given up because of a certificate that somebody may soon renew.
            raise MailError(str(error)) from error


def _expect(answer: tuple[int, bytes]) -> None:
    code, text = answer
    if code >= REFUSED:
        raise smtplib.SMTPResponseException(code, text)


def _leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye; whatever goes wrong here changes nothing for the letter."""
    with suppress(OSError, smtplib.SMTPException):
        smtp.quit()
    smtp.close()


def answered(code: int, text: bytes | str) -> MailError:
    """Give the error for a server's refusal: 5xx is for good, 4xx is for now."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    kind = MailRefused if code >= PERMANENT else MailError
    return kind(f"The mail server answered {code} {words}.")
