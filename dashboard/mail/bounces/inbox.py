"""One reading of a mailbox, which is never changed by it."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from imaplib import IMAP4
from typing import Any, Final, NamedTuple

from dashboard.mail.bounces.account import Account
from dashboard.mail.bounces.folder import modified_utf7, quoted
from dashboard.mail.bounces.line import REFUSED, Client, connect, said_in, trouble_of
from dashboard.mail.mishaps import GARBLED
from dashboard.mail.unreached import NoRound, Unwelcome
from dashboard.words import marked

BATCH: Final = 50  # messages that are fetched at once
LARGEST: Final = 256 * 1024  # bytes of a message; what it says stands at its beginning
WINDOW: Final = 50_000  # numbers that are asked for at once: the answer is one line
HIGHEST: Final = 2**32 - 1
READING_SECONDS: Final = 240.0
"""No batch is begun after that: the next reading goes on where this one ends."""

CUT_SECONDS: Final = 600.0
"""A server that drips a byte at a time is never late with any of them."""

NO_FOLDER: Final = marked(
    "The mail server %(server)s has no folder “%(folder)s” that can be read: %(reason)s"
)


class Batch(NamedTuple):
    """The beginnings of some messages; *last* is the highest number among all those looked at.

    *number* is how many there were, also those that somebody has deleted meanwhile.
    """

    last: int
    number: int
    messages: Sequence[bytes]


class Inbox:
    """A folder as it was when it was opened; its numbers (UIDs) hold for one *uidvalidity*."""

    def __init__(self, client: Client, account: Account) -> None:
        self._client = client
        self._account = account
        self._until = time.monotonic() + READING_SECONDS
        kind, words = client.select(quoted(modified_utf7(account.folder)), readonly=True)
        if kind != "OK":
            reason = said_in(words)
            raise Unwelcome(NO_FOLDER, server=account.server, folder=account.folder, reason=reason)
        validity, upcoming = (_number(client.response(name)) for name in ("UIDVALIDITY", "UIDNEXT"))
        if validity is None:
            raise NoRound(GARBLED)
        self.uidvalidity = validity
        # A server may leave out the number that comes next (RFC 3501 section 6.3.1).
        self._end = HIGHEST if upcoming is None else upcoming - 1
        self._window = HIGHEST if upcoming is None else WINDOW

    def batches(self, after: int) -> Iterator[Batch]:
        """Give the messages behind the number *after*, the oldest first. Raises NoRound."""
        while after < self._end and time.monotonic() < self._until:
            end = min(after + self._window, self._end)
            uids = self._numbers(after + 1, end)
            for begin in range(0, len(uids), BATCH):
                some = uids[begin : begin + BATCH]
                yield Batch(some[-1], len(some), self._beginnings(some))
                if time.monotonic() >= self._until:
                    return
            after = end

    def _numbers(self, first: int, last: int) -> list[int]:
        lines = self._answer("SEARCH", f"UID {first}:{'*' if last == HIGHEST else last}")
        found = {int(word) for line in lines for word in line.split() if word.isdigit()}
        # The last message is always a part of n:* (RFC 3501 section 6.4.8).
        return sorted(uid for uid in found if first <= uid <= last)

    def _beginnings(self, uids: Sequence[int]) -> list[bytes]:
        wanted = ",".join(map(str, uids))
        found = self._answer("FETCH", wanted, f"(BODY.PEEK[]<0.{LARGEST}>)")
        return [each[1][:LARGEST] for each in found if isinstance(each, tuple)]

    def _answer(self, *command: str) -> list[Any]:
        try:
            kind, found = self._client.uid(*command)
        except (OSError, IMAP4.error) as error:
            raise trouble_of(error, self._account, self._client) from error
        if kind != "OK":
            raise NoRound(REFUSED, server=self._account.server, reason=said_in(found))
        return [each for each in found if each is not None]


@contextmanager
def opened(account: Account) -> Iterator[Inbox]:
    """Open the folder of *account*. Raises NoRound, which says why it cannot be read."""
    client = connect(account)
    # Its thread ends with the process, whatever the server does.
    timer = threading.Timer(CUT_SECONDS, client.cut)
    timer.daemon = True
    timer.start()
    try:
        try:
            inbox = Inbox(client, account)
        except (OSError, IMAP4.error) as error:
            raise trouble_of(error, account, client) from error
        yield inbox
    finally:
        timer.cancel()
        client.leave()


def _number(response: tuple[str, list[Any]]) -> int | None:
    """Give the number of a response code that has one (RFC 3501 section 7.1)."""
    value = response[1][-1]
    return int(value) if isinstance(value, bytes) and value.isdigit() else None
