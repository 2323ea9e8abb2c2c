"""Takes the next job of a queue: the fairest one that is due."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from dashboard.jobs import line
from dashboard.models import Attempt, Job, LogLine, State, clock, transaction


@dataclass(frozen=True)
class Claim:
    """The right to write to a job as long as its fence stands."""

    job: Job
    fence: int


def claim(queue: str, *, worker: str, task_id: str) -> Claim | None:
    """Set the next job in the line of *queue* running and give its claim; None without any.

    Which one that is: dashboard/jobs/line.py.
    """
    with transaction() as session:
        now = clock()
        job = line.next_job(session, queue, now)
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
        job.progress_done = job.progress_total = job.progress_phase = None
        job.progress_since = job.progress_at = None
        job.progress_left = None
        job.steps = []
        job.requested_by.served_at = now
        number = job.attempts_used
        session.add(
            Attempt(job_id=job.id, number=number, fence=job.fence, worker=worker, started_at=now)
        )
        text = f"Started on {worker}, attempt {number} of {job.max_attempts}"
        session.add(LogLine(job_id=job.id, attempt=number, at=now, text=text))
    return Claim(job, job.fence)
