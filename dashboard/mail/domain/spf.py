"""SPF: which servers may send for a domain (RFC 7208)."""

from typing import Final

from dashboard.mail.domain.finding import Finding, State
from dashboard.mail.domain.names import Names
from dashboard.mail.domain.spf_record import (
    ASKING,
    BadTerm,
    Qualifier,
    SpfRecord,
    has_macro,
    is_spf,
)
from dashboard.words import marked

LOOKUPS: Final = 10  # that a mail server makes before it gives up (RFC 7208 section 4.6.4)
TERM: Final = 80  # characters of a word that is shown

NO_DOMAIN: Final = marked("There is no domain %(domain)s.")
MISSING: Final = marked(
    "%(domain)s has no SPF record: mail servers cannot tell which servers may send for it."
)
SEVERAL: Final = marked(
    "%(domain)s has more than one SPF record: mail servers then follow none of them."
)
UNREADABLE: Final = marked("The SPF record of %(domain)s cannot be read at “%(term)s”.")
NO_TARGET: Final = marked("SPF refers to %(domain)s, which has no SPF record.")
TOO_MANY: Final = marked(
    "SPF takes more than %(limit)s lookups: mail servers give up and take it for broken."
)
EVERYBODY: Final = marked("SPF lets every server send for %(domain)s.")
NOBODY: Final = marked("SPF lets no server send for %(domain)s.")
OPEN: Final = marked(
    "SPF leaves open what becomes of e-mails from other servers: it should end in ~all or -all."
)
PTR: Final = marked("SPF uses “ptr”, which many mail servers do not follow.")
GOOD: Final = marked(
    "SPF says which servers may send for %(domain)s. It takes %(lookups)s of %(limit)s lookups."
)


class _Broken(Exception):
    """Why a mail server would not follow a record."""

    def __init__(self, sentence: str, **values: str | int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values


def find_spf(names: Names, domain: str) -> Finding:
    """Look at the SPF record of *domain*. Raises Unanswered."""
    texts = names.texts(domain)
    if texts is None:
        return Finding("wrong", NO_DOMAIN, {"domain": domain})
    records = [text for text in texts if is_spf(text)]
    if not records:
        return Finding("missing", MISSING, {"domain": domain})
    shown = "\n".join(records)
    walk = _Walk(names)
    try:
        record = _only(records, domain)
        ending = walk.ending(record)
    except _Broken as broken:
        return Finding("wrong", broken.sentence, broken.values, shown)
    state, sentence = _judged(record, ending)
    values: dict[str, str | int] = {"domain": domain, "lookups": walk.lookups, "limit": LOOKUPS}
    return Finding(state, sentence, values, shown)


class _Walk:
    """Follows a record through all that it includes, as a mail server in the worst case."""

    def __init__(self, names: Names) -> None:
        self.lookups = 0
        self._names = names

    def ending(self, record: SpfRecord) -> Qualifier:
        """Give what *record* says of a server that it does not name. Raises _Broken, Unanswered.

        What stands behind a word for everybody is never reached, and so counts for nothing.
        """
        for mechanism in record.mechanisms:
            if mechanism.name in ASKING:
                self._count()
            if mechanism.is_everybody:
                return mechanism.qualifier
            if mechanism.name == "include" and self._of(mechanism.value) == "+":
                return mechanism.qualifier
        if not record.redirect:
            return "?"
        self._count()
        return self._of(record.redirect)

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > LOOKUPS:
            raise _Broken(TOO_MANY, limit=LOOKUPS)

    def _of(self, domain: str) -> Qualifier:
        if has_macro(domain):
            return "-"  # Only the mail server can tell; nothing speaks against it here.
        records = [text for text in self._names.texts(domain) or () if is_spf(text)]
        if not records:
            raise _Broken(NO_TARGET, domain=domain)
        return self.ending(_only(records, domain))


def _only(records: list[str], domain: str) -> SpfRecord:
    if len(records) > 1:
        raise _Broken(SEVERAL, domain=domain)
    try:
        return SpfRecord.read(records[0])
    except BadTerm as bad:
        raise _Broken(UNREADABLE, domain=domain, term=str(bad)[:TERM]) from bad


def _judged(record: SpfRecord, ending: Qualifier) -> tuple[State, str]:
    if ending == "+":
        return "wrong", EVERYBODY
    if ending == "?":
        return "weak", OPEN
    if not record.redirect and all(each.qualifier != "+" for each in record.mechanisms):
        return "wrong", NOBODY
    if any(each.name == "ptr" for each in record.mechanisms):
        return "weak", PTR
    return "good", GOOD
