"""The one Celery task that runs jobs: claims the fairest due job of its queue and does it."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import Task, shared_task
from flask import current_app

from dashboard.extensions import db, sse
from dashboard.jobs import hints, line, notices
from dashboard.jobs.attempt import attempt
from dashboard.jobs.claim import claim
from dashboard.jobs.telling import Telling
from dashboard.models import State

logger = logging.getLogger(__name__)

# A result backend that did not answer is left alone for so long: the work must not wait for it.
REST_SECONDS = 60.0

CELERY_STATES = {
    State.WAITING: "RETRY",
    State.QUEUED: "RETRY",
    State.RUNNING: "STARTED",
    State.SUCCEEDED: "SUCCESS",
    State.FAILED: "FAILURE",
    State.CANCELLED: "REVOKED",
}


class LedgerTask(Task):  # type: ignore[misc]  # Celery is not typed.
    """A task whose update_state tells the ledger and the live pages first."""

    abstract = True
    backend_rests_until = 0.0

    def update_state(
        self, task_id: str | None = None, state: str | None = None, meta: Any = None, **kwargs: Any
    ) -> None:
        """Write the row, publish the fact, keep Celery's own backend true: each as far as due.

        The backend hears of progress as often as the row is written. It is best effort: it is
        never the truth and never ends the work. Raises LeaseLost when the job belongs to another
        attempt.
        """
        telling: Telling | None = getattr(self.request, "telling", None)
        if telling is not None and state == "PROGRESS" and not telling.flush():
            return
        if sse.wire.is_away or time.monotonic() < self.backend_rests_until:
            return
        try:
            super().update_state(task_id, state, meta, **kwargs)
        except Exception as error:  # Whatever the backend raises, the work goes on.
            logger.warning("Celery's result backend did not answer: %s", error)
            self.backend_rests_until = time.monotonic() + REST_SECONDS

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
        state = attempt(claimed, partial(begin, task))
    finally:
        task.request.telling = None
        db.session.rollback()
        if line.has_work(queue):
            # This process may be about to end: the hint leaves first, unless the broker is slow.
            hints.wake(queue, wait=current_app.config["HINT_WAIT_MS"] / 1000)
    task.update_state(state=CELERY_STATES[State(state)], meta={"job": str(claimed.job.id)})
    return claimed.job.number


def begin(task: LedgerTask, telling: Telling) -> Callable[[dict[str, Any]], None]:
    """Let the task's update_state tell through *telling*; gives how the work says its progress."""
    task.request.telling = telling
    return lambda meta: task.update_state(state="PROGRESS", meta=meta)


@shared_task(name=hints.DELIVER, ignore_result=True)  # type: ignore[untyped-decorator]
def deliver() -> int:
    """Send the e-mails that are due; gives how many were sent."""
    return notices.deliver()
