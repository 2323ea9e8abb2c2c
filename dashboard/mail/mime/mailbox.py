"""Somebody's address and name, as headers and envelopes write them."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

import idna

from dashboard.mail.mime.bad import CONTROL, NO_ADDRESS, BadHeader, has_control
from dashboard.mail.mime.encoded import encoded, looks_encoded
from dashboard.mail.mime.folding import COLUMNS

LONGEST_ADDRESS: Final = 254  # octets (RFC 5321, 4.5.3.1.3, less its brackets)
LONGEST_PLAIN_NAME: Final = 60  # columns; a longer name is encoded, which can be folded anywhere
KEPT_DOMAINS: Final = 4096

_atext: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"  # RFC 5322, 3.2.3
_word: Final = f"{_atext}+"
_wide_word: Final = rf"(?:{_atext}|[^\x00-\x7f\s])+"
_label: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_domain: Final = re.compile(rf"{_label}(?:\.{_label})*")
_local: Final = re.compile(rf"{_wide_word}(?:\.{_wide_word})*")
_plain: Final = re.compile(rf"{_word}(?:\.{_word})*@{_label}(?:\.{_label})*")
_plain_name: Final = re.compile(rf"{_word}(?: {_word})*")


class Mailbox(NamedTuple):
    """An address and the name of whom it belongs to ("" where it is not known)."""

    address: str
    name: str = ""

    def spec(self) -> str:
        """Give the address with its domain in ASCII (IDNA 2008): for headers and the envelope.

        The part before the @ stays as it is. Raises BadHeader where this is no address, also
        for one with quotation marks.
        """
        address = self.address
        if _plain.fullmatch(address) and len(address) <= LONGEST_ADDRESS:
            return address
        local, _, domain = address.rpartition("@")
        if len(address) <= LONGEST_ADDRESS and _local.fullmatch(local) and not has_control(local):
            spec = f"{local}@{_ascii(domain)}"
            if not spec.endswith("@") and len(spec.encode()) <= LONGEST_ADDRESS:
                return spec
        raise BadHeader(NO_ADDRESS, address=address)


def needs_utf8(what: Mailbox | bytes) -> bool:
    """Say whether a mailbox, or a message of a mould, can only go where SMTPUTF8 is (RFC 6531).

    That is so for an address whose part before the @ is not ASCII: all else is encoded.
    """
    if isinstance(what, bytes):
        return not what.isascii()
    return not what.address.rpartition("@")[0].isascii()


def mailbox_field(field: str, mailbox: Mailbox) -> str:
    """Give the header *field* that holds *mailbox*, with its CRLF; raises BadHeader.

    Blanks around the name are left out, and several between its words are one.
    """
    if has_control(mailbox.name) or has_control(mailbox.address):
        raise BadHeader(CONTROL, field=field)
    name = " ".join(mailbox.name.split())
    spec = mailbox.spec()
    head = f"{field}: {_phrase(name, COLUMNS - len(field) - 2)}" if name else f"{field}:"
    tail = f"<{spec}>" if name else spec
    used = len(head) - head.rfind("\n") - 1
    blank = " " if used + 1 + len(tail) <= COLUMNS else "\r\n "
    return f"{head}{blank}{tail}\r\n"


def _phrase(name: str, room: int) -> str:
    if name.isascii() and not looks_encoded(name):
        plain = name
        if not _plain_name.fullmatch(name):
            escaped = name.replace("\\", "\\\\").replace('"', '\\"')
            plain = f'"{escaped}"'
        if len(plain) <= LONGEST_PLAIN_NAME:
            return plain
    return encoded(name, room)


@lru_cache(KEPT_DOMAINS)
def _ascii(domain: str) -> str:
    """Give *domain* as mail servers know it, "" where it is none."""
    if _domain.fullmatch(domain):
        return domain
    try:
        plain = idna.encode(domain, uts46=True).decode()
    except UnicodeError:
        return ""
    return plain if _domain.fullmatch(plain) else ""
