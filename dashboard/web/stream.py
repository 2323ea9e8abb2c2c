"""A stream of server-sent events: the present state first, then what facts bring."""

import logging
import select
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, Unauthorized

from dashboard.extensions import db
from dashboard.jobs import Fact
from dashboard.web.hub import Event, Hub, Viewer

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
LOOK_SECONDS = 1.0
# The ledger, the session with it, is read again after this time, whatever facts say ...
RECHECK_SECONDS = 300.0
# ... and this often while no facts come, because Redis is away: the page stays true.
AWAY_SECONDS = 3.0
RETRY_AFTER_SECONDS = 5
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
    viewer = Viewer(current_user.id, interest.wants)
    if not hub.enter(viewer, current_app.config["LIVE_MAX_STREAMS"]):
        answer = Response("Too many live pages.", 503, mimetype="text/plain")
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer
    try:
        # Wait for the subscription, so that nothing falls between the look and the first fact.
        hub.connected.wait(LOOK_SECONDS)
        viewer.take(0)  # What was told until now is in the ledger.
        facts = read()
    except BaseException:
        hub.leave(viewer)
        raise
    stream = Stream(hub, viewer, interest, _again(read), plain=plain)
    stream.connection = request.environ.get("gunicorn.socket")
    db.session.remove()
    answer = event_stream(stream.events(facts))
    answer.call_on_close(lambda: hub.leave(viewer))
    return answer


def _again(read: Callable[[], list[Fact]]) -> Callable[[], list[Fact]]:
    """Give *read* for later: after the request has ended, with its cookie or its token."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    environ = request.environ

    def again() -> list[Fact]:
        with app.request_context(environ):
            return read()

    return again


@dataclass
class Stream:
    """What one open page is sent, until it goes away or there is nothing more to come."""

    hub: Hub
    viewer: Viewer
    interest: Interest
    read: Callable[[], list[Fact]]
    plain: bool
    connection: socket.socket | None = None
    _orders: dict[str, tuple[int, int]] = field(default_factory=dict)

    def events(self, facts: list[Fact]) -> Iterator[str]:
        """Give the present state, then what the hub brings; a sign of life every 15 seconds."""
        looked = said = time.monotonic()
        try:
            yield "retry: 1000\n\n"
            yield from self._sent(self._present(facts))
            if not self.interest.over:
                yield self._sign("live")
            while self._goes_on():
                due = looked + self._pause() - time.monotonic()
                told = self.viewer.take(max(0.0, min(LOOK_SECONDS, due)))
                if self.hub.closing:
                    return
                if told is None or due <= 0:
                    events = self._present(self.read())
                    looked = time.monotonic()
                else:
                    events = self._news(told)
                yield from self._sent(events)
                if events:
                    said = time.monotonic()
                elif time.monotonic() - said >= HEARTBEAT_SECONDS:
                    yield self._sign("heartbeat")
                    said = time.monotonic()
        except Unauthorized:
            yield self._sign("signin")
        except HTTPException:
            return  # What it shows may not be seen any more: whoever connects again is told so.
        except SQLAlchemyError as error:
            logger.warning("A stream ends, for the ledger did not answer: %s", error)
        finally:
            self.hub.leave(self.viewer)

    def _present(self, facts: list[Fact]) -> list[Event]:
        """Tell the ledger's *facts*, but none that is older than what was told already."""
        fresh = [fact for fact in facts if fact.order >= self._orders.get(fact.id, fact.order)]
        self._orders |= {fact.id: fact.order for fact in fresh}
        return self.interest.begin(fresh)

    def _news(self, facts: list[Fact]) -> list[Event]:
        """Tell *facts* that are newer than what was told already."""
        events: list[Event] = []
        for fact in facts:
            if fact.id not in self._orders or fact.order > self._orders[fact.id]:
                self._orders[fact.id] = fact.order
                events += self.interest.tell(fact)
        return events

    def _goes_on(self) -> bool:
        return not (self.interest.over or self.hub.closing or _is_gone(self.connection))

    def _pause(self) -> float:
        longest = RECHECK_SECONDS if self.hub.connected.is_set() else AWAY_SECONDS
        return longest if self.interest.pause is None else min(longest, self.interest.pause)

    def _sent(self, events: list[Event]) -> Iterator[str]:
        for event in events:
            yield event.encode()

    def _sign(self, name: str) -> str:
        return f": {name}\n\n" if self.plain else Event(name, "").encode()


def event_stream(events: Iterator[str]) -> Response:
    """Give an answer that streams *events*."""
    return Response(events, mimetype="text/event-stream", headers=HEADERS)


def _is_gone(connection: socket.socket | None) -> bool:
    """Whether the browser closed its end: then the socket reads as ended."""
    if connection is None:
        return False
    try:
        poll = select.poll()  # select() itself knows no file descriptor above 1,023.
        poll.register(connection, select.POLLIN)
        return bool(poll.poll(0)) and connection.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):
        return True
