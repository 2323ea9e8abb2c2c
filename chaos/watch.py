"""Watches the ledger while the desk is being broken: who waits, who runs, who has ended."""

import threading
import uuid
from collections.abc import Callable
from contextlib import suppress

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from dashboard.extensions import db
from dashboard.models import FINAL, Job, State, User

LOOK_SECONDS = 0.2


class Watch(threading.Thread):
    """Reads the state of every job, again and again; *ended* hears of each end."""

    def __init__(self, app: Flask, ended: Callable[[uuid.UUID, str], None]) -> None:
        super().__init__(name="watch", daemon=True)
        self.app = app
        self._ended = ended
        self._states: dict[uuid.UUID, tuple[str, str]] = {}
        self._changed = threading.Condition()
        self._over = False

    def run(self) -> None:
        """Look until it is stopped; a ledger that does not answer is asked again."""
        with self.app.app_context():
            while not self._over:
                with suppress(DBAPIError):
                    self._look()
                with self._changed:
                    self._changed.wait(LOOK_SECONDS)

    def stop(self) -> None:
        """End."""
        self._over = True
        with self._changed:
            self._changed.notify_all()
        self.join()

    def open_jobs(self, email: str | None = None) -> int:
        """Give how many jobs have not ended: those of one person, or all."""
        states = list(self._states.values())
        return sum(state not in FINAL and email in (None, who) for state, who in states)

    def state(self, job_id: uuid.UUID) -> str | None:
        """Give the state of the job, or None while it is not known."""
        return self._states.get(job_id, (None, ""))[0]

    def wait_for_running(self, job_id: uuid.UUID, over: threading.Event) -> None:
        """Return when the job runs or has ended, or when it is *over*."""
        while not over.wait(LOOK_SECONDS / 2):
            if self.state(job_id) in {State.RUNNING, *FINAL}:
                return

    def _look(self) -> None:
        query = select(Job.id, Job.state, User.email).join(User, User.id == Job.requested_by_id)
        rows = db.session.execute(query).all()
        db.session.rollback()
        before, self._states = self._states, {row.id: (row.state, row.email) for row in rows}
        for row in rows:
            if row.state in FINAL and before.get(row.id, ("", ""))[0] != row.state:
                self._ended(row.id, row.state)
