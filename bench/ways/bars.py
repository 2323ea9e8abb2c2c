"""Runs five jobs of a person as far as pages can see: each tells how far it is four times a second.

They stand in the ledger as running, so that a page that is read again shows the same; no worker has
them. It goes on until it is stopped.
"""

import sys
import time
import uuid
from dataclasses import replace
from datetime import timedelta
from itertools import count

from sqlalchemy import select

from bench.fresh import arguments
from dashboard import create_app
from dashboard.jobs import Fact, fact_of
from dashboard.jobs.events import tell
from dashboard.jobs.parts import Line, Step
from dashboard.jobs.telling import FACT_SECONDS
from dashboard.models import Job, State, User, clock, transaction

JOBS = 5
TOTAL = 300_000  # rows of each job
EACH = 240  # rows from fact to fact: a job of five minutes, which most facts move by less than 1 %
LINE_EVERY = 8  # facts
LINES = 50
STEPS = ("Count the rows", "Read the rows", "Write the files", "Store the files")

given = arguments()
app = create_app(**given["settings"])


def running_jobs() -> list[Fact]:
    """Put the jobs into the ledger; gives their facts."""
    with transaction() as session:
        owner = session.scalars(select(User).where(User.email == given["email"])).one()
        jobs = [running_job(owner.id, number) for number in range(1, JOBS + 1)]
        session.add_all(jobs)
    return [fact_of(job) for job in jobs]


def running_job(user_id: int, number: int) -> Job:
    """Give a job whose lease nobody need renew today."""
    now = clock()
    return Job(
        prefix="R",
        kind="numbers",
        family="reports",
        title=f"Rows out of nothing, {number} of {JOBS}",
        params={"formats": ["csv"]},
        choices=[["Rows", f"{TOTAL:,}"], ["Formats", "CSV"]],
        choice_hash="",
        idempotency_key=f"bench:{uuid.uuid4()}",
        requested_by_id=user_id,
        state=State.RUNNING,
        attempts_used=1,
        fence=1,
        worker="bench@here",
        queue="reports",
        created_at=now,
        started_at=now,
        lease_until=now + timedelta(days=1),
    )


def later(fact: Fact, beat: int) -> Fact:
    """Give the job's fact number *beat*."""
    now = clock()
    done = min(beat * EACH, TOTAL - 1)
    assert fact.started_at is not None
    seconds = (now - fact.started_at).total_seconds()
    progress = replace(
        fact.progress,
        done=done,
        total=TOTAL,
        phase=STEPS[1],
        percent=done * 100 // TOTAL,
        since=fact.started_at,
        at=now,
        left=round(seconds * (TOTAL - done) / done) if seconds > 5 else None,
    )
    steps = [Step(STEPS[0], "done", 0.4), Step(STEPS[1], "running")]
    steps += [Step(name, "waiting") for name in STEPS[2:]]
    if beat % LINE_EVERY == 1:
        fact.lines.append(Line(now, "info", f"Read {done:,} rows"))
        del fact.lines[:-LINES]
    order = (fact.order[0], beat)
    return replace(fact, order=order, progress=progress, steps=steps, lines=list(fact.lines))


with app.app_context():
    facts = running_jobs()
    sys.stdout.write(f"jobs {' '.join(fact.id for fact in facts)}\n")
    sys.stdout.flush()
    began = time.monotonic()
    for turn in count(1):
        for place, fact in enumerate(facts):
            moment = began + (turn + place / JOBS) * FACT_SECONDS
            time.sleep(max(0.0, moment - time.monotonic()))
            assert tell(later(fact, turn))
