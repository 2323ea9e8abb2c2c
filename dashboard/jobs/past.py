"""How long the units of a kind took in its last jobs."""

from statistics import median
from typing import Any

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.remaining import Pace
from dashboard.models import Job, State

LAST_JOBS = 20
PACE = "pace"
"""Where a job's result keeps its pace: units, and seconds of counting and of finishing."""


def past_pace(kind: str, formats: list[str]) -> Pace | None:
    """Give the usual pace of the last finished jobs of *kind* in the same *formats*, or None.

    Jobs in other formats have other work to do and say nothing about these.
    """
    query = (
        select(Job.params["formats"], Job.result[PACE])
        .where(Job.kind == kind, Job.state == State.SUCCEEDED)
        .order_by(Job.serial.desc())
        .limit(LAST_JOBS)
    )
    paces: list[dict[str, Any]] = [
        pace
        for of_formats, pace in db.session.execute(query)
        if pace and pace["units"] and sorted(of_formats or []) == sorted(formats)
    ]
    if not paces:
        return None
    return Pace(
        counting=median(pace["counting"] / pace["units"] for pace in paces),
        finishing=median(pace["finishing"] / pace["units"] for pace in paces),
    )
