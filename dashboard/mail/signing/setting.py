"""Which keys sign, as FLASK_MAIL_DKIM_KEYS names them."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

import idna

from dashboard.mail.letter import MailError
from dashboard.mail.signing.signers import Signers

SETTING: Final = "FLASK_MAIL_DKIM_KEYS"
LONGEST_NAME: Final = 253  # characters of a name in the DNS
LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
SELECTOR: Final = re.compile(rf"{LABEL}(?:\.{LABEL})*")  # RFC 6376, 3.1
DOMAIN: Final = re.compile(rf"{LABEL}(?:\.{LABEL})+")

FORM: Final = (
    f"{SETTING} must name a domain, a selector and a file for each key, with commas between keys,"
    " as example.org mail2026 /etc/bellhop/example.org.pem does."
)
NO_ENGINE: Final = (
    f"{SETTING} is set, but what signs is not installed: dkimpy and PyNaCl, the extra “dkim”."
)


class Entry(NamedTuple):
    """One key of the setting."""

    domain: str
    selector: str
    path: Path


def is_there() -> bool:
    """Whether the engine is installed; it is not loaded for that."""
    return all(find_spec(name) is not None for name in ("dkim", "nacl"))


def signers_of(setting: object) -> Signers:
    """Give what signs with the keys that *setting* names, which are read and tried out.

    Raises MailError, which names the setting and shows nothing of a key.
    """
    entries = _entries(setting)
    if not entries:
        return Signers(())
    if not is_there():
        raise MailError(NO_ENGINE)
    # The engine takes long to load: only a desk that signs pays.
    from dashboard.mail.signing.private import BadKey, read_key

    keys = []
    for entry in entries:
        try:
            keys.append(read_key(entry.path, domain=entry.domain, selector=entry.selector))
        except BadKey as error:
            raise MailError(f"{SETTING}: {error}") from error
    return Signers(keys)


def _entries(setting: object) -> list[Entry]:
    if not setting:
        return []
    if not isinstance(setting, str):
        raise MailError(FORM)
    entries = [_entry(text) for text in setting.split(",") if text.strip()]
    names = [f"{entry.selector}._domainkey.{entry.domain}".lower() for entry in entries]
    for name in names:
        if len(name) > LONGEST_NAME:
            raise MailError(f"{SETTING}: “{name}” is too long for a name in the DNS.")
        if names.count(name) > 1:
            raise MailError(f"{SETTING} names two keys for {name}: give each its own selector.")
    return entries


def _entry(text: str) -> Entry:
    parts = text.split(maxsplit=2)
    if len(parts) < 3:
        raise MailError(FORM)
    given, selector, path = parts
    try:
        domain = idna.encode(given, uts46=True).decode().lower()
    except UnicodeError:
        domain = ""
    if not DOMAIN.fullmatch(domain):
        raise MailError(f"{SETTING}: “{given}” is no domain, as example.org is.")
    if not SELECTOR.fullmatch(selector):
        raise MailError(
            f"{SETTING}: “{selector}” is no selector: letters from a to z, digits and, between"
            " them, hyphens and dots."
        )
    return Entry(domain, selector, Path(path.rstrip()))
