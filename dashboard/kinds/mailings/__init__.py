"""E-mails: one to one person, one message to many, and what became of each."""

from dashboard.jobs.kind import Family, Kind
from dashboard.kinds.mailings import bounces
from dashboard.kinds.mailings.audience.kind import mailing_check
from dashboard.kinds.mailings.bulk.begin import mend
from dashboard.kinds.mailings.bulk.kind import mailing
from dashboard.kinds.mailings.one.kind import email
from dashboard.kinds.mailings.report.kind import mailing_report
from dashboard.kinds.mailings.trial.kind import trial
from dashboard.words import marked

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (email, mailing, mailing_check, mailing_report, trial)
}


def _mend() -> None:
    """Do what is due for mailings; the mailbox has its turn whatever becomes of them."""
    try:
        mend()
    finally:
        bounces.go_on()


family = Family(
    name="mailings",
    title=marked("E-mails"),
    prefix="M",
    icon="mail",
    kinds=lambda: KINDS,
    find=KINDS.get,
    mend=_mend,
)
