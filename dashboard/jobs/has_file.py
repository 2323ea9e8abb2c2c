"""The condition that a job has a file."""

from sqlalchemy import ColumnElement, select

from dashboard.models import Artifact, Job


def has_file(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Give the condition that a job has a file that fits *conditions*.

    Not by EXISTS: for that PostgreSQL reads the files of all jobs, where a list needs few of them.
    """
    one = select(Artifact.position).where(Artifact.job_id == Job.id, *conditions).limit(1)
    return one.correlate(Job).scalar_subquery().is_not(None)
