"""Wakes queues: a hint says "look at the ledger"; one that is lost or doubled does no harm."""

import logging
import os
import queue
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from celery import Celery
from flask import current_app
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.models import Part, Process, clock

logger = logging.getLogger(__name__)

RUN = "jobs.run"
DELIVER = "jobs.deliver"
MAIL_QUEUE = "mail"

# Hints wait here while the broker is slow. More are dropped: the scheduler hints again.
BACKLOG = 1000
# How many hints a queue may have at the broker for each slot of its workers. Each job that ends
# hints again while there is work, so more would wake nobody sooner and only fill the broker.
HINTS_PER_SLOT = 2
LEAST_HINTS = 4
HEARD_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True)
class Hint:
    """A task to be sent *times* times to the queue *to*, until *most* lie there."""

    task: str
    args: list[Any]
    to: str
    most: int
    times: int = 1
    done: threading.Event = field(default_factory=threading.Event)


class Publisher:
    """A thread of this process that hands hints to the broker, so that no request waits for it."""

    def __init__(self, celery: Celery) -> None:
        self.celery = celery
        self.pid = os.getpid()
        self.backlog: queue.Queue[Hint] = queue.Queue(BACKLOG)
        threading.Thread(target=self._publish, name="hints", daemon=True).start()

    def put(self, hint: Hint) -> threading.Event:
        """Queue a hint; the event is set once the broker took it, has enough, or refused."""
        try:
            self.backlog.put_nowait(hint)
        except queue.Full:
            logger.warning("The broker takes no hints; the scheduler will hint again.")
            hint.done.set()
        return hint.done

    def _publish(self) -> None:
        while True:
            hint = self.backlog.get()
            try:
                self._send(hint)
            except Exception as error:  # A hint may be lost, whatever the cause.
                logger.warning("A hint for the queue %s was not taken: %s", hint.to, error)
            finally:
                hint.done.set()

    def _send(self, hint: Hint) -> None:
        with self.celery.producer_or_acquire() as producer:
            room = hint.most - self._lying(producer.channel, hint.to)
            for _ in range(min(hint.times, room)):
                self.celery.send_task(
                    hint.task,
                    args=hint.args,
                    queue=hint.to,
                    producer=producer,
                    ignore_result=True,
                    retry=False,
                )

    def _lying(self, channel: Any, to: str) -> int:
        """Ask the broker how many hints of the queue *to* nobody has taken yet."""
        known = self.celery.amqp.queues[to]
        declared = channel.queue_declare(
            queue=known.name,
            durable=known.durable,
            exclusive=known.exclusive,
            auto_delete=known.auto_delete,
            arguments=known.queue_arguments,
        )
        lying: int = declared.message_count
        return lying


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
    """Hint the queue *to* unless it has enough; wait at most *wait* seconds. Never raises."""
    publisher().put(Hint(RUN, [to], to, capacity(to))).wait(wait)


def fill(to: str) -> None:
    """Give the queue *to* all the hints that it may have."""
    most = capacity(to)
    publisher().put(Hint(RUN, [to], to, most, times=most))


def deliver() -> None:
    """Hint that e-mails are due."""
    publisher().put(Hint(DELIVER, [], MAIL_QUEUE, LEAST_HINTS))


def capacity(to: str) -> int:
    """Give how many hints of the queue *to* may lie at the broker."""
    since = clock() - HEARD_WITHIN
    query = select(Process.slots, Process.queues).where(
        Process.part == Part.WORKER, Process.heard_at > since, Process.stopped_at.is_(None)
    )
    slots: int = sum(row.slots for row in db.session.execute(query) if to in row.queues)
    return max(LEAST_HINTS, HINTS_PER_SLOT * slots)
