"""A stream of server-sent events: the present state first, then what facts bring."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar

from flask import Flask, Response, copy_current_request_context, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, Unauthorized

from dashboard.extensions import db
from dashboard.jobs import Fact
from dashboard.web.hub import Event, Hub, Viewer

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
LOOK_SECONDS = 1.0
# The ledger, the session with it, is read again after this time, whatever facts say ...
RECHECK_SECONDS = 300.0
# ... and this often while no facts come, because Redis is away: the page stays true.
AWAY_SECONDS = 3.0
# So many times a second one process can look for its streams and still serve other pages.
LOOKS_A_SECOND = 50
RETRY_AFTER_SECONDS = 5
# Nothing is sent for it, but the server forgets the piece before: a stream may wait for hours.
NOTHING = b""
RETRY = b"retry: 1000\n\n"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Interest(Protocol):
    """What one stream tells of facts; *wants* is asked in the hub's thread, all else in its own.

    *over* says that nothing more will come, *pause* after how many seconds the ledger is to be
    read again (None: as rarely as may be).
    """

    over: bool
    pause: float | None

    def wants(self, fact: Fact) -> bool:
        """Whether the stream may tell of *fact*, and would."""
        ...

    def begin(self, facts: list[Fact]) -> list[Event]:
        """Give the events of the present state; *facts* come from the ledger."""
        ...

    def tell(self, fact: Fact) -> list[Event]:
        """Give the events that follow from a later fact."""
        ...


def follow(
    interest: Interest, read: Callable[[], list[Fact]], *, plain: bool = False
) -> ResponseReturnValue:
    """Answer with a stream: what *read* finds in the ledger, then what facts bring.

    *read* is called again now and then, in a context of the same request; it raises Unauthorized
    when the session has ended. A *plain* stream holds nothing but the events of *interest*: signs
    of life are comments. Answers 503 when there are too many streams.
    """
    hub: Hub = current_app.extensions["hub"]
    connection = request.environ.get("gunicorn.socket")
    viewer = Viewer(current_user.id, interest.wants, connection)
    if not hub.enter(viewer, current_app.config["LIVE_MAX_STREAMS"]):
        answer = Response("Too many live pages.", 503, mimetype="text/plain")
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer
    try:
        facts = read()
    except BaseException:
        hub.leave(viewer)
        raise
    stream = Stream(hub, viewer, interest, _again(read), plain=plain)
    db.session.remove()
    answer = event_stream(stream.events(facts))
    answer.call_on_close(lambda: hub.leave(viewer))
    return answer


def in_turn(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view that streams be worked on by the hub's few readers, in the order of coming.

    After a restart all pages come back at once: they must not take the ledger and the processor
    from those who open a page. And the thread or greenlet that then streams for hours has never
    called deeply, so that it stays small. The subscription is waited for as well: nothing falls
    between the look and the first fact.
    """

    @wraps(view)
    def waiting(*args: P.args, **kwargs: P.kwargs) -> R:
        hub: Hub = current_app.extensions["hub"]
        hub.attend(LOOK_SECONDS)
        return hub.readers.submit(copy_current_request_context(view), *args, **kwargs).result()

    return waiting


def _again(read: Callable[[], list[Fact]]) -> Callable[[], list[Fact]]:
    """Give *read* for later: after the request has ended, with its cookie or its token."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    environ = request.environ
    hub: Hub = app.extensions["hub"]

    def again() -> list[Fact]:
        with app.request_context(environ):
            return read()

    return lambda: hub.readers.submit(again).result()


@dataclass(slots=True)
class Stream:
    """What one open page is sent, until it goes away or there is nothing more to come."""

    hub: Hub
    viewer: Viewer
    interest: Interest
    read: Callable[[], list[Fact]]
    plain: bool
    _orders: dict[str, tuple[int, int]] = field(default_factory=dict)
    _looked: float = 0.0
    _said: float = 0.0

    def events(self, facts: list[Fact]) -> Iterator[bytes]:
        """Give the present state, then what the hub brings; a sign of life every 15 seconds.

        What is to be said at one time is one piece, so that little is done for each event.
        """
        self._said = time.monotonic()
        try:
            begin = [RETRY, *self._present(facts)]
            if not self.interest.over:
                begin.append(self._life("live"))
            del facts  # A stream lasts for hours: it keeps only what it needs.
            yield b"".join(begin)
            del begin
            yield NOTHING
            while self._goes_on():
                piece = self._next()
                if piece:
                    yield piece
                    del piece
                    yield NOTHING
        except Unauthorized:
            yield self._sign("signin")
        except HTTPException:
            return  # What it shows may not be seen any more: whoever connects again is told so.
        except SQLAlchemyError as error:
            logger.warning("A stream ends, for the ledger did not answer: %s", error)
        finally:
            self.hub.leave(self.viewer)

    def _next(self) -> bytes:
        """Wait for news or for the time of a sign of life; gives nothing without either."""
        now = time.monotonic()
        due = min(self._looked + self._pause(), self._said + HEARTBEAT_SECONDS)
        told = self.viewer.take(max(0.0, due - now))
        if not self._goes_on():
            return b""
        now = time.monotonic()
        if told is None or now - self._looked >= self._pause():
            events = self._present(self.read())
        else:
            events = self._news(told)
        if now - self._said >= HEARTBEAT_SECONDS:
            # However much is told: a page that takes its stream for lost waits for this sign.
            self._said = now
            events.append(self._life("heartbeat"))
        return b"".join(events)

    def _present(self, facts: list[Fact]) -> list[bytes]:
        """Tell the ledger's *facts*, but none that is older than what was told already."""
        self._looked = time.monotonic()
        before = self._orders
        fresh = [fact for fact in facts if fact.order >= before.get(fact.id, fact.order)]
        # Many streams tell of the same jobs: their ids are kept once. What the ledger does not
        # bring any more is forgotten: a page may stay open for days.
        self._orders = {
            sys.intern(fact.id): max(fact.order, before.get(fact.id, fact.order)) for fact in facts
        }
        return [event.encoded for event in self.interest.begin(fresh)]

    def _news(self, facts: list[Fact]) -> list[bytes]:
        """Tell *facts* that are newer than what was told already."""
        events: list[Event] = []
        for fact in facts:
            if fact.id not in self._orders or fact.order > self._orders[fact.id]:
                self._orders[fact.id] = fact.order
                events += self.interest.tell(fact)
        return [event.encoded for event in events]

    def _goes_on(self) -> bool:
        return not (self.interest.over or self.hub.closing or self.viewer.is_gone)

    def _pause(self) -> float:
        longest = RECHECK_SECONDS
        if not self.hub.connected.is_set():
            longest = max(AWAY_SECONDS, self._round())
        return longest if self.interest.pause is None else min(longest, self.interest.pause)

    def _round(self) -> float:
        """Give the seconds in which every stream of this process can look once."""
        return self.hub.viewers / LOOKS_A_SECOND

    def _life(self, name: str) -> bytes:
        """Give a sign of life; it tells over how many seconds pages spread what can wait."""
        return self._sign(name, f"{self._round():.1f}")

    def _sign(self, name: str, data: str = "") -> bytes:
        return f": {name}\n\n".encode() if self.plain else Event(name, data).encoded


def event_stream(events: Iterator[bytes]) -> Response:
    """Give an answer that streams *events*."""
    return Response(events, mimetype="text/event-stream", headers=HEADERS)
