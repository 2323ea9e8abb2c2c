"""One job of a report as a worker does it, from the claim to the stored file, without the queue."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bench.fresh import arguments, tell
from dashboard import create_app, jobs
from dashboard.cli import prepare
from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of, task
from dashboard.models import Job, User

given = arguments()
app = create_app(**given["settings"])
prepare(app)


def ask(name: str) -> uuid.UUID:
    """Put a job of the report *name* into the ledger; gives its id."""
    with app.app_context():
        kind = jobs.find(name)
        assert kind is not None
        person = db.session.scalars(select(User)).one()
        params = {"formats": ["csv"]}
        return jobs.start(kind, params, by=person, key=f"bench:{uuid.uuid4()}").job.id


def do(job_id: uuid.UUID) -> Fact:
    """Do the next job, which is *job_id*, as a worker does; gives what became of it."""
    task.run.apply(args=("reports",), throw=True)
    with app.app_context():
        fact = fact_of(db.session.scalars(select(Job).where(Job.id == job_id)).one())
    assert fact.state == "succeeded", fact
    return fact


def work() -> Mapping[str, Any]:
    """Do the job; gives the rows and bytes of its file."""
    (file,) = do(asked).files
    return {"rows": file.rows, "bytes": file.size}


# The first job of a worker's child is slower: all it needs is made then, and kept.
do(ask(given["warm_up"]))
asked = ask(given["report"])
tell(work)
