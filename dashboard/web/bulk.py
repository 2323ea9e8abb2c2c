"""Many jobs at once: cancelled, run again, or taken on to be dismissed; each by its own rules."""

import uuid
from collections import Counter
from collections.abc import Callable
from typing import Final

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import TooManyJobs, find
from dashboard.jobs.sight import seen_by
from dashboard.models import Job, State
from dashboard.web.access import address, may_change, signed_in
from dashboard.web.history import Asked
from dashboard.web.jobs import run_again

bp = Blueprint("bulk", __name__, url_prefix="/jobs")

AT_ONCE: Final = 100  # jobs; more than a few pages hold is no choice that somebody made by hand

# What became of jobs: one of them, and several.
CANCELLED = "is cancelled", "are cancelled"
STOPPING = "is stopping", "are stopping"
STARTED = "is started again", "are started again"
ENDED = "had ended already", "had ended already"
ACTIVE = "has not ended yet", "have not ended yet"
GONE = "is of a kind that is no more", "are of kinds that are no more"
NOT_FOR_YOU = "is of a kind that you may not start", "are of kinds that you may not start"
NOT_YOURS = "is not yours to change", "are not yours to change"
GOOD: Final = (CANCELLED, STOPPING, STARTED)

Outcome = tuple[str, str]


@bp.post("/selected")
@signed_in
def change() -> ResponseReturnValue:
    """Do to each chosen job what the pressed button says, and tell what became of them."""
    attention = request.args.get("from") == "attention"
    back = (
        url_for("attention.index")
        if attention
        else url_for("jobs.history", **Asked.of(request.args).address)
    )
    chosen = _chosen_or_404()
    act = request.form.get("act", "")
    if not chosen:
        flash("Choose at least one job first.", "")
    elif act == "dismiss":
        back = url_for("attention.confirm", job=[str(job.id) for job in chosen])
    elif act in ACTS:
        _do(chosen, ACTS[act])
    else:
        abort(400, "There is no such change.")
    return redirect(back, 303)


def _chosen_or_404() -> list[Job]:
    """Give the chosen jobs, the newest first; raises 404 when one of them is not there."""
    try:
        ids = {uuid.UUID(text) for text in request.form.getlist("job")}
    except ValueError:
        abort(404)
    if len(ids) > AT_ONCE:
        abort(400, f"Choose at most {AT_ONCE} jobs at once.")
    query = select(Job).where(Job.id.in_(ids), seen_by(current_user)).order_by(Job.serial.desc())
    found = list(db.session.scalars(query))
    if len(found) < len(ids):
        abort(404)
    return found


def _do(chosen: list[Job], act: Callable[[Job], Outcome]) -> None:
    """Change each job and say what became of all of them."""
    became: Counter[Outcome] = Counter()
    refusal = ""
    for job_id in [job.id for job in chosen]:
        # Read anew: each change is a transaction of its own.
        job = db.session.scalars(select(Job).where(Job.id == job_id)).one()
        try:
            became[act(job) if may_change(job) else NOT_YOURS] += 1
        except TooManyJobs as error:
            refusal = str(error)
            break
    left = len(chosen) - became.total()
    if left:
        became["is not started", "are not started"] = left
    sentences = [_told(outcome, number, first) for first, (outcome, number) in _in_order(became)]
    did_all = not refusal and all(outcome in GOOD for outcome in became)
    flash(" ".join([*sentences, refusal]).strip(), "good" if did_all else "warn")


def _in_order(became: Counter[Outcome]) -> list[tuple[bool, tuple[Outcome, int]]]:
    """Give what was done first, then what was not; with each whether it is the first."""
    ordered = sorted(became.items(), key=lambda item: item[0] not in GOOD)
    return [(place == 0, item) for place, item in enumerate(ordered)]


def _told(outcome: Outcome, number: int, first: bool) -> str:
    noun = (" job" if number == 1 else " jobs") if first else ""
    return f"{number}{noun} {outcome[number > 1]}."


def _cancel(job: Job) -> Outcome:
    if job.is_final:
        return ENDED
    job = jobs.cancel(job.id, by=current_user, address=address())
    if job.state == State.CANCELLED:
        return CANCELLED
    return ENDED if job.is_final else STOPPING


def _again(job: Job) -> Outcome:
    if not job.is_final:
        return ACTIVE
    kind = find(job.kind)
    if kind is None:
        return GONE
    if current_user.role not in kind.roles:
        return NOT_FOR_YOU
    # The form's own token: pressed twice, each job is started again once.
    token = request.form.get("token", "")[:64] or uuid.uuid4().hex
    run_again(job, key=f"form:{current_user.id}:{token}:{job.id}")
    return STARTED


ACTS: Final = {"cancel": _cancel, "again": _again}
