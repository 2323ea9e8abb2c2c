"""One job's page, the history, and what can be done to a job."""

import secrets
import uuid

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import TooManyJobs, fact_of, find
from dashboard.logs import request_id
from dashboard.models import Follower, Job, LogLine, State, clock, transaction
from dashboard.web.access import (
    address,
    changeable_or_404,
    job_or_404,
    kind_or_404,
    may_change,
    signed_in,
)
from dashboard.web.fragments import page_title
from dashboard.web.history import show as history_page
from dashboard.web.notes import NoteForm
from dashboard.web.template import render
from dashboard.web.waits import with_line
from dashboard.words import gettext as _

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("")
@signed_in
def history() -> ResponseReturnValue:
    """List jobs, newest first; filters and the page are in the address."""
    return history_page()


@bp.get("/<uuid:job_id>")
@signed_in
def show(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show a job as it stands."""
    job = job_or_404(job_id)
    see(job)
    fact = with_line(job, fact_of(job))
    part, mail = part_in(job)
    return render(
        "jobs/show.html",
        job=fact,
        page_title=page_title(fact),
        part=part,
        mail=mail,
        note_form=NoteForm(formdata=None) if current_user.may_start else None,
        token=secrets.token_urlsafe(16),
        may_change=may_change(job),
        technical=job.error_detail if current_user.is_admin and job.is_final else None,
    )


@bp.get("/<uuid:job_id>/log.txt")
@signed_in
def log(job_id: uuid.UUID) -> ResponseReturnValue:
    """Give the whole log as text."""
    return Response(log_lines(job_or_404(job_id)), mimetype="text/plain")


@bp.post("/<uuid:job_id>/cancel")
@signed_in
def cancel(job_id: uuid.UUID) -> ResponseReturnValue:
    """Cancel the job."""
    changeable_or_404(job_id)
    job = jobs.cancel(job_id, by=current_user, address=address())
    if job.is_final and job.state != State.CANCELLED:
        flash(_("The job had ended already."), "")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.post("/<uuid:job_id>/again")
@signed_in
def again(job_id: uuid.UUID) -> ResponseReturnValue:
    """Run the job again with the same choices: a new job, one a form."""
    old = changeable_or_404(job_id)
    if not old.is_final:
        flash(_("The job has not ended yet."), "bad")
        return redirect(url_for("jobs.show", job_id=job_id), 303)
    token = request.form.get("token", "")[:64] or uuid.uuid4().hex
    try:
        job = run_again(old, key=f"form:{current_user.id}:{token}")
    except TooManyJobs as error:
        flash(str(error), "bad")
        return redirect(url_for("jobs.show", job_id=job_id), 303)
    if job is None:
        flash(_("This kind of job does not exist any more."), "bad")
        return redirect(url_for("jobs.show", job_id=job_id), 303)
    return redirect(url_for("jobs.show", job_id=job.id), 303)


def part_in(job: Job) -> tuple[str, bool]:
    """Give what the person is to the job (owner, follower or other), and whether they get mail."""
    if job.requested_by_id == current_user.id:
        return "owner", job.notify
    follower = db.session.get(Follower, (job.id, current_user.id))
    return ("follower", follower.notify) if follower else ("other", False)


def log_lines(job: Job, limit: int | None = None) -> list[str]:
    """Give the lines of the log, or the newest *limit* of them, oldest first."""
    query = select(LogLine).where(LogLine.job_id == job.id).order_by(LogLine.id.desc())
    newest = list(db.session.scalars(query.limit(limit)))
    return [
        f"{line.at:%Y-%m-%d %H:%M:%S}Z  {line.level:5}  {line.text}\n" for line in reversed(newest)
    ]


def run_again(old: Job, *, key: str) -> Job | None:
    """Start a new job with the choices of *old*; None when its kind is gone. Raises TooManyJobs."""
    if find(old.kind) is None:
        return None
    kind = kind_or_404(old.kind, unlisted=True)
    # Whoever asked for it first is the one who waits for it.
    asker = old.requested_by if old.requested_by.role in kind.roles else None
    return jobs.start(
        kind,
        old.params,
        by=current_user,
        key=key,
        notify=old.notify and old.requested_by_id == current_user.id,
        relative=old.relative,
        again_of=old,
        follower=asker,
        tell_follower=old.notify,
        request_id=request_id(),
        address=address(),
    ).job


def see(job: Job) -> None:
    """Note that its owner has opened the ended job: a failure then leaves the home page."""
    if job.requested_by_id == current_user.id and job.is_final and job.seen_at is None:
        with transaction():
            job.seen_at = clock()
