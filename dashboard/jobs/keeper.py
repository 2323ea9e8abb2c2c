"""The thread beside the work: keeps the lease, looks for a cancel, keeps the time limits."""

import logging
import os
import signal
import threading
import time
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from dashboard.extensions import db
from dashboard.jobs import ending
from dashboard.jobs.errors import Cancelled, LeaseLost, TimeUp, judge
from dashboard.jobs.running import Running
from dashboard.models import Job, State, clock, transaction

logger = logging.getLogger(__name__)

BEAT_SECONDS = 0.25
LOOK_SECONDS = 0.5
RENEWALS_PER_LEASE = 3


class Keeper(threading.Thread):
    """Ends with the context it is used as."""

    def __init__(self, app: Flask, running: Running) -> None:
        super().__init__(name="keeper", daemon=True)
        self.app = app
        self.running = running
        self.lease = float(app.config["LEASE_SECONDS"])
        self._ended = threading.Event()
        self._renewed = time.monotonic()
        self._looked = time.monotonic()

    def __enter__(self) -> None:
        """Begin to keep."""
        self.start()

    def __exit__(self, *exc: object) -> None:
        """Stop keeping, and wait until the last look is over."""
        self._ended.set()
        self.join()

    def run(self) -> None:
        """Look again and again until the work has ended."""
        with self.app.app_context():
            while not self._ended.wait(BEAT_SECONDS):
                try:
                    self._beat()
                except LeaseLost as lost:
                    self.running.halt(lost)
                except DBAPIError as error:
                    logger.warning("The ledger did not answer: %s", error)
                    db.session.rollback()
                    if time.monotonic() - self._renewed > self.lease:
                        self.running.halt(LeaseLost())

    def _beat(self) -> None:
        if self.running.stop is not None:
            self.running.halt(self.running.stop)  # A statement may have begun since.
        if self.running.look_at_limits():
            self._end_hard()
        self.running.telling.flush()
        now = time.monotonic()
        if now - self._renewed >= self.lease / RENEWALS_PER_LEASE:
            self._renew()
        if now - self._looked >= LOOK_SECONDS:
            self._looked = now
            self._look()

    def _look(self) -> None:
        query = select(Job.fence, Job.state, Job.cancel_requested_at).where(
            Job.id == self.running.id
        )
        row = db.session.execute(query).one_or_none()
        db.session.rollback()
        if row is None or row.fence != self.running.fence or row.state != State.RUNNING:
            raise LeaseLost
        if row.cancel_requested_at is not None:
            self.running.halt(Cancelled())

    def _renew(self) -> None:
        with transaction() as session:
            until = clock() + timedelta(seconds=self.lease)
            renewed = session.execute(
                update(Job)
                .where(
                    Job.id == self.running.id,
                    Job.fence == self.running.fence,
                    Job.state == State.RUNNING,
                )
                .values(lease_until=until)
                .returning(Job.serial)
                .execution_options(synchronize_session=False)
            ).one_or_none()
        if renewed is None:
            raise LeaseLost
        self._renewed = time.monotonic()

    def _end_hard(self) -> None:
        """Fail the job, then end this process: the work did not stop at its soft limit."""
        verdict = judge(TimeUp()).saying(self.running.unchanged)
        ending.fail(self.running.id, self.running.fence, verdict)
        self.running.delete(artifact.key for artifact in self.running.artifacts)
        self.running.delete(attachment.key for attachment in self.running.attachments)
        os.kill(os.getpid(), signal.SIGKILL)
