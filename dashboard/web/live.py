"""The live addresses: the stream of an open page, and what a hidden one asks for."""

import uuid
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Flask, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.jobs import Fact, fact_of
from dashboard.models import clock
from dashboard.web import dead_letters, lists
from dashboard.web.access import job_or_404, signed_in
from dashboard.web.endings import ENDINGS
from dashboard.web.filters import iso
from dashboard.web.fragments import Fragments
from dashboard.web.hub import Event, Hub, as_told
from dashboard.web.stream import event_stream, follow, in_turn
from dashboard.web.views import Watch, news, tab_of
from dashboard.web.waits import with_line
from dashboard.words import reader

bp = Blueprint("live", __name__)

VIEWS = frozenset({"home", "history", "job", "ended", "page"})
OF_ONE_JOB = frozenset({"job", "ended"})
# Between a page and its stream jobs may end; so long the stream still tells of them.
GAP = timedelta(seconds=10)
# A hidden tab asks every 15 seconds; one that slept is not told the news of a day.
LATELY = timedelta(minutes=10)


def init_app(app: Flask) -> None:
    """Give *app* its hub, its fragments and the two live addresses."""
    app.extensions["hub"] = Hub(app)
    app.extensions["fragments"] = Fragments(app)
    app.register_blueprint(bp)


@bp.get("/live")
@in_turn
def stream() -> ResponseReturnValue:
    """Stream what the page named by ?view= (and ?id=) wants to hear."""
    if not current_user.is_authenticated:
        return event_stream(iter([Event("signin", "").encoded]))
    view = request.args.get("view", "page")
    job_id = _uuid(request.args.get("id")) if view in OF_ONE_JOB else None
    watch = Watch(
        current_app.extensions["fragments"],
        current_user.id,
        view if view in VIEWS else "page",
        reader(),
        str(job_id) if job_id else None,
    )

    def read() -> list[Fact]:
        if not current_user.is_authenticated:
            abort(401)
        watch.admin = current_user.is_admin
        watch.manner = reader()
        facts = lists.concerning(current_user.id, also=_under_way(watch), since=clock() - GAP)
        if view == "history":
            facts += lists.newest(current_user)
        if view in OF_ONE_JOB:
            job = job_or_404(job_id)
            facts.append(with_line(job, fact_of(job)))
        return list({fact.id: fact for fact in facts}.values())

    return follow(watch, read)


@bp.get("/live/summary")
@signed_in
def summary() -> ResponseReturnValue:
    """Give what a hidden tab asks for: counts, its tab, what ended after ?since=."""
    now = clock()
    since = max(_moment(request.args.get("since")) or now, now - LATELY)
    ended = lists.ended(current_user.id, since=since)
    tab = None
    if request.args.get("view") == "job":
        tab = tab_of(as_told(fact_of(job_or_404(_uuid(request.args.get("id"))))))
    return jsonify(
        running=lists.active_count(current_user.id),
        attention=dead_letters.count(current_user),
        at=iso(now),
        tab=tab,
        ended=[news(fact) for fact in ended],
    )


def _under_way(watch: Watch) -> list[uuid.UUID]:
    """Give the jobs that the page still shows as unfinished: what became of them concerns it."""
    return [uuid.UUID(job) for job, state in watch.states.items() if state not in ENDINGS]


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
