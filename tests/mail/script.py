"""How a mail server of the tests behaves, and what it remembers."""

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass

# The connection is closed, or stays open without a word; what stands before either is said first.
DROP = b"-drop-"
SILENCE = b"-silence-"

Choice = Callable[[str, int], bytes | None]


@dataclass
class Message:
    """What was taken: envelope and body, its dots no longer doubled."""

    sender: str
    to: str
    body: bytes


@dataclass
class Script:
    """How a server behaves: *choice* gives the answer to the nth of a verb, or None for 250.

    Verbs are CONNECT, EHLO, HELO, STARTTLS, AUTH, RSET, MAIL, RCPT, DATA, BODY and QUIT, counted
    from 1 over all connections. Without *data_needs_recipient*, DATA is taken for nobody.
    """

    offers: tuple[str, ...] = ("PIPELINING", "SIZE 1000000", "8BITMIME", "SMTPUTF8")
    choice: Choice = lambda verb, nth: None
    data_needs_recipient: bool = True
    end_of_nothing: bytes = b"554 5.5.1 no valid recipients"
    minds_refusals: bool = True  # Else it goes on with what it has refused to MAIL.
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False


class Record:
    """What a server was told, and the *script* that it follows."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.said: list[str] = []  # Every command, as it came.
        self.taken: list[Message] = []
        self.cut_off: list[bytes] = []  # What came of a body whose end did not.
        self.events: list[tuple[str, int]] = []  # (verb, nth), to which a test adds its own.
        self.connections: list[socket.socket] = []
        self.gone = threading.Event()  # A connection has been closed by either side.
        self.stopped = threading.Event()
        self._reached: dict[tuple[str, int], threading.Event] = {}
        self._counts: dict[str, int] = {}

    def when(self, verb: str, nth: int) -> threading.Event:
        """Give what is set once the nth *verb* has come."""
        return self._reached.setdefault((verb, nth), threading.Event())

    def count(self, verb: str) -> int:
        """Count one more *verb* and give how many there have been."""
        nth = self._counts[verb] = self._counts.get(verb, 0) + 1
        self.events.append((verb, nth))
        self.when(verb, nth).set()
        return nth
