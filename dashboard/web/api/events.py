"""One job followed by a program: each event's data is the job's object."""

import json

from flask import Flask

from dashboard.jobs import Fact
from dashboard.web.api.shapes import job_object
from dashboard.web.hub import Event


class JobEvents:
    """Tells the person *user_id* of the job *job_id* until it has ended."""

    pause: float | None = None

    def __init__(self, app: Flask, job_id: str, user_id: int, *, admin: bool) -> None:
        self.app = app
        self.job_id = job_id
        self._user_id = user_id
        self._admin = admin
        self.over = False

    def wants(self, fact: Fact) -> bool:
        """Whether it is that job, and may still be seen."""
        return fact.id == self.job_id and fact.may_be_seen_by(self._user_id, admin=self._admin)

    def begin(self, facts: list[Fact]) -> list[Event]:
        """Give the job as the ledger has it."""
        return [event for fact in facts for event in self.tell(fact)]

    def tell(self, fact: Fact) -> list[Event]:
        """Give the job's object; the last one is that of its end."""
        self.over = fact.is_final
        with self.app.test_request_context():
            return [Event("job", json.dumps(job_object(fact)))]
