"""Greets a mail server that keeps a mailbox, makes the line private and signs in (RFC 3501)."""

import imaplib
import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final

from dashboard.mail.bounces.account import Account
from dashboard.mail.bounces.folder import quoted
from dashboard.mail.mishaps import BROKE_OFF, GARBLED, TOO_LATE
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

PASSWORD: Final = marked(
    "The mail server %(server)s does not take the user name and password: %(reason)s"
)
NOT_NOW: Final = marked("The mail server %(server)s lets nobody in for now: %(reason)s")
REFUSED: Final = marked("The mail server %(server)s refuses what it was asked for: %(reason)s")

ANSWER_LIMIT: Final = 64_000_000  # bytes of the answer to one command
REASON_LIMIT: Final = 200  # characters
GOODBYE_SECONDS: Final = 2.0
FOR_NOW: Final = "[UNAVAILABLE]"  # RFC 5530 section 3


class _Bounded(imaplib.IMAP4):
    """The standard library's client, whose answers have a largest size."""

    _room = ANSWER_LIMIT
    is_cut = False

    def uid(self, command: str, *args: str) -> tuple[str, list[Any]]:
        """Do a command about messages by their numbers, whose answer has a limit of its own."""
        self._room = ANSWER_LIMIT
        return super().uid(command, *args)

    def read(self, size: int) -> bytes:
        """Give *size* bytes of an answer."""
        self._take(size)
        return super().read(size)

    def readline(self) -> bytes:
        """Give a line of an answer."""
        line = super().readline()
        self._take(len(line))
        return line

    def _take(self, size: int) -> None:
        if size > self._room:
            raise self.abort("unexpected size")
        self._room -= size

    def cut(self) -> None:
        """End the connection from any thread: who waits on it is woken."""
        self.is_cut = True
        with suppress(OSError):
            # The method of a TLS socket would drop its keys while the other thread reads.
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def leave(self) -> None:
        """Say goodbye and hang up; whatever goes wrong here changes nothing any more."""
        with suppress(OSError, ValueError, imaplib.IMAP4.error):
            self.sock.settimeout(GOODBYE_SECONDS)
            self.logout()
        with suppress(OSError):
            self.shutdown()


class _BoundedTls(_Bounded, imaplib.IMAP4_SSL):
    """The same on a line that is private from its first byte."""


Client = _Bounded


def connect(account: Account) -> Client:
    """Give a client that has encrypted and signed in as *account* asks.

    Raises NoRound where a later try may work, Unwelcome where a person must act first.
    """
    try:
        context = account.tls() if account.implicit_tls or account.starttls else None
    except OSError as error:
        raise Unwelcome(BAD_CA, file=account.ca) from error
    client: Client | None = None
    try:
        if account.implicit_tls:
            client = _BoundedTls(
                account.host, account.port, ssl_context=context, timeout=account.timeout
            )
        else:
            client = _Bounded(account.host, account.port, timeout=account.timeout)
        if account.starttls:
            if "STARTTLS" not in client.capabilities or client.state != "NONAUTH":
                raise Unwelcome(NO_TLS, server=account.server)
            client.starttls(ssl_context=context)
        _sign_in(client, account)
    except (OSError, UnicodeError, imaplib.IMAP4.error, NoRound) as error:
        if client is not None:
            client.leave()
        raise trouble_of(error, account, client) from error
    return client


def _sign_in(client: Client, account: Account) -> None:
    if client.state != "NONAUTH":
        return  # The server knows us already, as by our certificate.
    user, password = account.user, account.password
    try:
        if "AUTH=PLAIN" in client.capabilities:  # RFC 4616: any letter may be in it.
            client.authenticate("PLAIN", lambda challenge: f"\0{user}\0{password}".encode())
        elif "LOGINDISABLED" in client.capabilities:
            raise Unwelcome(NO_SIGN_IN, server=account.server)
        elif not (user + password).isascii():
            raise Unwelcome(ODD_PASSWORD)
        else:
            client.login(quoted(user), password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        reason = said_in(error)
        if FOR_NOW in reason:
            raise NoRound(NOT_NOW, server=account.server, reason=reason) from error
        raise Unwelcome(PASSWORD, server=account.server, reason=reason) from error


def trouble_of(error: Exception, account: Account, client: Client | None) -> NoRound:
    """Give what *error* on the line means."""
    match error:
        case NoRound():
            return error
        case _ if client is not None and client.is_cut:
            return NoRound(TOO_LATE)
        case imaplib.IMAP4.abort():
            return NoRound(GARBLED if "unexpected" in said_in(error) else BROKE_OFF)
        case imaplib.IMAP4.error():
            return NoRound(REFUSED, server=account.server, reason=said_in(error))
    return line_trouble(error, account.server)


def said_in(error: Exception | Iterable[Any]) -> str:
    """Give a server's own words, on one line."""
    given = error.args if isinstance(error, Exception) else error
    text = " ".join(
        each.decode(errors="replace") if isinstance(each, bytes) else str(each or "")
        for each in given
    )
    return " ".join("".join(s if s.isprintable() else " " for s in text).split())[:REASON_LIMIT]
