"""One SMTP connection that carries many parcels, each answered before the next one leaves.

Where the server offers PIPELINING (RFC 2920), the envelope of the next parcel leaves together with
the end of the body before it: one write and one exchange a message. The next body never does. The
parcel behind that is made while the server has the body in its hands.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from threading import Lock, Timer
from typing import Final, Literal

from dashboard.mail.carrier import Fate, Outcome, Parcel, Sign
from dashboard.mail.mishaps import GARBLED, IN_REPLY_TO_MAIL, INTERRUPTED, NOT_REACHED, WITHHELD
from dashboard.mail.smtp.answers import CLOSING, LONGEST_WORDS, Answer, Broken
from dashboard.mail.smtp.envelope import END_OF_BODY, Offers, commands, ended, stuffed, unfit
from dashboard.mail.smtp.line import CHUNK, Closing, Line

AHEAD: Final = 2  # parcels: the envelope of one has left, the other has been made
GRACE_SECONDS = 1.0  # for an answer that is due when the round is interrupted
RESET: Final = b"RSET\r\n"
# What servers are told not to have taken when the line breaks before the last dot (RFC 5321
# section 4.1.1.4); after it, only they know.
BROKEN_FATES: Final[dict[str, Fate]] = {
    "idle": "untried",
    "envelope": "untried",
    "body": "deferred",
    "dot": "uncertain",
}


class SmtpRound:
    """Carries over *line*; *patience* is in seconds, for the answer to a body.

    With *sign* each parcel is signed as soon as it is pulled, before its size is told.
    """

    def __init__(
        self, line: Line, offers: Offers, patience: float, sign: Sign | None = None
    ) -> None:
        self._line = line
        self._offers = offers
        self._patience = patience
        self._sign = sign
        self._stage: Literal["idle", "envelope", "body", "dot"] = "idle"
        self._pulled: deque[Parcel] = deque()
        self._failure: Exception | None = None  # of the source, while an answer was due
        self._is_ahead = False  # The envelope of the first that was pulled has left already.
        self._is_unclean = False  # The server still holds an envelope of which nothing came.
        self._is_over = False
        self._is_stopping = False
        self._lock = Lock()
        self._grace = Timer(GRACE_SECONDS, line.cut)

    def carry(
        self, parcels: Iterable[Parcel], may_leave: Callable[[Parcel], bool] = lambda parcel: True
    ) -> Iterator[Outcome]:
        """Give an outcome for each of *parcels*; see Round."""
        source = iter(parcels) if self._sign is None else map(self._signed, parcels)
        try:
            while not self._has_ended() and (parcel := self._next(source)) is not None:
                yield self._carried(parcel, source, may_leave)
            while self._pulled:
                self._pulled.popleft()
                yield Outcome("untried", 0, INTERRUPTED if self._is_stopping else NOT_REACHED)
            if self._failure is not None:
                self._is_over = True
                failure, self._failure = self._failure, None
                raise failure
        finally:
            # Whoever leaves in the middle leaves a server behind that waits for a body.
            if self._pulled or self._stage != "idle":
                self._pulled.clear()
                self._is_over = True

    def interrupt(self) -> None:
        """End soon: at once where nothing is at stake, else after a second for the answer."""
        with self._lock:
            if self._is_stopping:
                return
            self._is_stopping = True
            if self._stage == "dot":
                self._grace.daemon = True
                self._grace.start()
            else:
                self._line.cut()

    def leave(self) -> None:
        """Close the connection, with a goodbye where the server would understand it as one."""
        self._grace.cancel()
        if self._stage == "idle" and not self._is_ahead and not self._has_ended():
            self._line.leave()
        else:
            self._line.close()
        self._is_over = True

    def _signed(self, parcel: Parcel) -> Parcel:
        assert self._sign is not None
        return parcel._replace(body=self._sign(ended(parcel.body)))

    def _has_ended(self) -> bool:
        return self._is_over or self._is_stopping

    def _next(self, source: Iterator[Parcel]) -> Parcel | None:
        if self._pulled:
            return self._pulled.popleft()
        return None if self._failure is not None else next(source, None)

    def _carried(
        self, parcel: Parcel, source: Iterator[Parcel], may_leave: Callable[[Parcel], bool]
    ) -> Outcome:
        if not self._is_ahead and (outcome := unfit(parcel, self._offers)):
            return outcome
        try:
            outcome = self._refused(parcel)
            if outcome is None:
                outcome = self._handed_over(parcel, source) if may_leave(parcel) else self._left()
        except Closing as closing:
            self._is_over = True
            return Outcome("deferred", CLOSING, closing.answer.words)
        except Broken as broken:
            self._is_over = True
            return self._lost(str(broken))
        self._stage = "idle"
        return outcome

    def _lost(self, sentence: str) -> Outcome:
        fate = BROKEN_FATES[self._stage]
        if not self._is_stopping:
            return Outcome(fate, 0, sentence)
        return Outcome("untried" if fate == "deferred" else fate, 0, INTERRUPTED)

    def _refused(self, parcel: Parcel) -> Outcome | None:
        """Send the envelope and give the outcome where the server does not want it."""
        self._stage = "envelope"
        mail, rcpt, data = self._answers_to(parcel)
        if data.code < 300 or any(300 <= answer.code < 400 for answer in (mail, rcpt)):
            raise Broken(GARBLED)
        self._is_unclean = data.code >= 400
        is_waiting_for_body = data.code < 400
        if mail.code >= 400:
            if is_waiting_for_body and rcpt.code < 400:
                # It would take a message from nobody: it is given none, nor an end of one.
                self._is_over = True
            elif is_waiting_for_body:
                self._end_empty_body()
            return _judged(mail, IN_REPLY_TO_MAIL)
        if rcpt.code >= 400:
            if is_waiting_for_body:
                self._end_empty_body()
            return _judged(rcpt)
        return None if is_waiting_for_body else _judged(data)

    def _answers_to(self, parcel: Parcel) -> list[Answer]:
        """Give the answers to MAIL, RCPT and DATA; of those never sent, that of the one before."""
        words = commands(parcel, self._offers)
        is_ahead, self._is_ahead = self._is_ahead, False
        if not self._offers.pipelining:
            return self._step_by_step(words)
        resets = self._is_unclean and not is_ahead
        if not is_ahead:
            self._line.send((RESET if resets else b"") + b"".join(words))
        if resets:
            self._line.answer()
        return [self._line.answer() for _ in words]

    def _step_by_step(self, words: Iterable[bytes]) -> list[Answer]:
        if self._is_unclean:
            self._line.send(RESET)
            self._line.answer()
        answers: list[Answer] = []
        for word in words:
            if not answers or answers[-1].code < 400:
                self._line.send(word)
                answers.append(self._line.answer())
            else:
                answers.append(answers[-1])
        return answers

    def _end_empty_body(self) -> None:
        # DATA was taken although nobody is there to receive (RFC 2920 section 3.1).
        try:
            self._line.send(END_OF_BODY)
            self._line.answer(self._patience)
        except (Broken, Closing):
            self._is_over = True  # What was said of the parcel before remains true.

    def _left(self) -> Outcome:
        """Leave a server that waits for a body: there is no other way to give it none."""
        self._is_over = True
        return Outcome("untried", 0, WITHHELD)

    def _handed_over(self, parcel: Parcel, source: Iterator[Parcel]) -> Outcome:
        """Send the body and the envelope of the parcel that follows, and give the outcome."""
        body = stuffed(parcel.body)
        self._line.must_be_quiet()
        kept = len(body) % CHUNK
        if len(body) > kept:
            self._stage = "body"
            self._line.send(body[: len(body) - kept])
        with self._lock:
            if self._is_stopping:
                raise Broken(INTERRUPTED)
            self._stage = "dot"
        self._line.send(body[len(body) - kept :] + END_OF_BODY + self._envelope_ahead())
        self._pull(source)
        answer = self._line.answer(self._patience)
        if 300 <= answer.code < 400:
            raise Broken(GARBLED)
        return _judged(answer)

    def _envelope_ahead(self) -> bytes:
        """Give the commands of the parcel that follows, where they may leave before its turn."""
        if self._is_ahead or not self._pulled or not self._offers.pipelining:
            return b""
        following = self._pulled[0]
        if unfit(following, self._offers):
            return b""
        self._is_ahead = True
        return b"".join(commands(following, self._offers))

    def _pull(self, source: Iterator[Parcel]) -> None:
        """Take from *source* what follows, while an answer is due."""
        ahead = AHEAD if self._offers.pipelining else 1
        while len(self._pulled) < ahead and self._failure is None:
            try:
                parcel = next(source, None)
            except Exception as failure:  # The answer that is due comes first: it is about another.
                self._failure = failure
                return
            if parcel is None:
                return
            self._pulled.append(parcel)
            if envelope := self._envelope_ahead():  # As that of the second one of all.
                # Where the line has broken, the answer to the body may have come before.
                with suppress(Broken):
                    self._line.send(envelope)


def _judged(answer: Answer, place: str = "") -> Outcome:
    fate: Fate = "sent" if answer.code < 300 else "deferred" if answer.code < 500 else "failed"
    return Outcome(fate, answer.code, answer.words[: LONGEST_WORDS - len(place)] + place)
