"""Celery's signals: workers say that they live, and a job whose worker died is taken back."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from billiard.exceptions import TimeLimitExceeded, WorkerLostError
from celery import signals
from celery.bootsteps import StartStopStep
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from dashboard.collector import spare_collector
from dashboard.extensions import db
from dashboard.jobs.ending import take_back
from dashboard.models import Job, Part, Process, State, clock, transaction
from dashboard.words import marked

logger = logging.getLogger(__name__)

HEARD_EVERY_SECONDS = 5.0
# A child that was killed closes its files a moment before its parent can collect it, so Celery,
# which wakes up at the first, often finds nobody dead; then it looks every five seconds only.
BURY_EVERY_SECONDS = 0.5
TIMED_OUT = marked("The work took longer than any work may.")


def register(app: Flask) -> None:
    """Connect *app* to the signals of the worker that runs in this process, if one does."""
    watch = Watch(app)
    signals.worker_init.connect(watch.before_fork, weak=False)
    signals.worker_process_init.connect(watch.after_fork, weak=False)
    app.extensions["watch"] = watch
    app.extensions["celery"].steps["consumer"].add(Pulse)
    signals.worker_shutdown.connect(watch.stopped, weak=False)
    signals.task_failure.connect(watch.failed, weak=False)
    signals.task_revoked.connect(watch.revoked, weak=False)


class Pulse(StartStopStep):  # type: ignore[misc]  # Celery is not typed.
    """Begins anew with each connection to the broker: with a lost one Celery forgets all timers."""

    def register_with_event_loop(self, consumer: Any, hub: Any) -> None:
        """Begin, in an event loop that is about to run."""
        consumer.app.flask_app.extensions["watch"].begin(consumer, hub)


class Watch:
    """The handlers, bound to one app."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.name: str | None = None

    def before_fork(self, **_: Any) -> None:
        """Let children share what is loaded, and let rows pass by in their thousands."""
        spare_collector()

    def after_fork(self, **_: Any) -> None:
        """Give the child connections of its own; the parent's stay open in the parent."""
        with self.app.app_context():
            db.engine.dispose(close=False)
            for source in self.app.extensions["sources"].values():
                source.dispose()
            for target in self.app.extensions["targets"].values():
                target.dispose()

    def begin(self, consumer: Any, hub: Any) -> None:
        """Say that this worker lives, now and every few seconds, from Celery's own event loop.

        From there too, children that died are looked for more often than Celery does it.
        """
        self.name = consumer.hostname
        self._heard(consumer)
        hub.call_repeatedly(HEARD_EVERY_SECONDS, self._heard, consumer)
        hub.call_repeatedly(BURY_EVERY_SECONDS, consumer.pool.maintain_pool)

    def stopped(self, sender: Any, **_: Any) -> None:
        """Say that this worker has stopped."""
        if self.name is None:
            return
        with self._ledger(), transaction() as session:
            process = session.get(Process, self.name)
            if process is not None:
                process.stopped_at = clock()

    def failed(self, task_id: str, exception: BaseException, **_: Any) -> None:
        """Take the job of a child that died back at once (this runs in the parent)."""
        if isinstance(exception, WorkerLostError):
            self._take_back(task_id)
        elif isinstance(exception, TimeLimitExceeded):
            self._take_back(task_id, TIMED_OUT)

    def revoked(self, request: Any, terminated: bool, **_: Any) -> None:
        """Take the job of a child that was killed from outside back."""
        if terminated:
            self._take_back(request.id)

    def _take_back(self, task_id: str, *cause: str) -> None:
        with self._ledger():
            query = select(Job.id, Job.fence).where(
                Job.task_id == task_id, Job.state == State.RUNNING
            )
            found = db.session.execute(query).first()
            if found is not None:
                take_back(found.id, found.fence, *cause)

    def _heard(self, consumer: Any) -> None:
        with self._ledger(), transaction() as session:
            now = clock()
            process = session.get(Process, consumer.hostname)
            if process is None:
                process = Process(name=consumer.hostname, part=Part.WORKER, started_at=now)
                session.add(process)
            if process.pid != os.getpid():
                process.started_at = now
            process.host = consumer.hostname.partition("@")[2]
            process.pid = os.getpid()
            process.slots = consumer.pool.num_processes
            process.queues = sorted(queue.name for queue in consumer.task_consumer.queues)
            process.heard_at = now
            process.stopped_at = None

    @contextmanager
    def _ledger(self) -> Iterator[None]:
        """Open an app context; a ledger that is away is logged, and never ends the worker."""
        with self.app.app_context():
            try:
                yield
            except DBAPIError:
                logger.exception("The ledger did not answer")
                db.session.rollback()
