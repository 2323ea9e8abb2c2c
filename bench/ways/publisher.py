"""Tells facts of one job as a worker does, each with its number in the title."""

import json
import sys
import time
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bench.fresh import arguments
from dashboard import create_app
from dashboard.jobs import Fact, fact_of
from dashboard.jobs.events import tell
from dashboard.jobs.progress import Progress
from dashboard.models import Job, State, User, clock, transaction

LATER = timedelta(days=1)

given = arguments()
app = create_app(**given["settings"])


def waiting_job() -> Fact:
    """Put a job into the ledger that no worker touches; gives its fact, as one that runs."""
    with transaction() as session:
        job = Job(
            prefix="R",
            kind="numbers",
            family="reports",
            title="Told by the bench",
            params={"formats": ["csv"]},
            choices=[["Rows", "1,000"], ["Formats", "CSV"]],
            choice_hash="",
            idempotency_key=f"bench:{uuid.uuid4()}",
            requested_by_id=session.scalars(select(User.id)).one(),
            state=State.WAITING,
            due_at=clock() + LATER,
            queue="reports",
            created_at=clock(),
        )
        session.add(job)
    return replace(fact_of(job), state="running", started_at=clock())


def publish(fact: Fact) -> list[float]:
    """Tell as many facts as were asked for, evenly; gives the moment of each."""
    moments = []
    total = given["times"]
    begin = time.monotonic()
    for number in range(1, total + 1):
        time.sleep(max(0.0, begin + number * given["every"] - time.monotonic()))
        progress = Progress(number, total, "Read the rows", percent=min(99, number * 100 // total))
        news = replace(
            fact, order=(fact.order[0], number), title=f"fact-{number}.", progress=progress
        )
        moments.append(time.monotonic())
        assert tell(news)
    return moments


def wait_for(sign: Path) -> None:
    """Wait until the file *sign* is there: all pages are open."""
    while not sign.exists():
        time.sleep(0.02)


with app.app_context():
    told = waiting_job()
    sys.stdout.write(f"job {told.id}\n")
    sys.stdout.flush()
    wait_for(Path(given["sign"]))
    sys.stdout.write(f"{json.dumps(publish(told))}\n")
