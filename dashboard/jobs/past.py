"""How long the units of a kind took in its last jobs."""

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.remaining import Run
from dashboard.models import Job, State

LAST_JOBS = 20
PACE = "pace"
"""Where a job's result keeps its pace: units, and seconds of counting and of finishing."""


def past_runs(kind: str, formats: list[str]) -> list[Run]:
    """Give the last finished jobs of *kind* in the same *formats*, the latest first.

    Jobs in other formats have other work to do and say nothing about these.
    """
    query = (
        select(Job.params["formats"], Job.result[PACE])
        .where(Job.kind == kind, Job.state == State.SUCCEEDED)
        .order_by(Job.serial.desc())
        .limit(LAST_JOBS)
    )
    return [
        Run(pace["units"], pace["counting"], pace["finishing"])
        for of_formats, pace in db.session.execute(query)
        if pace and pace["units"] and sorted(of_formats or []) == sorted(formats)
    ]
