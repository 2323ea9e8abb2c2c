"""One job's page, the history, and what can be done to a job."""

import secrets
import uuid
from dataclasses import replace
from operator import attrgetter

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import Fact, TooManyJobs, fact_of, find, kinds, line
from dashboard.jobs.place import place_of
from dashboard.logs import request_id
from dashboard.models import Job, LogLine, Part, Process, State, clock, transaction
from dashboard.web.access import (
    address,
    changeable_or_404,
    job_or_404,
    kind_or_404,
    may_change,
    signed_in,
)
from dashboard.web.fragments import page_title
from dashboard.web.health import HEARD_WITHIN
from dashboard.web.history import PERIODS, STATE_FILTERS, Filters, cursor, people, search

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("")
@signed_in
def history() -> ResponseReturnValue:
    """List jobs, newest first; filters and the page are in the address."""
    args = request.args
    filters = Filters(
        q=args.get("q", ""),
        kind=args.get("kind", ""),
        state=args.get("state", ""),
        person=args.get("person", ""),
        period=args.get("period", ""),
    )
    page = search(
        current_user,
        filters,
        before=cursor(args.get("before")),
        after=cursor(args.get("after")),
    )
    return render_template(
        "jobs/history.html",
        page=page,
        filters=filters,
        kinds=sorted(kinds().values(), key=attrgetter("title")),
        states=[(name, label) for name, (label, _) in STATE_FILTERS.items()],
        people=[(str(number), name) for number, name in people(current_user)],
        periods=list(PERIODS.items()),
    )


@bp.get("/<uuid:job_id>")
@signed_in
def show(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show a job as it stands."""
    job = job_or_404(job_id)
    see(job)
    fact = with_line(job, fact_of(job))
    return render_template(
        "jobs/show.html",
        job=fact,
        page_title=page_title(fact),
        token=secrets.token_urlsafe(16),
        may_change=may_change(job),
        technical=job.error_detail if current_user.is_admin and job.is_final else None,
    )


@bp.get("/<uuid:job_id>/log.txt")
@signed_in
def log(job_id: uuid.UUID) -> ResponseReturnValue:
    """Give the whole log as text."""
    job = job_or_404(job_id)
    query = select(LogLine).where(LogLine.job_id == job.id).order_by(LogLine.id)
    lines = [
        f"{line.at:%Y-%m-%d %H:%M:%S}Z  {line.level:5}  {line.text}\n"
        for line in db.session.scalars(query)
    ]
    return Response(lines, mimetype="text/plain")


@bp.post("/<uuid:job_id>/cancel")
@signed_in
def cancel(job_id: uuid.UUID) -> ResponseReturnValue:
    """Cancel the job."""
    changeable_or_404(job_id)
    job = jobs.cancel(job_id, by=current_user, address=address())
    if job.is_final and job.state != State.CANCELLED:
        flash("The job had ended already.", "")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.post("/<uuid:job_id>/again")
@signed_in
def again(job_id: uuid.UUID) -> ResponseReturnValue:
    """Run the job again with the same choices: a new job, one a form."""
    old = changeable_or_404(job_id)
    token = request.form.get("token", "")[:64] or uuid.uuid4().hex
    try:
        job = run_again(old, key=f"form:{current_user.id}:{token}")
    except TooManyJobs as error:
        flash(str(error), "bad")
        return redirect(url_for("jobs.show", job_id=job_id), 303)
    if job is None:
        flash("This kind of job does not exist any more.", "bad")
        return redirect(url_for("jobs.show", job_id=job_id), 303)
    return redirect(url_for("jobs.show", job_id=job.id), 303)


def run_again(old: Job, *, key: str) -> Job | None:
    """Start a new job with the choices of *old*; None when its kind is gone. Raises TooManyJobs."""
    if find(old.kind) is None:
        return None
    kind = kind_or_404(old.kind)
    # Whoever asked for it first is the one who waits for it.
    asker = old.requested_by if old.requested_by.role in kind.roles else None
    return jobs.start(
        kind,
        old.params,
        by=current_user,
        key=key,
        notify=old.notify and old.requested_by_id == current_user.id,
        again_of=old,
        follower=asker,
        request_id=request_id(),
        address=address(),
    ).job


def see(job: Job) -> None:
    """Note that its owner has opened the ended job: a failure then leaves the home page."""
    if job.requested_by_id == current_user.id and job.is_final and job.seen_at is None:
        with transaction():
            job.seen_at = clock()


def with_line(job: Job, fact: Fact) -> Fact:
    """Add the place in line of a queued job, and why it waits."""
    if job.state != State.QUEUED:
        return fact
    return replace(fact, place=place_of(job), reason=waits_for(job.queue))


def waits_for(queue: str) -> str:
    """Say why a job of the queue waits."""
    if line.is_paused(queue):
        return (
            "An administrator has paused the queue. Your job starts by itself once it flows again."
        )
    query = select(Process.queues, Process.slots).where(
        Process.part == Part.WORKER,
        Process.stopped_at.is_(None),
        Process.heard_at > clock() - HEARD_WITHIN,
    )
    slots = sum(row.slots for row in db.session.execute(query) if queue in row.queues)
    if not slots:
        return "No worker answers at the moment. The job starts by itself once one is back."
    if slots == 1:
        return "The worker is busy. Your job starts by itself as soon as it is free."
    return (
        f"All {slots} places of the workers are busy. "
        "Your job starts by itself as soon as one is free."
    )
