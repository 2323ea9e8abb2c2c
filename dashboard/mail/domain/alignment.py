"""Whether SPF counts for DMARC where e-mails return to another domain than the sender's.

SPF is about the domain in the envelope, DMARC about the one that people see: only where both are
one, or of one organisation, does the first prove the second (RFC 7489 section 3.1.2).
"""

from typing import Final

from dashboard.mail.domain.finding import Finding
from dashboard.mail.domain.organisation import organisational
from dashboard.mail.domain.tags import tags_of
from dashboard.words import marked

NO_RETURN: Final = marked("There is no domain %(domain)s, to which e-mails that bounce return.")
NOT_ALIGNED: Final = marked(
    "E-mails that bounce return to %(domain)s. This is not the sender’s domain, so SPF proves"
    " nothing to DMARC: it takes DKIM."
)
BY_DKIM: Final = marked(
    "E-mails that bounce return to %(domain)s. This is not the sender’s domain, so it is DKIM that"
    " proves to DMARC who sends."
)


def find_alignment(domain: str, returning: str, dkim: Finding, dmarc: Finding) -> Finding | None:
    """Give what follows from e-mails of *domain* *returning* elsewhere; None where nothing does.

    *dkim* and *dmarc* are what was found about *domain*.
    """
    if returning == domain:
        return None
    is_strict = tags_of(dmarc.record.lower()).get("aspf") == "s"
    if not is_strict and organisational(returning) == organisational(domain):
        return None
    if dkim.state == "good":
        return Finding("good", BY_DKIM, {"domain": returning})
    return Finding("weak", NOT_ALIGNED, {"domain": returning})
