"""Whoever asked to be told is told once, or the notice says that nobody knows."""

from collections import Counter
from collections.abc import Iterator

from chaos.account import Account
from chaos.history import History
from chaos.stage import Stage
from dashboard.mail import Outbox
from dashboard.models import Notice, NoticeState, State

# A notice that was cut off while it was sent becomes uncertain some minutes later.
UNKNOWN = frozenset({NoticeState.UNCERTAIN, NoticeState.SENDING})
MOST_LETTERS = 100_000


def letters(stage: Stage) -> Counter[tuple[str, str]]:
    """Give how many letters lie in the outbox, by whom they are to and their subject."""
    outbox = stage.app.extensions["mailer"]
    assert isinstance(outbox, Outbox)
    return Counter((letter.to, letter.subject) for letter in outbox.read(MOST_LETTERS))


def check(account: Account, history: History, found: Counter[tuple[str, str]]) -> Iterator[str]:
    """Look at notices and letters."""
    for job in account.jobs.values():
        asked = history.accepted.get(job.id)
        notices = account.notices.get(job.id, [])
        wanted = int(asked is not None and asked.notify and job.state != State.CANCELLED)
        if len(notices) != wanted:
            yield f"{job.number} has {len(notices)} notices, not {wanted}."
        number = f"({job.number})"
        sent = sum(
            count
            for (to, subject), count in found.items()
            if subject.endswith(number) and asked is not None and asked.person in to
        )
        for notice in notices:
            yield from _told(job.number, notice, sent)
        if not notices and sent:
            yield f"{job.number}: {sent} letters were sent that nobody asked for."


def uncertain(account: Account) -> int:
    """Give how many notices nobody knows whether they were sent."""
    return sum(notice.state in UNKNOWN for some in account.notices.values() for notice in some)


def _told(number: str, notice: Notice, sent: int) -> Iterator[str]:
    if notice.state == NoticeState.SENT and sent != 1:
        yield f"{number}: its notice is sent, and the outbox has {sent} letters of it."
    elif notice.state in UNKNOWN and sent > 1:
        yield f"{number}: its notice is uncertain, and the outbox has {sent} letters of it."
    elif notice.state not in {NoticeState.SENT, *UNKNOWN}:
        yield f"{number}: its notice is {notice.state}."
