"""Tells facts of some jobs as workers do, each with its number in the title.

Each of the owners has a job that no worker touches; all the others follow the first of them. Each
round begins once the file that is its sign lies there, and tells all jobs by turns.
"""

import json
import sys
import time
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench.fresh import arguments
from dashboard import create_app, jobs
from dashboard.jobs import Fact, fact_of
from dashboard.jobs.events import tell
from dashboard.jobs.progress import Progress
from dashboard.models import Job, State, User, clock, transaction

LATER = timedelta(days=1)

given = arguments()
app = create_app(**given["settings"])


def waiting_jobs(emails: list[str]) -> list[Fact]:
    """Put a job of each person into the ledger; gives their facts, as ones that run."""
    with transaction() as session:
        people = [
            session.scalars(select(User).where(User.email == email)).one() for email in emails
        ]
        made = [waiting_job(person.id) for person in people]
        session.add_all(made)
    for person in people[1:]:
        jobs.join(made[0], by=person)
    return [replace(fact_of(job), state="running", started_at=clock()) for job in made]


def waiting_job(user_id: int) -> Job:
    """Give a job for the ledger that is not due before tomorrow."""
    return Job(
        prefix="R",
        kind="numbers",
        family="reports",
        title="Told by the bench",
        params={"formats": ["csv"]},
        choices=[["Rows", "1,000"], ["Formats", "CSV"]],
        choice_hash="",
        idempotency_key=f"bench:{uuid.uuid4()}",
        requested_by_id=user_id,
        state=State.WAITING,
        due_at=clock() + LATER,
        queue="reports",
        created_at=clock(),
    )


def publish(facts: list[Fact], first: int, plan: dict[str, Any]) -> list[list[float]]:
    """Tell as many facts of each job as *plan* says, evenly; gives the moments, job by job.

    Their numbers go on from *first*.
    """
    moments: list[list[float]] = [[] for _ in facts]
    pause, total = plan["every"] / len(facts), plan["times"] * len(facts)
    due = time.monotonic()
    for turn in range(total):
        time.sleep(max(0.0, due - time.monotonic()))
        due = max(due, time.monotonic()) + pause  # What came late is not caught up with.
        job, number = turn % len(facts), first + turn // len(facts)
        percent = min(99, (turn + 1) * 100 // total)
        progress = Progress(turn + 1, total, "Read the rows", percent=percent)
        news = replace(
            facts[job],
            order=(facts[job].order[0], number),
            title=f"fact-{job}-{number}.",
            progress=progress,
        )
        moments[job].append(time.monotonic())
        assert tell(news)
    return moments


def wait_for(sign: Path) -> None:
    """Wait until the file *sign* is there."""
    while not sign.exists():
        time.sleep(0.02)


def say(words: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


with app.app_context():
    told = waiting_jobs(given["owners"])
    say(" ".join(["jobs", *(fact.id for fact in told)]))
    number = 1
    for plan in given["rounds"]:
        sign = Path(plan["sign"])
        wait_for(sign)
        say(f"{sign.name} told {json.dumps(publish(told, number, plan))}")
        number += plan["times"]
