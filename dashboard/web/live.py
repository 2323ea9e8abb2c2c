"""The live stream: the present state first, then each fact, rendered by the pages' partials."""

import select
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of
from dashboard.web.access import act_as, job_or_404, signed_in
from dashboard.web.hub import Event, Hub, Viewer
from dashboard.web.lists import active_facts
from dashboard.web.views import Keyed, Watch

bp = Blueprint("live", __name__)

VIEWS = frozenset({"home", "history", "job", "page"})
HEARTBEAT_SECONDS = 15.0
LOOK_SECONDS = 1.0
# A stream ends by itself after this time, so that the session is checked again.
LONGEST_SECONDS = 300.0
RETRY_AFTER_SECONDS = 5
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def init_app(app: Flask) -> None:
    """Give *app* its hub and the two live addresses."""
    app.extensions["hub"] = Hub(app)
    app.register_blueprint(bp)


@bp.get("/live")
def stream() -> ResponseReturnValue:
    """Stream what the page named by ?view= (and ?id=) wants to hear."""
    if not current_user.is_authenticated:
        return event_stream(iter([Event("signin", "").encode()]))
    view = request.args.get("view", "page")
    job_id = None
    if view == "job":
        job_id = str(job_or_404(_uuid(request.args.get("id"))).id)
    watch = Watch(
        user_id=current_user.id,
        admin=current_user.is_admin,
        view=view if view in VIEWS else "page",
        job_id=job_id,
    )

    def present() -> Keyed:
        facts = active_facts(watch.user_id)
        if job_id is not None:
            facts = [fact for fact in facts if fact.id != job_id]
            facts.append(fact_of(job_or_404(uuid.UUID(job_id))))
        return watch.begin(facts)

    return follow(watch, present, ends=lambda event: event.name == "done")


@bp.get("/live/summary")
@signed_in
def summary() -> ResponseReturnValue:
    """Give what a hidden tab asks for now and then: how many jobs run."""
    running = [fact for fact in active_facts(current_user.id) if not fact.is_final]
    return jsonify(running=len(running))


def follow(
    interested: Callable[[Fact], Keyed],
    present: Callable[[], Keyed],
    ends: Callable[[Event], bool],
    *,
    plain: bool = False,
) -> ResponseReturnValue:
    """Answer with a stream: what *present* reads from the ledger, then what facts bring.

    The stream ends after an event that *ends* it. A *plain* stream holds nothing but those
    events: signs of life are comments. Answers 503 when there are too many streams.
    """
    hub: Hub = current_app.extensions["hub"]
    viewer = Viewer(interested)
    if not hub.enter(viewer, current_app.config["LIVE_MAX_STREAMS"]):
        answer = Response("Too many live pages.", 503, mimetype="text/plain")
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer
    try:
        # Wait for the subscription, so that nothing falls between the look and the first fact.
        hub.connected.wait(LOOK_SECONDS)
        viewer.begin_afresh()
        first = present()
    except BaseException:
        hub.leave(viewer)
        raise
    stream = Stream(hub, viewer, _again(present), ends, plain=plain)
    stream.connection = request.environ.get("gunicorn.socket")
    db.session.remove()
    answer = event_stream(stream.events(first))
    answer.call_on_close(lambda: hub.leave(viewer))
    return answer


def _again(present: Callable[[], Keyed]) -> Callable[[], Keyed]:
    """Give *present* for later: after the request has ended, for the same person."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    environ = request.environ
    user_id = current_user.id

    def read() -> Keyed:
        with app.request_context(environ):
            act_as(user_id)
            return present()

    return read


@dataclass
class Stream:
    """What one open page is sent, until it goes away or there is nothing more to come."""

    hub: Hub
    viewer: Viewer
    present: Callable[[], Keyed]
    ends: Callable[[Event], bool]
    plain: bool
    connection: socket.socket | None = None
    ended: bool = False

    def events(self, first: Keyed) -> Iterator[str]:
        """Give *first*, then what the hub brings; a sign of life every 15 seconds."""
        began = said = time.monotonic()
        try:
            yield "retry: 1000\n\n"
            yield from self._told([event for _, event in first])
            if not self.ended:
                yield self._sign("live")
            while self._goes_on(began):
                events = self.viewer.take(LOOK_SECONDS)
                if self.viewer.begin_afresh():
                    events = [event for _, event in self.present()]
                yield from self._told(events)
                now = time.monotonic()
                if events:
                    said = now
                elif now - said >= HEARTBEAT_SECONDS:
                    yield self._sign("heartbeat")
                    said = now
        except HTTPException:
            yield self._sign("signin")  # The person may not see this any more.
        finally:
            self.hub.leave(self.viewer)

    def _goes_on(self, began: float) -> bool:
        if self.ended or self.hub.closing or _is_gone(self.connection):
            return False
        return time.monotonic() - began < LONGEST_SECONDS

    def _told(self, events: list[Event]) -> Iterator[str]:
        for event in events:
            yield event.encode()
            if self.ends(event):
                self.ended = True
                return

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


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
