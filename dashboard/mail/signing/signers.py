"""Keys of domains, and messages signed with them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Final

import idna

from dashboard.mail.signing.record import Record

FROM: Final = re.compile(rb"^from:((?:.*\r\n)(?:[ \t].*\r\n)*)", re.IGNORECASE | re.MULTILINE)
NAMED: Final = re.compile(r"<([^<>]*)>\s*$")


@dataclass(frozen=True)
class Key:
    """A key, what the DNS has to say of it, and what gives a message's DKIM-Signature header."""

    record: Record
    sign: Callable[[bytes], bytes] = field(repr=False)


class Signers:
    """Signs for the domains of *keys* and those below them."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self.keys = tuple(keys)

    def of(self, domain: str) -> tuple[Key, ...]:
        """Give the keys that sign for *domain*: its own, else those of the nearest one above.

        DMARC takes a domain's signature for those below it (RFC 7489, 3.1.1).
        """
        labels = _ascii(domain).split(".")
        for begin in range(len(labels)):
            owner = ".".join(labels[begin:])
            if found := tuple(key for key in self.keys if key.record.domain == owner):
                return found
        return ()

    def signed(self, message: bytes) -> bytes:
        """Give *message* with a signature of each key of its sender's domain in front.

        Its line ends are CRLF and all of them are there: mail servers see what travels. Where the
        domain of the From address has no key it stays as it is.
        """
        return b"".join([key.sign(message) for key in self.of(_domain(message))]) + message


def _ascii(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except UnicodeError:
        return ""


def _domain(message: bytes) -> str:
    """Give the domain of the From address, "" where there is none."""
    found = FROM.search(message, 0, message.find(b"\r\n\r\n") + len(b"\r\n"))
    if found is None:
        return ""
    value = found[1].decode(errors="replace").replace("\r\n", "")
    named = NAMED.search(value)
    address = named[1] if named else parseaddr(value)[1]
    return address.rpartition("@")[2].strip()
