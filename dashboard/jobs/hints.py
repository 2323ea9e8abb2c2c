"""Wakes queues: a hint says "look at the ledger"; one that is lost or doubled does no harm."""

import logging
import os
import queue
import threading
from datetime import timedelta
from typing import Any

from celery import Celery
from flask import current_app
from sqlalchemy import func, or_, select

from dashboard.extensions import db
from dashboard.models import Job, Part, Process, State, clock

logger = logging.getLogger(__name__)

RUN = "jobs.run"
DELIVER = "jobs.deliver"
MAIL_QUEUE = "mail"

# Hints wait here while the broker is slow. More are dropped: the scheduler hints again.
BACKLOG = 1000
# How many hints a queue may have under way for each slot of its workers.
HINTS_PER_SLOT = 2
LEAST_HINTS = 4
HEARD_WITHIN = timedelta(seconds=30)


class Publisher:
    """A thread of this process that hands hints to the broker, so that no request waits for it."""

    def __init__(self, celery: Celery) -> None:
        self.celery = celery
        self.pid = os.getpid()
        self.backlog: queue.Queue[tuple[str, list[Any], str, threading.Event]] = queue.Queue(
            BACKLOG
        )
        threading.Thread(target=self._publish, name="hints", daemon=True).start()

    def put(self, task: str, args: list[Any], to: str) -> threading.Event:
        """Queue a hint; the event is set once the broker took it or refused."""
        done = threading.Event()
        try:
            self.backlog.put_nowait((task, args, to, done))
        except queue.Full:
            logger.warning("The broker takes no hints; the scheduler will hint again.")
            done.set()
        return done

    def _publish(self) -> None:
        while True:
            task, args, to, done = self.backlog.get()
            try:
                self.celery.send_task(task, args=args, queue=to, ignore_result=True, retry=False)
            except Exception as error:  # A hint may be lost, whatever the cause.
                logger.warning("A hint for the queue %s was not taken: %s", to, error)
            finally:
                done.set()


_lock = threading.Lock()


def publisher() -> Publisher:
    """Give this process's publisher, made on first use (and anew after a fork)."""
    with _lock:
        found: Publisher | None = current_app.extensions.get("hints")
        if found is None or found.pid != os.getpid():
            found = Publisher(current_app.extensions["celery"])
            current_app.extensions["hints"] = found
        return found


def wake(to: str, *, wait: float = 0.0) -> None:
    """Hint the queue *to*; wait at most *wait* seconds for the broker. Never raises."""
    publisher().put(RUN, [to], to).wait(wait)


def deliver() -> None:
    """Hint that e-mails are due."""
    publisher().put(DELIVER, [], MAIL_QUEUE)


def capacity(to: str) -> int:
    """Give how many hints the queue *to* may have under way."""
    since = clock() - HEARD_WITHIN
    query = select(Process.slots, Process.queues).where(
        Process.part == Part.WORKER, Process.heard_at > since, Process.stopped_at.is_(None)
    )
    slots: int = sum(row.slots for row in db.session.execute(query) if to in row.queues)
    return max(LEAST_HINTS, HINTS_PER_SLOT * slots)


def under_way(to: str) -> int:
    """Give how many queued jobs of the queue *to* have a hint that was not answered yet."""
    query = select(func.count()).where(
        Job.state == State.QUEUED, Job.queue == to, Job.hinted_at.is_not(None)
    )
    count: int = db.session.execute(query).scalar_one()
    return count


def has_work(to: str) -> bool:
    """Whether a job of the queue *to* is due."""
    query = select(Job.serial).where(
        Job.state == State.QUEUED, Job.queue == to, or_(Job.due_at.is_(None), Job.due_at <= clock())
    )
    return db.session.execute(query.limit(1)).first() is not None
