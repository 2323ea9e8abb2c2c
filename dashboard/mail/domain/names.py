"""Asks the DNS for texts, all questions together within one span of time."""

import time
from functools import cached_property

import dns.exception
import dns.name
import dns.resolver

# Larger answers come over TCP; this much arrives on all networks in one packet, in bytes.
PACKET = 1232


class Unanswered(Exception):
    """The DNS gave no answer (too late, a fault of a server, no network): nothing is known."""


class Names:
    """Asks *resolver*, or the servers that this machine asks, for *timeout* seconds in all."""

    def __init__(self, resolver: dns.resolver.Resolver | None, timeout: float) -> None:
        self._given = resolver
        self._until = time.monotonic() + timeout

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Give the TXT records of *name*, () where it has none, None where there is no such name.

        The strings of one record are joined (RFC 7208 section 3.3). Raises Unanswered.
        """
        try:
            asked = dns.name.from_text(name)
        except (dns.exception.DNSException, UnicodeError):
            return None
        left = max(0.0, self._until - time.monotonic())
        try:
            answer = self._resolver.resolve(asked, "TXT", lifetime=left, raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN:
            return None
        except (dns.exception.DNSException, OSError) as error:
            raise Unanswered(str(error)) from error
        return tuple(b"".join(each.strings).decode(errors="replace") for each in answer)

    @cached_property
    def _resolver(self) -> dns.resolver.Resolver:
        if self._given is not None:
            return self._given
        resolver = dns.resolver.Resolver()
        resolver.use_edns(payload=PACKET)
        return resolver
