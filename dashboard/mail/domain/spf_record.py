"""What an SPF record says (RFC 7208 sections 4.5 to 6 and 12)."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Literal, Self, cast

Qualifier = Literal["+", "-", "~", "?"]

VERSION = re.compile(r"v=spf1(?: |$)", re.IGNORECASE)
MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9._-]*)=(.*)", re.DOTALL)
MECHANISM = re.compile(r"([+?~-]?)([A-Za-z][A-Za-z0-9._-]*)([:/].*)?", re.DOTALL)
_macro = r"%\{[slodiphcrtv][0-9]*r?[-.+,/_=]*\}|%[%_-]"
DOMAIN = re.compile(rf"(?:[!-$&-.0-~]|{_macro})+", re.IGNORECASE)
_length = "0|[1-9][0-9]{0,2}"
# What may stand behind “a” and “mx”: a domain, and lengths of prefixes for IPv4 and IPv6.
HOSTS = re.compile(rf"(?::([^/]+))?(?:/({_length}))?(?://({_length}))?")
BITS, BITS_OF_6 = 32, 128
# The mechanisms that need a domain, and those for which a mail server asks the DNS.
NAMING = frozenset({"include", "exists"})
ASKING = frozenset({"include", "a", "mx", "ptr", "exists"})


class BadTerm(ValueError):
    """A word of an SPF record that means nothing: the record as a whole is void."""


@dataclass(frozen=True)
class Mechanism:
    """One word that names servers, as in ~all: what is said of them, which sort, and which."""

    qualifier: Qualifier
    name: str
    value: str = ""

    @property
    def is_everybody(self) -> bool:
        """Whether it names all servers there are; a network of length 0 has them all."""
        return self.name == "all" or self.value.endswith("/0") or "/0//" in self.value


@dataclass(frozen=True)
class SpfRecord:
    """The words of a record, in order; *redirect* is the domain to go on with, or ""."""

    mechanisms: tuple[Mechanism, ...]
    redirect: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a record that is_spf. Raises BadTerm with the first word that means nothing."""
        mechanisms: list[Mechanism] = []
        modifiers: dict[str, str] = {}
        for term in filter(None, text.split(" ")[1:]):
            if found := MODIFIER.fullmatch(term):
                name, value = found[1].lower(), found[2]
                if name in ("redirect", "exp"):
                    if name in modifiers or not DOMAIN.fullmatch(value):
                        raise BadTerm(term)
                    modifiers[name] = value
            else:
                mechanisms.append(_mechanism(term))
        return cls(tuple(mechanisms), modifiers.get("redirect", ""))


def is_spf(text: str) -> bool:
    """Tell an SPF record from the other texts of a domain."""
    return VERSION.match(text) is not None


def has_macro(domain: str) -> bool:
    """Tell whether *domain* is known only when an e-mail arrives, as in %{i}.example.org."""
    return "%" in domain


def _mechanism(term: str) -> Mechanism:
    found = MECHANISM.fullmatch(term)
    if found is None:
        raise BadTerm(term)
    name, rest = found[2].lower(), found[3] or ""
    if not _fits(name, rest):
        raise BadTerm(term)
    return Mechanism(cast(Qualifier, found[1] or "+"), name, rest.removeprefix(":"))


def _fits(name: str, rest: str) -> bool:
    """Tell whether *rest*, the : or / in front included, may stand behind the mechanism *name*."""
    if name == "all":
        return not rest
    if name in ("ip4", "ip6"):
        return rest.startswith(":") and _is_network(name, rest[1:])
    if name in NAMING:
        return rest.startswith(":") and DOMAIN.fullmatch(rest[1:]) is not None
    if name == "ptr":
        return not rest or (rest.startswith(":") and DOMAIN.fullmatch(rest[1:]) is not None)
    found = HOSTS.fullmatch(rest) if name in ("a", "mx") else None
    return (
        found is not None
        and (found[1] is None or DOMAIN.fullmatch(found[1]) is not None)
        and int(found[2] or 0) <= BITS
        and int(found[3] or 0) <= BITS_OF_6
    )


def _is_network(name: str, text: str) -> bool:
    sort = IPv4Network if name == "ip4" else IPv6Network
    if not re.fullmatch(rf"[0-9A-Fa-f:.]+(?:/(?:{_length}))?", text):
        return False
    try:
        sort(text, strict=False)
    except ValueError:
        return False
    return True
