"""Attempts as a worker makes them: a claim in the ledger, files in the storage."""

import uuid

from flask import Flask

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import find
from dashboard.jobs.claim import Claim, claim
from dashboard.jobs.keys import key_of
from dashboard.models import Artifact, User


def start(user_id: int) -> Claim:
    """Start a job and claim it."""
    kind = find("count")
    assert kind is not None
    by = db.session.get_one(User, user_id)
    jobs.start(kind, {"what": "sheep"}, by=by, key=uuid.uuid4().hex)
    return take()


def take() -> Claim:
    """Claim the next job, which must be there."""
    claimed = claim("reports", worker="worker@here", task_id=uuid.uuid4().hex)
    assert claimed is not None
    return claimed


def store(desk: Flask, claimed: Claim, name: str = "a.csv") -> Artifact:
    """Store a file as an attempt does; no row names it yet."""
    key = key_of(claimed.job.id, claimed.fence, name)
    with desk.extensions["storage"].draft(key) as draft:
        draft.path.write_bytes(b"1,2\n")
        stored = draft.commit()
    return Artifact(
        id=uuid.uuid4(),
        name=name,
        format="csv",
        media_type="text/csv",
        key=stored.key,
        size=stored.size,
        sha256=stored.sha256,
    )
