"""Many jobs at once: cancelled, run again, or taken on to be dismissed; each by its own rules."""

import uuid
from collections import Counter
from collections.abc import Callable
from typing import Final, NamedTuple

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
from dashboard.web.chosen import chosen_ids
from dashboard.web.history import Asked
from dashboard.web.jobs import run_again
from dashboard.words import gettext as _, ngettext

bp = Blueprint("bulk", __name__, url_prefix="/jobs")


class Outcome(NamedTuple):
    """What became of a number of jobs: how the *first* sentence tells it, and one *after* that."""

    first: Callable[[int], str]
    after: Callable[[int], str]


CANCELLED = Outcome(
    lambda n: ngettext("%(num)s job is cancelled.", "%(num)s jobs are cancelled.", n),
    lambda n: ngettext("%(num)s is cancelled.", "%(num)s are cancelled.", n),
)
STOPPING = Outcome(
    lambda n: ngettext("%(num)s job is stopping.", "%(num)s jobs are stopping.", n),
    lambda n: ngettext("%(num)s is stopping.", "%(num)s are stopping.", n),
)
STARTED = Outcome(
    lambda n: ngettext("%(num)s job is started again.", "%(num)s jobs are started again.", n),
    lambda n: ngettext("%(num)s is started again.", "%(num)s are started again.", n),
)
ENDED = Outcome(
    lambda n: ngettext("%(num)s job had ended already.", "%(num)s jobs had ended already.", n),
    lambda n: ngettext("%(num)s had ended already.", "%(num)s had ended already.", n),
)
ACTIVE = Outcome(
    lambda n: ngettext("%(num)s job has not ended yet.", "%(num)s jobs have not ended yet.", n),
    lambda n: ngettext("%(num)s has not ended yet.", "%(num)s have not ended yet.", n),
)
GONE = Outcome(
    lambda n: ngettext(
        "%(num)s job is of a kind that is no more.",
        "%(num)s jobs are of kinds that are no more.",
        n,
    ),
    lambda n: ngettext(
        "%(num)s is of a kind that is no more.", "%(num)s are of kinds that are no more.", n
    ),
)
NOT_FOR_YOU = Outcome(
    lambda n: ngettext(
        "%(num)s job is of a kind that you may not start.",
        "%(num)s jobs are of kinds that you may not start.",
        n,
    ),
    lambda n: ngettext(
        "%(num)s is of a kind that you may not start.",
        "%(num)s are of kinds that you may not start.",
        n,
    ),
)
NOT_YOURS = Outcome(
    lambda n: ngettext(
        "%(num)s job is not yours to change.", "%(num)s jobs are not yours to change.", n
    ),
    lambda n: ngettext("%(num)s is not yours to change.", "%(num)s are not yours to change.", n),
)
NOT_STARTED = Outcome(
    lambda n: ngettext("%(num)s job is not started.", "%(num)s jobs are not started.", n),
    lambda n: ngettext("%(num)s is not started.", "%(num)s are not started.", n),
)
GOOD: Final = (CANCELLED, STOPPING, STARTED)


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
        flash(_("Choose at least one job first."), "")
    elif act == "dismiss":
        back = url_for("attention.confirm", job=[str(job.id) for job in chosen])
    elif act in ACTS:
        _do(chosen, ACTS[act])
    else:
        abort(400, _("There is no such change."))
    return redirect(back, 303)


def _chosen_or_404() -> list[Job]:
    """Give the chosen jobs, the newest first; raises 404 when one of them is not there."""
    ids = chosen_ids()
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
        became[NOT_STARTED] = left
    sentences = _told(became)
    did_all = not refusal and all(outcome in GOOD for outcome in became)
    flash(" ".join([*sentences, refusal]).strip(), "good" if did_all else "warn")


def _told(became: Counter[Outcome]) -> list[str]:
    """Say what became of the jobs: what was done first, then what was not."""
    ordered = sorted(became.items(), key=lambda item: item[0] not in GOOD)
    return [
        outcome.after(number) if place else outcome.first(number)
        for place, (outcome, number) in enumerate(ordered)
    ]


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
