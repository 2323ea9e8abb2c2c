"""The ledger's account of a run, read once when all is over."""

import uuid
from collections import defaultdict
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of
from dashboard.models import Artifact, Attempt, DeadLetter, Job, Notice


@dataclass(frozen=True)
class Account:
    """All rows by job; *facts* are what pages and the API are made of."""

    jobs: dict[uuid.UUID, Job]
    facts: dict[uuid.UUID, Fact]
    attempts: dict[uuid.UUID, list[Attempt]]
    artifacts: dict[uuid.UUID, list[Artifact]]
    notices: dict[uuid.UUID, list[Notice]]
    dead: set[uuid.UUID]

    def all_attempts(self) -> list[Attempt]:
        """Give every attempt, in the order of their beginnings."""
        attempts = [each for some in self.attempts.values() for each in some]
        return sorted(attempts, key=lambda attempt: attempt.started_at)


def read(app: Flask) -> Account:
    """Read it all; the rows are good for reading only."""
    with app.app_context():
        jobs = {job.id: job for job in db.session.scalars(select(Job).order_by(Job.serial))}
        attempts, artifacts, notices = defaultdict(list), defaultdict(list), defaultdict(list)
        for attempt in db.session.scalars(select(Attempt).order_by(Attempt.id)):
            attempts[attempt.job_id].append(attempt)
        for artifact in db.session.scalars(select(Artifact).order_by(Artifact.position)):
            artifacts[artifact.job_id].append(artifact)
        for notice in db.session.scalars(select(Notice).where(Notice.job_id.is_not(None))):
            assert notice.job_id is not None
            notices[notice.job_id].append(notice)
        facts = {job.id: fact_of(job) for job in jobs.values()}
        dead = set(db.session.scalars(select(DeadLetter.job_id)))
        db.session.expunge_all()
        return Account(jobs, facts, dict(attempts), dict(artifacts), dict(notices), dead)
