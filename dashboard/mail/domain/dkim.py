"""DKIM: the keys by which mail servers check a domain's signatures (RFC 6376)."""

import base64
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from dashboard.mail.domain.finding import Finding, State
from dashboard.mail.domain.names import Names
from dashboard.mail.domain.tags import tags_of
from dashboard.words import marked

# Keys cannot be listed, only asked for by name: these are the names that providers use.
USUAL: Final = ("default", "google", "selector1", "selector2", "s1", "s2", "k1", "mail", "dkim")

# A key of RSA is as long as its modulus and 10 to 40 bytes around it. Below 1024 bits no mail
# server takes it, 2048 are asked for (RFC 8301 section 3.2).
REFUSED: Final = 1024 // 8
SHORT: Final = 2048 // 8
SEQUENCE: Final = 0x30  # How each key of RSA begins in DER.
ED25519: Final = 32  # bytes (RFC 8463)

GOOD: Final = marked("%(domain)s has a DKIM key: %(selector)s.")
WEAK_KEY: Final = marked("The DKIM key %(selector)s is short: it should have 2048 bits.")
TESTED: Final = marked("The DKIM key %(selector)s is marked as a test, so it counts for little.")
OTHER: Final = marked(
    "%(domain)s has no DKIM key %(wanted)s, but %(selector)s. Is it the one that signs?"
)
REVOKED: Final = marked("The DKIM key %(selector)s has been revoked.")
UNREADABLE: Final = marked("The DKIM key %(selector)s cannot be read.")
TOO_SHORT: Final = marked("The DKIM key %(selector)s is too short: mail servers refuse it.")
MISSING: Final = marked("%(domain)s has no DKIM key %(wanted)s.")
NOT_FOUND: Final = marked(
    "%(domain)s has no DKIM key by any of the usual names. If yours has another name, enter it."
)
BEST_FIRST: Final[tuple[State, ...]] = ("good", "weak", "unknown", "wrong")


def find_key(names: Names, domain: str, selector: str) -> Finding | None:
    """Look at the key *selector* of *domain*, None where there is none. Raises Unanswered."""
    for record in keys_at(names, domain, selector):
        state, sentence = judged(tags_of(record))
        return Finding(state, sentence, {"domain": domain, "selector": selector}, record)
    return None


def keys_at(names: Names, domain: str, selector: str) -> list[str]:
    """Give the records of keys under the name *selector* of *domain*. Raises Unanswered."""
    texts = names.texts(f"{selector}._domainkey.{domain}") or ()
    return [text for text in texts if _is_key(tags_of(text))]


def best_of(keys: Mapping[str, Finding | None], domain: str, wanted: Collection[str]) -> Finding:
    """Give what the *keys* by their selectors come to for *domain*.

    Those that are *wanted* count before any that others use; an old key beside a good one is no
    harm.
    """
    if found := _best(keys[selector] for selector in wanted or keys):
        return found
    if not wanted:
        return Finding("missing", NOT_FOUND, {"domain": domain})
    values = {"domain": domain, "wanted": ", ".join(wanted)}
    other = _best(keys.values())
    if other is None or other.state not in ("good", "weak"):
        return Finding("missing", MISSING, values)
    return Finding("weak", OTHER, {**other.values, **values}, other.record)


def _best(keys: Iterable[Finding | None]) -> Finding | None:
    found = [key for key in keys if key is not None]
    return min(found, key=lambda key: BEST_FIRST.index(key.state), default=None)


def _is_key(tags: Mapping[str, str]) -> bool:
    return "p" in tags and tags.get("v", "DKIM1") == "DKIM1"


def judged(tags: Mapping[str, str]) -> tuple[State, str]:
    """Give what is so of a key with these *tags*."""
    try:
        key = base64.b64decode("".join(tags["p"].split()), validate=True)
    except ValueError:
        return "wrong", UNREADABLE
    if not key:
        return "wrong", REVOKED
    if tags.get("k", "rsa") == "ed25519":
        sentence = GOOD if len(key) == ED25519 else UNREADABLE
    elif tags.get("k", "rsa") != "rsa" or key[0] != SEQUENCE:
        sentence = UNREADABLE
    else:
        sentence = TOO_SHORT if len(key) < REFUSED else WEAK_KEY if len(key) < SHORT else GOOD
    if sentence == GOOD and "y" in tags.get("t", "").split(":"):
        sentence = TESTED
    states: dict[str, State] = {GOOD: "good", WEAK_KEY: "weak", TESTED: "weak"}
    return states.get(sentence, "wrong"), sentence
