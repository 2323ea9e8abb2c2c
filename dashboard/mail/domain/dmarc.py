"""DMARC: what becomes of e-mails that only pretend to come from a domain (RFC 7489)."""

import re
from typing import Final

from dashboard.mail.domain.finding import Finding
from dashboard.mail.domain.names import Names
from dashboard.mail.domain.organisation import organisational
from dashboard.mail.domain.tags import tags_of
from dashboard.words import marked

VERSION: Final = re.compile(r"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)")
POLICIES: Final = ("none", "quarantine", "reject")
ALL: Final = 100  # percent

MISSING: Final = marked("%(domain)s has no DMARC record, which large mail providers ask for.")
SEVERAL: Final = marked(
    "%(domain)s has more than one DMARC record: mail servers then follow none of them."
)
NO_POLICY: Final = marked(
    "The DMARC record of %(domain)s does not say what to do: p must be none, quarantine or reject."
)
WATCHES: Final = marked(
    "DMARC only watches: e-mails that pretend to come from %(domain)s are still delivered."
)
IN_PART: Final = marked("DMARC holds for %(percent)s of 100 e-mails only.")
GOOD: Final = marked("DMARC keeps others from sending as %(domain)s. Its policy: %(policy)s.")


def find_dmarc(names: Names, domain: str) -> Finding:
    """Look at the DMARC record that holds for *domain*: its own or its organisation's.

    Raises Unanswered.
    """
    for owner in dict.fromkeys((domain, organisational(domain))):
        texts = names.texts(f"_dmarc.{owner}") or ()
        records = [text for text in texts if VERSION.match(text)]
        if len(records) > 1:
            return Finding("wrong", SEVERAL, {"domain": owner}, "\n".join(records))
        if records:
            return _judged(records[0], owner, is_own=owner == domain)
    return Finding("missing", MISSING, {"domain": domain})


def _judged(record: str, owner: str, *, is_own: bool) -> Finding:
    """Judge the *record* of *owner*, whose tag sp is for the domains below it."""
    tags = tags_of(record.lower())
    policy = tags.get("p", "")
    if not is_own and policy:
        policy = tags.get("sp", policy)
    if policy not in POLICIES:
        return Finding("wrong", NO_POLICY, {"domain": owner}, record)
    if policy == "none":
        return Finding("weak", WATCHES, {"domain": owner}, record)
    if (percent := _percent(tags.get("pct", ""))) < ALL:
        return Finding("weak", IN_PART, {"percent": percent}, record)
    return Finding("good", GOOD, {"domain": owner, "policy": policy}, record)


def _percent(text: str) -> int:
    """Give the number in *text*; mail servers take what is no percentage for all."""
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else ALL
