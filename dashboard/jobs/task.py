"""The one Celery task that runs jobs: claims the fairest due job of its queue and does it."""

import logging
from typing import Any, cast

from celery import Task, shared_task
from flask import current_app
from sqlalchemy.exc import DBAPIError

from dashboard.extensions import db
from dashboard.jobs import ending, hints, notices
from dashboard.jobs.claim import Claim, claim
from dashboard.jobs.errors import (
    Cancelled,
    LeaseLost,
    Stop,
    UnknownKind,
    judge,
    technical,
)
from dashboard.jobs.events import tell
from dashboard.jobs.fact import fact_of
from dashboard.jobs.keeper import Keeper
from dashboard.jobs.kind import find
from dashboard.jobs.running import Running
from dashboard.jobs.telling import Telling
from dashboard.models import State

logger = logging.getLogger(__name__)


class LedgerTask(Task):  # type: ignore[misc]  # Celery is not typed.
    """A task whose update_state tells the ledger and the live pages first."""

    abstract = True

    def update_state(
        self, task_id: str | None = None, state: str | None = None, meta: Any = None, **kwargs: Any
    ) -> None:
        """Write the row, publish the fact, keep Celery's own backend true: each as far as due.

        The backend is best effort: it is never the truth and never ends the work. Raises
        LeaseLost when the job belongs to another attempt.
        """
        telling: Telling | None = getattr(self.request, "telling", None)
        if telling is not None and state == "PROGRESS":
            telling.flush()
        try:
            super().update_state(task_id, state, meta, **kwargs)
        except Exception as error:  # Whatever the backend raises, the work goes on.
            logger.debug("Celery's result backend did not answer: %s", error)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run inside an app context of this task's own, with one database session."""
        with self.app.flask_app.app_context():
            return self.run(*args, **kwargs)


@shared_task(name=hints.RUN, bind=True, base=LedgerTask, ignore_result=True)  # type: ignore[untyped-decorator]
def run(task: LedgerTask, queue: str) -> str | None:
    """Do the next due job of *queue*; gives its number, or None when there was nothing to do."""
    claimed = claim(queue, worker=task.request.hostname or "here", task_id=task.request.id)
    if claimed is None:
        return None
    try:
        state = attempt(task, claimed)
    finally:
        db.session.rollback()
        if hints.has_work(queue):
            # This process may be about to end: the hint leaves first, unless the broker is slow.
            hints.wake(queue, wait=current_app.config["HINT_WAIT_MS"] / 1000)
    task.update_state(state=CELERY_STATES[State(state)], meta={"job": str(claimed.job.id)})
    return claimed.job.number


@shared_task(name=hints.DELIVER, ignore_result=True)  # type: ignore[untyped-decorator]
def deliver() -> int:
    """Send the e-mails that are due; gives how many were sent."""
    return notices.deliver()


CELERY_STATES = {
    State.WAITING: "RETRY",
    State.QUEUED: "RETRY",
    State.RUNNING: "STARTED",
    State.SUCCEEDED: "SUCCESS",
    State.FAILED: "FAILURE",
    State.CANCELLED: "REVOKED",
}


def attempt(task: LedgerTask, claimed: Claim) -> str:
    """Do the work of a claimed job and end the attempt in the ledger; gives the job's state."""
    job, fence = claimed.job, claimed.fence
    job_id = job.id
    fact = fact_of(job)
    tell(fact)
    kind = find(job.kind)
    if kind is None:
        verdict = judge(UnknownKind("This kind of job does not exist any more."))
        return ending.fail(job_id, fence, verdict).state
    telling = Telling(job_id, fence, fact)
    running = Running(job, kind, fence, task, telling)
    task.request.telling = telling
    db.session.rollback()
    app = cast(Any, current_app)._get_current_object()
    logger.info("%s begins, attempt %d", running.number, running.attempt)
    try:
        with Keeper(app, running):
            kind.work(running)
            running.check()
            telling.flush(final=True)
        return _succeeded(running)
    except SystemExit:
        # A worker's stop and a revoke look alike: the hand-back reads the cancel request first.
        running.discard()
        db.session.rollback()
        _unless_lost(running, lambda: ending.hand_back(job_id, fence))
        raise
    except LeaseLost:
        return _lost(running)
    except Exception as error:  # Every failure of the work ends in the ledger.
        return _failed(running, running.stop or error)
    finally:
        task.request.telling = None


def _succeeded(running: Running) -> str:
    job = ending.succeed(running.id, running.fence, running.artifacts, running.result)
    if job.state != State.SUCCEEDED:
        running.discard()
    logger.info("%s %s after %.1f s", running.number, job.state, running.elapsed)
    return job.state


def _failed(running: Running, error: BaseException) -> str:
    running.discard()
    db.session.rollback()
    if isinstance(error, LeaseLost):
        return _lost(running)
    if isinstance(error, Cancelled):
        logger.info("%s is cancelled", running.number)
        state = _unless_lost(running, lambda: ending.cancelled(running.id, running.fence))
        return state
    verdict = judge(error)
    log = logger.exception if not isinstance(error, Stop) else logger.warning
    log("%s did not succeed: %s", running.number, verdict.failure.what)
    detail = technical(error)
    return _unless_lost(running, lambda: ending.fail(running.id, running.fence, verdict, detail))


def _lost(running: Running) -> str:
    """Leave the job to whoever owns it now; the files of this attempt go."""
    running.discard()
    db.session.rollback()
    logger.warning("%s lost its lease; this attempt writes nothing more", running.number)
    return State.RUNNING


def _unless_lost(running: Running, end: Any) -> str:
    try:
        return str(end().state)
    except LeaseLost:
        return _lost(running)
    except DBAPIError:
        # The lease runs out and the scheduler takes the job back: nothing is lost.
        logger.exception("%s could not be ended in the ledger", running.number)
        return State.RUNNING
