"""The keys with which the desk itself signs: whether the DNS says the same of them."""

from collections.abc import Sequence
from typing import Final

from dashboard.mail.domain.dkim import WEAK_KEY, judged, keys_at
from dashboard.mail.domain.finding import Finding, State
from dashboard.mail.domain.names import Names
from dashboard.mail.domain.tags import tags_of
from dashboard.mail.signing.record import Record
from dashboard.words import marked

MISSING: Final = marked(
    "The DKIM key %(selector)s of %(domain)s, with which this desk signs, is not published."
)
OTHER: Final = marked(
    "Under %(name)s stands another key than the one with which this desk signs, so that none of its"
    " signatures holds."
)
SHORT: Final = marked(
    "The DKIM key %(selector)s, with which this desk signs, is short: it should have 2048 bits."
)
WORST_FIRST: Final[tuple[State, ...]] = ("wrong", "missing", "unknown", "weak", "good")


def find_own(names: Names, own: Record) -> Finding:
    """Look whether *own* is what stands in the DNS. Raises Unanswered."""
    values = {"domain": own.domain, "selector": own.selector, "name": own.name}
    records = keys_at(names, own.domain, own.selector)
    if not records:
        return Finding("missing", MISSING, values, name=own.name, wanted=own.value)
    if any(_material(record) != _material(own.value) for record in records):
        # Of several, each mail server picks one (RFC 6376, 3.6.2.2).
        shown = "\n".join(records)
        return Finding("wrong", OTHER, values, shown, name=own.name, wanted=own.value)
    state, sentence = judged(tags_of(records[0]))
    return Finding(state, SHORT if sentence == WEAK_KEY else sentence, values, records[0])


def worst_of(findings: Sequence[Finding]) -> Finding:
    """Give what is to be done first about one of the keys, all of which sign."""
    return min(findings, key=lambda finding: WORST_FIRST.index(finding.state))


def _material(record: str) -> tuple[str, str]:
    """Give the sort of a key and the key, both without blanks."""
    tags = tags_of(record)
    return tags.get("k", "rsa"), "".join(tags["p"].split())
