"""What does the work, and what waits for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import func, select

from dashboard.extensions import db
from dashboard.jobs import audit, hints
from dashboard.models import Job, Part, Process, Queue, State, clock, transaction
from dashboard.web.access import address, admin_only, signed_in
from dashboard.web.health import HEARD_WITHIN
from dashboard.web.template import render
from dashboard.words import gettext as _, told

bp = Blueprint("workers", __name__, url_prefix="/workers")

WINDOW = timedelta(hours=1)
MOST = 100_000  # jobs of the last hour that are counted


@dataclass(frozen=True)
class QueueRow:
    """A queue now (waiting, running, *longest_wait* in seconds) and in the last hour."""

    name: str
    waiting: int
    running: int
    longest_wait: float | None
    finished: int
    failed: int
    paused: bool
    served: bool


@dataclass(frozen=True)
class ProcessRow:
    """A worker or scheduler; *jobs* are number and id of what it works on."""

    name: str
    host: str
    part: str
    answers: bool
    slots: int
    jobs: list[tuple[str, str]]
    heard_at: datetime


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    """Show queues and workers."""
    processes = process_rows()
    return render(
        "workers/index.html",
        queues=queue_rows(processes),
        processes=processes,
        now=clock(),
    )


@bp.post("/pause")
@admin_only
def pause() -> ResponseReturnValue:
    """Pause a queue, or let it flow again; running jobs go on."""
    name = request.form.get("queue", "")[:40]
    if not name:
        abort(400, _("Say which queue."))
    with transaction() as session:
        queue = session.get(Queue, name) or Queue(name=name)
        queue.paused_at = None if queue.paused_at else clock()
        queue.paused_by_id = current_user.id
        session.add(queue)
        paused = queue.paused_at is not None
        act = "queue.pause" if paused else "queue.resume"
        audit.record(act, by=current_user, address=address(), detail={"queue": name})
    if not paused:
        hints.wake(name)
    if paused:
        flash(_("The queue “%(name)s” is paused.", name=told(name)), "good")
    else:
        flash(_("The queue “%(name)s” flows again.", name=told(name)), "good")
    return redirect(url_for("workers.index"))


def process_rows() -> list[ProcessRow]:
    """Give the processes of the last day that did not stop properly."""
    now = clock()
    busy: dict[str, list[tuple[str, str]]] = {}
    running = select(Job).where(Job.state == State.RUNNING).order_by(Job.serial)
    for job in db.session.scalars(running):
        busy.setdefault(job.worker or "", []).append((job.number, str(job.id)))
    query = select(Process).where(Process.stopped_at.is_(None)).order_by(Process.part, Process.name)
    return [
        ProcessRow(
            name=process.name.partition("@")[0],
            host=process.host,
            part=process.part,
            answers=process.heard_at > now - HEARD_WITHIN,
            slots=process.slots,
            jobs=busy.get(process.name, []),
            # Nobody is heard of in the future, even where the clock was put back.
            heard_at=min(process.heard_at, now),
        )
        for process in db.session.scalars(query)
    ]


def queue_rows(processes: list[ProcessRow]) -> list[QueueRow]:
    """Give every queue that a job or a worker names."""
    now = clock()
    since = now - WINDOW
    present = (
        select(Job.queue, Job.state, func.count(), func.min(Job.created_at))
        .where(Job.state.in_((State.QUEUED, State.WAITING, State.RUNNING)))
        .group_by(Job.queue, Job.state)
    )
    # The limit keeps SQLite from reading all jobs in the order of the groups.
    recent = select(Job.queue, Job.state).where(Job.finished_at > since).limit(MOST).subquery()
    each = recent.c.queue, recent.c.state
    ended = select(*each, func.count()).group_by(*each)
    counts = {(q, s): (n, oldest) for q, s, n, oldest in db.session.execute(present)}
    hour = {(q, s): n for q, s, n in db.session.execute(ended)}
    paused = set(db.session.scalars(select(Queue.name).where(Queue.paused_at.is_not(None))))
    served = served_queues()
    default = current_app.config["CELERY"]["task_default_queue"]
    names = {queue for queue, _ in counts} | {queue for queue, _ in hour} | {default} | paused
    return [
        QueueRow(
            name=name,
            waiting=counts.get((name, State.QUEUED), (0, None))[0]
            + counts.get((name, State.WAITING), (0, None))[0],
            running=counts.get((name, State.RUNNING), (0, None))[0],
            longest_wait=(
                (now - counts[name, State.QUEUED][1]).total_seconds()
                if (name, State.QUEUED) in counts
                else None
            ),
            finished=hour.get((name, State.SUCCEEDED), 0),
            failed=hour.get((name, State.FAILED), 0),
            paused=name in paused,
            served=name in served,
        )
        for name in sorted(names)
    ]


def served_queues() -> set[str]:
    """Give the queues that a worker which answers takes jobs from."""
    query = select(Process.queues).where(
        Process.part == Part.WORKER,
        Process.stopped_at.is_(None),
        Process.heard_at > clock() - HEARD_WITHIN,
    )
    return {queue for queues in db.session.scalars(query) for queue in queues}
