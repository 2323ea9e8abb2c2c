"""Sends e-mails by SMTP (RFC 5321), each on a connection of its own."""

import smtplib
import ssl
from contextlib import suppress
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from dashboard.mail.letter import Letter, MailError, MailRefused, MailUncertain

TIMEOUT_SECONDS = 15
PORTS = {"smtp": 25, "smtps": 465}
SUBMISSION_PORT = 587
REFUSED = 400
PERMANENT = 500


class SmtpMailer:
    """Sends through the relay at *url*: smtp://user:password@host:587 or smtps://host.

    With a user name, or on port 587, smtp:// asks for STARTTLS and refuses to go on without.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if not parts.hostname:
            raise MailError("FLASK_MAIL_URL names no host.")
        self.sender = sender
        self.host = parts.hostname
        self.port = parts.port or PORTS[parts.scheme]
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        self.implicit_tls = parts.scheme == "smtps"
        self.starttls = not self.implicit_tls and bool(self.user or self.port == SUBMISSION_PORT)

    def send(self, letter: Letter) -> None:
        """Send *letter*.

        Raises MailRefused for a 5xx answer, MailUncertain when the connection broke after the
        body was handed over (it may have arrived), MailError for all that can be tried again.
        """
        message = letter.message(self.sender)
        body = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
        handed_over = False
        smtp: smtplib.SMTP | None = None
        try:
            smtp = self._connect()
            smtp.ehlo_or_helo_if_needed()
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
            if smtp is not None:
                _leave(smtp)

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.implicit_tls:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            smtp = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        if self.starttls:
            smtp.starttls(context=context)
        if self.user:
            smtp.login(self.user, self.password)
        return smtp


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
