"""Takes the next job of a queue: the fairest one that is due."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import exists, or_, select

from dashboard.jobs.kind import kinds
from dashboard.models import Attempt, Job, LogLine, Queue, State, User, clock, transaction


@dataclass(frozen=True)
class Claim:
    """The right to write to a job as long as its fence stands."""

    job: Job
    fence: int


def claim(queue: str, *, worker: str, task_id: str) -> Claim | None:
    """Set the next due job of *queue* running and give its claim; None when nothing is due.

    Jobs go by priority, interrupted ones before others, then in turn between people, then the
    oldest first. Kinds that this worker does not know are left to workers that do.
    """
    with transaction() as session:
        now = clock()
        paused = exists().where(Queue.name == queue, Queue.paused_at.is_not(None))
        query = (
            select(Job)
            .join(User, User.id == Job.requested_by_id)
            .where(
                Job.state == State.QUEUED,
                Job.queue == queue,
                Job.kind.in_(kinds()),
                or_(Job.due_at.is_(None), Job.due_at <= now),
                ~paused,
            )
            .order_by(
                Job.priority, Job.taken_back.desc(), User.served_at.asc().nulls_first(), Job.serial
            )
            .limit(1)
            .with_for_update(of=Job, skip_locked=True)
        )
        job = session.scalars(query).first()
        if job is None:
            return None
        job.enter(State.RUNNING)
        job.fence += 1
        job.attempts_used += 1
        job.lease_until = now + timedelta(seconds=current_app.config["LEASE_SECONDS"])
        job.worker = worker
        job.task_id = task_id
        job.started_at = now
        job.due_at = None
        job.taken_back = False
        job.hinted_at = None
        job.progress_done = job.progress_total = job.progress_phase = None
        job.progress_since = job.progress_at = None
        job.progress_samples = 0
        job.steps = []
        job.requested_by.served_at = now
        number = job.attempts_used
        session.add(
            Attempt(job_id=job.id, number=number, fence=job.fence, worker=worker, started_at=now)
        )
        text = f"Started on {worker}, attempt {number} of {job.max_attempts}"
        session.add(LogLine(job_id=job.id, attempt=number, at=now, text=text))
    return Claim(job, job.fence)
