"""Everything that is found of a mailing before it is sent, in groups and in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dashboard.kinds.mailings.deliverability.advice import ADVICE
from dashboard.kinds.mailings.deliverability.message import (
    attachment_findings,
    message_findings,
)
from dashboard.kinds.mailings.deliverability.records import records
from dashboard.mail.domain import Finding, State
from dashboard.models import Mailing
from dashboard.words import gettext as _, marked, reader

DOMAIN: Final = marked("Sender’s domain")
MESSAGE: Final = marked("Message")
ATTACHMENTS: Final = marked("Attachments")
NO_SENDER: Final = marked("No sender has been chosen, so there is no domain to look at.")

WORDS: Final[dict[State, str]] = {
    "good": marked("Good"),
    "weak": marked("Could be better"),
    "missing": marked("Missing"),
    "wrong": marked("Wrong"),
    "unknown": marked("Not checked"),
}


@dataclass(frozen=True)
class Line:
    """One finding: *advice* says what to do, "" where nothing is; *record* is what stands there.

    Where the advice is to publish a record, *wanted* is that one and *name* where it belongs.
    """

    state: State
    sentence: str
    advice: str
    record: str
    name: str = ""
    wanted: str = ""

    @property
    def word(self) -> str:
        """Give the state for whoever reads."""
        return _(WORDS[self.state])


@dataclass(frozen=True)
class Group:
    """Findings on one thing, under a *title*; *of* says which one it is."""

    title: str
    of: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Report:
    """All groups; *at* is when the DNS was asked, None where it was not."""

    groups: tuple[Group, ...]
    at: datetime | None

    def count(self, *states: State) -> int:
        """Give how many findings are in one of *states*."""
        return sum(line.state in states for group in self.groups for line in group.lines)


def report_of(mailing: Mailing, *, again: bool = False) -> Report:
    """Look at *mailing*; asked *again*, also at what the DNS said a moment ago.

    It takes as long as the DNS does, at most some seconds.
    """
    domain, at = "", None
    findings: Iterable[Finding] = [Finding("unknown", NO_SENDER)]
    if mailing.sender is not None:
        domain = mailing.sender.address.rpartition("@")[2]
        looked = records().of(domain, again=again)
        findings, at = looked.findings, looked.at
    return Report(
        (
            _group(DOMAIN, findings, domain),
            _group(MESSAGE, message_findings(mailing)),
            _group(ATTACHMENTS, attachment_findings(mailing)),
        ),
        at,
    )


def _group(title: str, findings: Iterable[Finding], of: str = "") -> Group:
    return Group(_(title), of, tuple(map(_line, findings)))


def _line(finding: Finding) -> Line:
    number = reader().number
    values = {
        name: number(value) if isinstance(value, int) else value
        for name, value in finding.values.items()
    }
    advice = ADVICE.get(finding.sentence, "")
    return Line(
        finding.state,
        _(finding.sentence, **values),
        _(advice) if advice else "",
        finding.record,
        finding.name,
        finding.wanted,
    )
