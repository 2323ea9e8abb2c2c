"""Jobs by API: start, list, look, follow, cancel, retry."""

import uuid
from urllib.parse import urlencode

from flask import Blueprint, Flask, abort, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard import jobs
from dashboard.jobs import Fact, TooManyJobs, fact_of, kinds
from dashboard.jobs.search import Filters
from dashboard.logs import request_id
from dashboard.models import Job, State
from dashboard.web.access import address, changeable_or_404, job_or_404, kind_or_404
from dashboard.web.api.bearer import require_token
from dashboard.web.api.choices import Checked, check, sent, wrong
from dashboard.web.api.events import JobEvents
from dashboard.web.api.problem import problem
from dashboard.web.api.shapes import job_object, kind_object
from dashboard.web.history import cursor, search
from dashboard.web.jobs import run_again
from dashboard.web.stream import follow
from dashboard.web.waits import with_line

bp = Blueprint("jobs", __name__)

KEY_HEADER = "Idempotency-Key"
KEY_LIMIT = 120


@bp.get("/kinds")
def list_kinds() -> ResponseReturnValue:
    """List the kinds that the caller may start."""
    items = [
        kind_object(kind)
        for kind in kinds().values()
        if kind.listed and current_user.role in kind.roles
    ]
    return jsonify(items=items, next=None)


@bp.get("/kinds/<name>")
def one_kind(name: str) -> ResponseReturnValue:
    """Give one kind."""
    return jsonify(kind_object(kind_or_404(name)))


@bp.post("/jobs/<name>")
def start(name: str) -> ResponseReturnValue:
    """Start a job: 202; 422 names each wrong field."""
    kind = kind_or_404(name)
    body = sent()
    params = body.get("params", {}) if body is not None else None
    if body is None or not isinstance(params, dict):
        return problem(400, "Not understood", 'Send JSON like {"params": {…}}.')
    if "formats" in body:
        params = {**params, "formats": body["formats"]}
    checked = check(kind, params)
    if not isinstance(checked, Checked):
        return checked
    given = request.headers.get(KEY_HEADER, "")
    if len(given) > KEY_LIMIT:
        return problem(400, "Key too long", f"{KEY_HEADER} may have {KEY_LIMIT} characters.")
    key = f"api:{current_user.id}:{given}" if given else f"api:{uuid.uuid4()}"
    try:
        started = jobs.start(
            kind,
            checked.params,
            by=current_user,
            key=key,
            notify=bool(body.get("notify")),
            relative=checked.relative,
            request_id=request_id(),
            address=address(),
        )
    except TooManyJobs as error:
        return too_many(error)
    # A key of long ago gives its job, which may be somebody else's by now.
    return accepted(started.job if started.created else job_or_404(started.job.id))


@bp.get("/jobs")
def list_jobs() -> ResponseReturnValue:
    """List the jobs that the caller may see, newest first, a page at a time."""
    asked = {name: request.args.get(name, "") for name in ("q", "kind", "state", "before")}
    before = cursor(asked.pop("before"))
    if asked["state"] and asked["state"] not in set(State):
        return wrong({"field": "state", "message": f"It must be one of {', '.join(State)}."})
    if before is None and request.args.get("before"):
        return wrong({"field": "before", "message": "It must be the number that “next” names."})
    filters = Filters(asked["q"], asked["kind"], asked["state"], exact=True)
    page = search(current_user, filters, before=before, after=None)
    following = {name: value for name, value in asked.items() if value}
    following["before"] = str(page.older)
    return jsonify(
        items=[job_object(fact) for fact in page.items],
        next=f"{url_for('api.jobs.list_jobs')}?{urlencode(following)}" if page.older else None,
    )


@bp.get("/jobs/<job_id>")
def job(job_id: str) -> ResponseReturnValue:
    """Give a job as it stands; an unknown one is 404."""
    found = job_or_404(as_uuid(job_id))
    return jsonify(job_object(with_line(found, fact_of(found))))


@bp.get("/jobs/<job_id>/events")
def events(job_id: str) -> ResponseReturnValue:
    """Stream the job's object: the present state first, then each change, until it ends."""
    wanted = job_or_404(as_uuid(job_id)).id

    def read() -> list[Fact]:
        if require_token() is not None:
            abort(401)
        found = job_or_404(wanted)
        return [with_line(found, fact_of(found))]

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    watch = JobEvents(app, str(wanted), current_user.id, admin=current_user.is_admin)
    return follow(watch, read, plain=True)


@bp.post("/jobs/<job_id>/cancel")
def cancel(job_id: str) -> ResponseReturnValue:
    """Ask for a cancel; an ended job stays as it is."""
    wanted = changeable_or_404(require_uuid(job_id))
    return accepted(jobs.cancel(wanted.id, by=current_user, address=address()))


@bp.post("/jobs/<job_id>/retry")
def retry(job_id: str) -> ResponseReturnValue:
    """Run an ended job again: a new job; asking twice gives the same one."""
    old = changeable_or_404(require_uuid(job_id))
    if not old.is_final:
        return problem(409, "Not ended", f"{old.number} is still {old.state}.")
    given = request.headers.get(KEY_HEADER, "")[:KEY_LIMIT]
    try:
        new = run_again(old, key=f"retry:{current_user.id}:{old.id}:{given}")
    except TooManyJobs as error:
        return too_many(error)
    if new is None:
        return problem(409, "Kind gone", "This kind of job does not exist any more.")
    return accepted(new)


def accepted(job: Job) -> ResponseReturnValue:
    """Answer 202 with the job."""
    body = job_object(fact_of(job))
    return jsonify(body), 202, {"Location": body["url"]}


def too_many(error: TooManyJobs) -> ResponseReturnValue:
    """Answer 429."""
    answer = problem(429, "Too many jobs", str(error))
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def as_uuid(text: str) -> uuid.UUID | None:
    """Give the id, or None for what is none: both are simply not found."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def require_uuid(text: str) -> uuid.UUID:
    """Give the id; raises 404 for what is none."""
    found = as_uuid(text)
    if found is None:
        abort(404)
    return found
