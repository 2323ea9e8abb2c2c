"""The live stream: the present state first, then each fact, rendered by the pages' partials."""

import select
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of
from dashboard.web.access import job_or_404, signed_in
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
) -> ResponseReturnValue:
    """Answer with a stream: what *present* reads from the ledger, then what facts bring.

    The stream ends after an event that *ends* it. Answers 503 when there are too many streams.
    """
    hub: Hub = current_app.extensions["hub"]
    viewer = Viewer(interested)
    if not hub.enter(viewer, current_app.config["LIVE_MAX_STREAMS"]):
        answer = Response("Too many live pages.", 503, mimetype="text/plain")
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer
    # Wait for the subscription, so that nothing falls between the look and the first fact.
    hub.connected.wait(LOOK_SECONDS)
    app: Any = current_app
    flask_app: Flask = app._get_current_object()
    connection = request.environ.get("gunicorn.socket")
    user_context = _Present(flask_app, present)
    try:
        first = user_context.read()
    except BaseException:
        hub.leave(viewer)
        raise
    answer = event_stream(_events(hub, viewer, first, user_context, ends, connection))
    answer.call_on_close(lambda: hub.leave(viewer))
    return answer


class _Present:
    """Reads the present state; later reads (after a gap) get an app context of their own."""

    def __init__(self, app: Flask, present: Callable[[], Keyed]) -> None:
        self.app = app
        self.present = present
        self.environ = request.environ
        self.user = current_user._get_current_object()

    def read(self) -> Keyed:
        """Read inside the request."""
        try:
            return self.present()
        finally:
            db.session.remove()

    def read_again(self) -> Keyed:
        """Read after the request has ended."""
        with self.app.request_context(self.environ):
            return self.read()


def _events(
    hub: Hub,
    viewer: Viewer,
    first: Keyed,
    present: _Present,
    ends: Callable[[Event], bool],
    connection: socket.socket | None,
) -> Iterator[str]:
    began = said = time.monotonic()
    try:
        yield "retry: 1000\n\n"
        for _, event in first:
            yield event.encode()
            if ends(event):
                return
        yield Event("live", "").encode()
        while not hub.closing and time.monotonic() - began < LONGEST_SECONDS:
            events = viewer.take(LOOK_SECONDS)
            if viewer.begin_afresh():
                events = [event for _, event in present.read_again()]
            for event in events:
                yield event.encode()
                if ends(event):
                    return
            now = time.monotonic()
            if events:
                said = now
            elif now - said >= HEARTBEAT_SECONDS:
                yield Event("heartbeat", "").encode()
                said = now
            elif _is_gone(connection):
                return
    finally:
        hub.leave(viewer)


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
