"""What carries many e-mails: parcels, what becomes of each, and the rounds that take them out."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple, Protocol, TypeAlias

Fate = Literal["sent", "deferred", "failed", "uncertain", "untried"]

# Gives a message, whose lines all end in CRLF, with its signatures in front.
Sign: TypeAlias = Callable[[bytes], bytes]


class Parcel(NamedTuple):
    """One e-mail on its way: the addresses of its envelope and its bytes.

    *body* is a whole message (RFC 5322) with CRLF line ends, not dot-stuffed. *utf8* says that
    it can only travel with SMTPUTF8 (RFC 6531).
    """

    sender: str
    to: str
    body: bytes
    utf8: bool = False


class Outcome(NamedTuple):
    """What became of a parcel.

    sent: the server took it. deferred: not taken for now. failed: refused for good. uncertain:
    it was handed over and no answer came. untried: its body never left. *code* is the server's,
    0 where it said nothing: *words* are then one of the sentences of dashboard.mail.mishaps. So
    they are where no server was asked: what was sent into the outbox has 250 and KEPT.
    """

    fate: Fate
    code: int
    words: str


class Round(Protocol):
    """One connection, used by one thread; only interrupt is for others."""

    def carry(
        self, parcels: Iterable[Parcel], may_leave: Callable[[Parcel], bool] = ...
    ) -> Iterator[Outcome]:
        """Give an outcome for each of *parcels*, in order.

        They are pulled lazily, at most two ahead; the body of the next leaves only when the
        outcome before has been taken and the one after it is asked for. At the last moment
        *may_leave* is asked: a parcel that may not is untried, and the connection ends. Where
        it ends, so do the outcomes: parcels that were pulled have theirs, all others were
        never touched.
        """
        ...

    def interrupt(self) -> None:
        """Let the round end soon, from whichever thread; an answer that is due is awaited a bit."""
        ...


class Carrier(Protocol):
    """One way out for many e-mails; *name* is for pages and logs and holds no secret."""

    @property
    def name(self) -> str:
        """Give what it is called, as “mail.example.org:587”."""
        ...

    def round(self) -> AbstractContextManager[Round]:
        """Open a connection and close it again.

        Raises MailError where a later try may work, MailRefused where a person must act first.
        """
        ...
