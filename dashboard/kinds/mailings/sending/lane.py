"""One connection's share of a mailing: claims, sends in order, marks each before the next."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from dashboard.kinds.mailings.ledger import Claimed, Holder, Marks, claim, release
from dashboard.kinds.mailings.sending.breaker import Breaker
from dashboard.kinds.mailings.sending.letters import Letters
from dashboard.kinds.mailings.sending.pace import Limit, Pace
from dashboard.kinds.mailings.sending.pauses import next_try
from dashboard.kinds.mailings.suppressions import suppress
from dashboard.mail import Carrier, MailError, MailRefused, Outcome, Parcel, Round
from dashboard.mail.mime import BadHeader
from dashboard.mail.mishaps import WITHHELD
from dashboard.mail.replies import plain
from dashboard.mail.writing import BadLink, MissingField
from dashboard.models import Cause, Fate
from dashboard.words import marked

logger = logging.getLogger(__name__)

FIRST_PAUSE: Final = 1.0  # seconds, behind a connection that could not be made
LONGEST_PAUSE: Final = 30.0
CLOSING: Final = 421
"""The code of a server that closes the connection (RFC 5321, 3.8)."""

FRESH_SECONDS: Final = 1.0
"""For so long holds what was found when an e-mail was made; then it is looked at again."""

NO_VALUE: Final = marked("There is nothing to fill in for “%(field)s”.")
CONTENT: Final = "content"
"""The reason of a message that could not be made for this one recipient."""


@dataclass
class Lane:
    """Works in a thread and an app context of its own, until nothing is left or *stop* is set.

    *limits* hold for all of the mailing, *now* is the ledger's time, *token* is the lane's own;
    with a *holder* nothing is claimed once another attempt holds the job. *over* counts those of
    which it was the last word.
    """

    mailing_id: int
    token: str
    carrier: Carrier
    letters: Letters
    pace: Pace
    limits: Sequence[Limit]
    breaker: Breaker
    stop: threading.Event
    now: Callable[[], datetime]
    holder: Holder | None = None
    over: int = 0
    _held: deque[Claimed] = field(default_factory=deque)
    _on_its_way: deque[tuple[Claimed, float]] = field(default_factory=deque)
    _asked: tuple[str, bool] = ("", False)
    _wait: float = 0.0
    _connection: Round | None = None

    def run(self) -> None:
        """Send; raises ClaimLost where another attempt at the job has taken over."""
        pause = FIRST_PAUSE
        with Marks(self.token) as marks:
            while self._goes_on() and self._has_work():
                if self._round(marks):
                    pause = FIRST_PAUSE
                else:
                    self.stop.wait(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
        # Not where an error came up: of what was on its way then, nobody may say it was not tried.
        release(self.mailing_id, self.token)

    def interrupt(self) -> None:
        """End soon, from another thread; what is on its way then may be uncertain."""
        if (connection := self._connection) is not None:
            connection.interrupt()

    def _round(self, marks: Marks) -> bool:
        """Send over one connection; False where the server answered nothing about an e-mail."""
        try:
            with self.carrier.round() as connection:
                self._connection = connection
                return self._send(connection, marks)
        except MailError as error:
            if isinstance(error, MailRefused):
                self.breaker.shut_out(str(error))
            else:
                self.breaker.unreachable(str(error))
            logger.warning("The mail server let nobody in: %s", error)
            return False
        finally:
            self._connection = None

    def _goes_on(self) -> bool:
        return not self.stop.is_set() and self.breaker.why is None

    def _has_work(self) -> bool:
        if not self._held:
            self._held.extend(claim(self.mailing_id, self.token, holder=self.holder))
        return bool(self._held)

    def _send(self, connection: Round, marks: Marks) -> bool:
        """Send over one connection for as long as it lasts; say whether anything was answered."""
        has_answered = False
        while self._goes_on() and self._has_work():
            carried, is_over, broken_by = 0, False, ""
            self._asked = "", False  # Somebody may have waited since, and others have asked.
            may_leave = partial(self._may_leave, marks)
            for outcome in connection.carry(self._parcels(marks), may_leave):
                one, _looked_at = self._on_its_way.popleft()
                self._mark(marks, one, outcome)
                carried += 1
                has_answered = has_answered or outcome.code > 0
                is_over = outcome.fate in ("uncertain", "untried") or outcome.code == CLOSING
                if is_over and outcome.code == 0:
                    broken_by = broken_by or outcome.words
            if broken_by and broken_by != WITHHELD:  # Those behind one were not reached either.
                self.breaker.unreachable(broken_by)
            assert not self._on_its_way, "A carrier has an outcome for each parcel that it took."
            if self._wait:
                self.stop.wait(self._wait)
                self._wait = 0.0
            elif is_over or (self._held and not carried):
                break  # The connection has ended and takes nothing more.
        return has_answered

    def _parcels(self, marks: Marks) -> Iterator[Parcel]:
        """Give what may leave now, one at a time; it ends where somebody has to wait."""
        while self._held and self._goes_on():
            one = self._held[0]
            domain = one.address.rpartition("@")[2]
            if self._is_suppressed(marks, one.address):
                marks.mark(self._held.popleft().id, Fate.SUPPRESSED, self.now())
                self.over += 1
                continue
            if wait := self.pace.take([*self.limits, *self.pace.of_domain(domain)]):
                self._wait = wait
                return
            self._held.popleft()
            try:
                parcel = self.letters.parcel(one)
            except MissingField as error:
                self._fail(marks, one, NO_VALUE % {"field": error.name}, reason=CONTENT)
                continue
            except (BadHeader, BadLink) as error:
                self._fail(marks, one, str(error), reason=CONTENT)
                continue
            self._on_its_way.append((one, time.monotonic()))
            yield parcel

    def _may_leave(self, marks: Marks, parcel: Parcel) -> bool:
        """Look once more, just before the body leaves, where the last look is not fresh."""
        one, looked_at = self._on_its_way[0]
        if self.breaker.why is None and time.monotonic() - looked_at < FRESH_SECONDS:
            return True
        return self._goes_on() and not marks.is_suppressed(one.address)

    def _fail(
        self, marks: Marks, one: Claimed, words: str, *, code: int | None = None, reason: str
    ) -> None:
        """Commit that one will not get it."""
        marks.mark(one.id, Fate.FAILED, self.now(), code=code, words=words, reason=reason)
        self.over += 1
        self.breaker.refused(words)

    def _is_suppressed(self, marks: Marks, address: str) -> bool:
        """Say whether nothing goes to *address* any more, as the last mark has asked or anew."""
        asked, is_suppressed = self._asked
        return is_suppressed if asked == address else marks.is_suppressed(address)

    def _mark(self, marks: Marks, one: Claimed, outcome: Outcome) -> None:
        """Commit what became of one; the next is handed over only behind this."""
        now, words = self.now(), outcome.words
        match outcome.fate:
            case "sent":
                ask = self._held[0].address if self._held else None
                is_suppressed = marks.mark(
                    one.id, Fate.SENT, now, code=outcome.code, words=words, ask=ask
                )
                self._asked = ask or "", is_suppressed
                self.over += 1
                self.breaker.sent()
            case "untried":
                marks.mark(one.id, Fate.QUEUED, now, untried=True)
            case "uncertain":
                marks.mark(one.id, Fate.UNCERTAIN, now, code=outcome.code, words=words)
                self.over += 1
            case "deferred":
                self._defer(marks, one, outcome, now)
            case "failed":
                reading = plain(outcome.code, words)
                if reading.category == "bad-address":
                    # First, so that nobody who is cut off here forgets it.
                    suppress(one.address, Cause.BOUNCED, note=words, mailing_id=self.mailing_id)
                self._fail(marks, one, words, code=outcome.code, reason=reading.category)

    def _defer(self, marks: Marks, one: Claimed, outcome: Outcome, now: datetime) -> None:
        reading = plain(outcome.code, outcome.words)
        again = next_try(one.tries, now)
        fate = Fate.DEFERRED if again else Fate.FAILED
        marks.mark(
            one.id,
            fate,
            now,
            code=outcome.code,
            words=outcome.words,
            reason=reading.category,
            due_at=again,
        )
        self.over += again is None
        self.breaker.refused(outcome.words)
        if reading.category == "too-fast":
            self.pace.spare(one.address.rpartition("@")[2])
