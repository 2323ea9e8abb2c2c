"""Greets a mail server, makes the line private and signs in."""

import smtplib
import ssl
from typing import Final

from dashboard.mail.mishaps import BROKE_OFF
from dashboard.mail.smtp.answers import CLOSING, Answer, Answers, Broken
from dashboard.mail.smtp.settings import Settings
from dashboard.mail.unreached import (
    BAD_CA,
    NO_SIGN_IN,
    NO_TLS,
    ODD_PASSWORD,
    NoRound,
    Unwelcome,
    line_trouble,
)
from dashboard.words import marked

NOT_NOW: Final = marked("The mail server %(server)s takes nothing for now: %(code)s %(reason)s")
REFUSED: Final = marked("The mail server %(server)s refused the connection: %(code)s %(reason)s")
PASSWORD: Final = marked(
    "The mail server %(server)s does not take the user name and password: %(code)s %(reason)s"
)
PERMANENT = 500


class _Bounded(smtplib.SMTP):
    """The standard library's client, whose answers come within bounds of time and size."""

    _answers: Answers | None = None

    def getreply(self) -> tuple[int, bytes]:
        """Give code and words of the next answer; raises SMTPServerDisconnected."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected(BROKE_OFF)
        # STARTTLS wraps the socket: what had come before, unprotected, is not looked at.
        if self._answers is None or self._answers.sock is not self.sock:
            self._answers = Answers(self.sock)
        try:
            answer = self._answers.read(self.timeout)
        except Broken as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(str(error)) from error
        self.sock.settimeout(self.timeout)
        if answer.code == CLOSING:
            self.close()
            raise smtplib.SMTPResponseException(answer.code, answer.words)
        return answer.code, b"\n".join(answer.lines)


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same on a line that is private from its first byte."""


def connect(settings: Settings) -> smtplib.SMTP:
    """Give a client that has greeted, encrypted and signed in as *settings* ask.

    Raises NoRound where a later try may work, Unwelcome where a person must act first.
    """
    try:
        context = settings.tls() if settings.implicit_tls or settings.starttls else None
    except OSError as error:
        raise Unwelcome(BAD_CA, file=settings.ca) from error
    smtp: smtplib.SMTP | None = None
    try:
        if settings.implicit_tls:
            smtp = _BoundedTls(
                settings.host, settings.port, timeout=settings.timeout, context=context
            )
        else:
            smtp = _Bounded(settings.host, settings.port, timeout=settings.timeout)
        _agree(smtp, settings, context)
    except (OSError, UnicodeError, NoRound) as error:
        if smtp is not None:
            smtp.close()
        raise _trouble(error, settings) from error
    return smtp


def _agree(smtp: smtplib.SMTP, settings: Settings, context: ssl.SSLContext | None) -> None:
    smtp.ehlo_or_helo_if_needed()
    if settings.starttls:
        if not smtp.has_extn("starttls"):
            raise Unwelcome(NO_TLS, server=settings.name)
        smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
    if not settings.user:
        return
    if not (settings.user + settings.password).isascii():
        raise Unwelcome(ODD_PASSWORD)
    try:
        smtp.login(settings.user, settings.password)
    except (smtplib.SMTPResponseException, smtplib.SMTPServerDisconnected):
        raise
    except smtplib.SMTPException as error:
        raise Unwelcome(NO_SIGN_IN, server=settings.name) from error


def _trouble(error: Exception, settings: Settings) -> NoRound:
    match error:
        case NoRound():
            return error
        case smtplib.SMTPResponseException():
            return _answered(error, settings.name)
        case smtplib.SMTPServerDisconnected():
            return NoRound(str(error))
    return line_trouble(error, settings.name)


def _answered(error: smtplib.SMTPResponseException, server: str) -> NoRound:
    said = error.smtp_error
    lines = said.split(b"\n") if isinstance(said, bytes) else [said.encode()]
    words = Answer(error.smtp_code, tuple(lines)).words
    if error.smtp_code < PERMANENT:
        return NoRound(NOT_NOW, server=server, code=error.smtp_code, reason=words)
    is_password = isinstance(error, smtplib.SMTPAuthenticationError)
    sentence = PASSWORD if is_password else REFUSED
    return Unwelcome(sentence, server=server, code=error.smtp_code, reason=words)
