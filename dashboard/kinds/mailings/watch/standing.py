"""Where a mailing stands, as its page says it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dashboard.jobs import Fact
from dashboard.kinds.mailings.bulk.standing import PAUSED_BY
from dashboard.models import Mailing, MailingState
from dashboard.words import reader

Phase = Literal[
    "ahead", "preparing", "sending", "waiting", "adrift", "paused", "finished", "stopped"
]

SECOND, SLOW = 1, 5
"""After so many seconds a page that shows it reads itself again."""

AGAIN: dict[Phase, int] = {
    "ahead": SLOW,
    "preparing": SECOND,
    "sending": SECOND,
    "waiting": SLOW,
    "adrift": SLOW,
    "paused": SLOW,
}


@dataclass(frozen=True)
class Standing:
    """The *phase* of a mailing, and the job that sends it where there is one.

    *is_today* is whether it waits for a time of this day, *paused_by* the name of who has paused
    it, "" where it has paused by itself. Ahead waits for its time, preparing writes down who gets
    it, waiting has nothing to send now, and one that is adrift should be sent, but its job has
    ended.
    """

    phase: Phase
    job: Fact | None
    is_today: bool = False
    paused_by: str = ""

    @property
    def again(self) -> int | None:
        """After how many seconds the page reads itself again; None where nothing moves."""
        return AGAIN.get(self.phase)

    @property
    def moves(self) -> bool:
        """Whether the numbers are about to change by themselves."""
        return self.phase in ("preparing", "sending", "waiting")

    @property
    def is_over(self) -> bool:
        """Whether nothing is sent any more."""
        return self.phase in ("finished", "stopped")

    @property
    def may_pause(self) -> bool:
        """Whether there is anything to hold up."""
        return self.phase in ("ahead", "preparing", "sending", "waiting")

    @property
    def may_resume(self) -> bool:
        """Whether it goes on when somebody says so."""
        return self.phase in ("paused", "adrift")


def standing_of(mailing: Mailing, job: Fact | None, now: datetime) -> Standing:
    """Give where *mailing* stands at the moment *now*; *job* is the one that sends it."""
    return Standing(
        _phase(mailing, job, now),
        job,
        is_today=mailing.send_at is not None and not reader().days_between(now, mailing.send_at),
        paused_by=_paused_by(mailing.paused_why),
    )


def _paused_by(why: str) -> str:
    """Give the name in a sentence that the ledger keeps whole; "" for any other one."""
    before, _, behind = PAUSED_BY.partition("%(name)s")
    if not (why.startswith(before) and why.endswith(behind)):
        return ""
    return why.removeprefix(before).removesuffix(behind)


def _phase(mailing: Mailing, job: Fact | None, now: datetime) -> Phase:
    match mailing.state:
        case MailingState.PAUSED:
            return "paused"
        case MailingState.FINISHED:
            return "finished"
        case MailingState.STOPPED:
            return "stopped"
    if job is None or job.is_final:
        return "adrift"
    if mailing.send_at is not None and mailing.send_at > now:
        return "ahead"
    if mailing.frozen_at is None:
        return "preparing"
    return "sending" if job.state == "running" else "waiting"
