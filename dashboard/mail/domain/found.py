"""What is found when a domain is looked at."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

import idna
from dns.resolver import Resolver

from dashboard.mail.domain.alignment import NO_RETURN, find_alignment
from dashboard.mail.domain.dkim import USUAL, best_of, find_key
from dashboard.mail.domain.dmarc import find_dmarc
from dashboard.mail.domain.finding import Finding
from dashboard.mail.domain.names import Names, Unanswered
from dashboard.mail.domain.own import find_own, worst_of
from dashboard.mail.domain.spf import NO_DOMAIN as NO_SPF_DOMAIN, find_spf
from dashboard.mail.signing.record import Record
from dashboard.words import marked

# A server that stays silent costs the whole time: all questions are asked at once.
AT_ONCE: Final = 16

NO_DOMAIN: Final = marked("“%(domain)s” is no domain.")
UNCHECKED: Final = marked("%(what)s of %(domain)s could not be checked: the DNS did not answer.")
T = TypeVar("T")


@dataclass(frozen=True)
class Found:
    """What is so of each of the three, for the *domain* in its ASCII form.

    *alignment* is what follows from bounces returning to another one, if anything.
    """

    domain: str
    spf: Finding
    dkim: Finding
    dmarc: Finding
    alignment: Finding | None = None


def look(
    domain: str,
    *,
    returning: str = "",
    selectors: Sequence[str] = (),
    own: Sequence[Record] = (),
    resolver: Resolver | None = None,
    timeout: float = 5.0,
) -> Found:
    """Ask the DNS whether mail servers will believe e-mails from *domain*.

    *returning* is the domain to which e-mails that bounce return, where it is another one: SPF is
    about that. *selectors* are the names of its DKIM keys, as far as they are known. *own* are the
    keys with which we sign ourselves: where there are any, only these count. *timeout* is in
    seconds, for all of it. Raises nothing: what the DNS does not tell is “unknown”.
    """
    try:
        name = _ascii(domain)
        back = _ascii(returning or domain)
    except UnicodeError:
        none = Finding("wrong", NO_DOMAIN, {"domain": domain.strip()})
        return Found(domain.strip(), none, none, none)
    names = Names(resolver, timeout)
    wanted = tuple(dict.fromkeys(filter(None, map(str.strip, selectors))))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = pool.submit(_told, "SPF", back, partial(find_spf, names, back))
        policy = pool.submit(_told, "DMARC", name, partial(find_dmarc, names, name))
        ours = [
            pool.submit(_told, "DKIM", name, partial(find_own, names, record)) for record in own
        ]
        keys = {
            selector: pool.submit(_told, "DKIM", name, partial(find_key, names, name, selector))
            for selector in dict.fromkeys((*wanted, *USUAL) if not own else ())
        }
    if own:
        dkim = worst_of([key.result() for key in ours])
    else:
        dkim = best_of({selector: key.result() for selector, key in keys.items()}, name, wanted)
    spf, dmarc = asked.result(), policy.result()
    if back != name and spf.sentence == NO_SPF_DOMAIN:
        spf = Finding("wrong", NO_RETURN, {"domain": back})
    return Found(name, spf, dkim, dmarc, find_alignment(name, back, dkim, dmarc))


def unchecked(domain: str) -> Found:
    """Give what is so of *domain* where the DNS was not asked."""
    return Found(domain, *(_unknown(what, domain) for what in ("SPF", "DKIM", "DMARC")))


def _ascii(domain: str) -> str:
    """Give *domain* as the DNS knows it; raises UnicodeError where it is none."""
    return idna.encode(domain.strip(), uts46=True).decode().lower().rstrip(".")


def _told(what: str, domain: str, find: Callable[[], T]) -> T | Finding:
    """Give what *find* finds, and that *what* is unknown where the DNS is silent."""
    try:
        return find()
    except Unanswered:
        return _unknown(what, domain)


def _unknown(what: str, domain: str) -> Finding:
    return Finding("unknown", UNCHECKED, {"what": what, "domain": domain})
