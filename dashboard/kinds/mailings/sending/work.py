"""Sends what is left of a mailing over several connections, until nothing is or it must stop."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from flask import Flask, current_app

from dashboard.extensions import db, sse
from dashboard.jobs.running import Running
from dashboard.kinds.mailings.ledger import Holder, counts, settle, token_of
from dashboard.kinds.mailings.sending.breaker import Breaker
from dashboard.kinds.mailings.sending.lane import Lane
from dashboard.kinds.mailings.sending.letters import Letters
from dashboard.kinds.mailings.sending.pace import Limit, Pace
from dashboard.mail import Carrier
from dashboard.models import OVER, Fate, clock
from dashboard.words import marked

SEND: Final = marked("Send")
E_MAILS: Final = marked("e-mails")
LOOK_SECONDS: Final = 0.5
PATIENCE_SECONDS: Final = 1.0
"""For so long a mail server's answer is awaited when the work must stop; then it is uncertain."""

HAS_LEFT: Final = marked("%(title)s has been sent.")
UNSENT: Final = marked("What has been sent stays sent; nothing is sent twice.")


@dataclass(frozen=True)
class Ended:
    """How one attempt at a mailing ended: the fates of all its deliveries, and why it stopped.

    *why* is what the breaker says: a marked sentence and its values.
    """

    counts: dict[Fate, int]
    why: tuple[str, dict[str, object]] | None = None


def send(
    running: Running,
    mailing_id: int,
    letters: Letters,
    *,
    limits: Sequence[Limit] = (),
    lanes: int = 1,
    must_stop: Callable[[], bool] = lambda: False,
) -> Ended:
    """Send, and look twice a second whether it *must_stop*; what was not tried stays in line.

    Raises Stop where the job must, and ClaimLost where another attempt has taken over.
    """
    holder = Holder(running.id, running.fence)
    uncertain = settle(mailing_id, holder=holder)
    if uncertain:
        running.log(
            f"{uncertain:,} of the attempt before are uncertain: they may have left", "warn"
        )
    before, everybody = _over(counts(mailing_id))
    ahead = clock() - datetime.now(UTC)
    db.session.rollback()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    carrier: Carrier = app.extensions["carrier"]
    stop, breaker, pace = threading.Event(), Breaker(), Pace(sse.wire.redis)

    side_by_side = [
        Lane(
            mailing_id,
            token_of(running.id, running.fence, number),
            carrier,
            letters,
            pace,
            limits,
            breaker,
            stop,
            lambda: datetime.now(UTC) + ahead,
            holder,
        )
        for number in range(lanes)
    ]

    def tell() -> None:
        # The ledger itself is not asked: to count a million rows takes it half a second.
        over = before + sum(lane.over for lane in side_by_side)
        running.progress(over, everybody, SEND, unit=E_MAILS)

    def work(lane: Lane) -> None:
        with app.app_context():
            lane.run()

    with ThreadPoolExecutor(lanes, thread_name_prefix="lane") as pool:
        going: set[Future[None]] = {pool.submit(work, lane) for lane in side_by_side}
        try:
            while going:
                done, going = wait(going, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
                for each in done:
                    each.result()
                tell()
                if breaker.why is not None or must_stop():
                    stop.set()
        finally:
            stop.set()
            if wait(going, timeout=PATIENCE_SECONDS).not_done:
                for lane in side_by_side:
                    lane.interrupt()
    found = counts(mailing_id)
    db.session.rollback()
    running.progress(*_over(found), SEND, unit=E_MAILS)
    return Ended(found, breaker.why)


def _over(found: Mapping[Fate, int]) -> tuple[int, int]:
    """Give for how many deliveries the last word is spoken, and how many there are."""
    return sum(found[fate] for fate in OVER), sum(found.values())
