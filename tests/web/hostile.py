"""A job all of whose fields hold what somebody else wrote: markup, letters from right to left."""

import uuid
from typing import Any

from sqlalchemy import select

from dashboard.models import Artifact, Attempt, Job, LogLine, User, clock, transaction
from tests.people import Person
from tests.web.desk import Desk


def markup(what: str) -> str:
    """Give words that would be a tag, or leave an attribute, where they are not made text."""
    return f"""<blink title='{what}'>"'&{what}"""


def fills(desk: Desk, job_id: str, said: Any = markup, *, title: str | None = None) -> None:
    """Let every field of the job that others fill hold what *said* gives for its name."""
    with desk.app.app_context(), transaction() as session:
        job = session.scalars(select(Job).where(Job.id == uuid.UUID(job_id))).one()
        job.title = title or said("title")
        job.choices = [[said("choice"), said("value")]]
        job.progress_phase = said("phase")
        job.progress_unit = said("unit")
        job.worker = said("worker")
        job.steps = [{"name": said("step"), "state": "running", "seconds": None}]
        if job.error:
            job.error = {"what": said("what"), "unchanged": said("unchanged"), "next": said("next")}
            job.error_detail = said("detail")
        points = [[said("point"), 3.0], ["other", None]]
        job.result = {
            "rows": 2,
            "warnings": [said("warning")],
            "preview": {
                "columns": [[said("column"), "text"], ["Number", "number"]],
                "rows": [[said("cell"), "1"]],
            },
            "totals": [[said("total"), said("sum")]],
            "reconciliation": [[said("counted"), 2], [said("read"), 3]],
            "chart": {
                "type": "bar",
                "title": said("chart"),
                "unit": said("measure"),
                "x": said("axis"),
                "series": [{"name": said("series"), "points": points}],
            },
        }
        line = LogLine(job_id=job.id, attempt=1, at=clock(), level="warn", text=said("line"))
        session.add(line)
        for attempt in session.scalars(select(Attempt).where(Attempt.job_id == job.id)):
            attempt.worker, attempt.cause = said("host"), said("cause")
        for artifact in session.scalars(select(Artifact).where(Artifact.job_id == job.id)):
            artifact.name = said("file").replace("/", "") + ".csv"
            artifact.warnings = [said("file-warning")]
        job.version += 1


def calls(desk: Desk, person: Person, name: str) -> None:
    """Give the person a name."""
    with desk.app.app_context(), transaction() as session:
        session.get_one(User, person.id).name = name


def all_states(desk: Desk, person: Person) -> dict[str, str]:
    """Give a job of the person in each state; the queued one comes last, or it would be claimed."""
    states = ("running", "stopping", "waiting", "succeeded", "failed", "needing", "cancelled")
    return {state: getattr(desk, state)(person) for state in (*states, "deleted", "queued")}
