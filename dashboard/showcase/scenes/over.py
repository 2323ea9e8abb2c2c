"""Scenes of jobs that have finished, and of what became of their files."""

import uuid
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Kind, audit, damage
from dashboard.models import Artifact, User, transaction
from dashboard.showcase.choices import empty, whole
from dashboard.showcase.player import job_of
from dashboard.showcase.stage import NotPlayable, Stage, change

WARNINGS = (
    "12 values in the column “Amount (€)” are no numbers, so they are not in the total.",
    "The chart shows the 12 largest of 31 series; the files hold all of them.",
)


def finished(stage: Stage, kind: Kind) -> uuid.UUID:
    """Finished with all formats, and downloaded by people."""
    job_id = stage.finish(kind, whole)
    for person in (stage.owner_of(kind), stage.people[0]):
        downloaded(job_id, person)
    return stage.age(job_id, hours=2)


def finished_no_rows(stage: Stage, kind: Kind) -> uuid.UUID:
    """Finished, and nothing matches the choices."""
    job_id = stage.finish(kind, empty)
    if job_of(job_id).result.get("rows") != 0:
        raise NotPlayable(f"{kind.title} finds rows whatever is chosen.")
    return stage.age(job_id, hours=26)


def finished_warnings(stage: Stage, kind: Kind) -> uuid.UUID:
    """Finished with warnings."""
    job_id = stage.finish(kind)
    stage.say(job_id, *WARNINGS, level="warn")
    with transaction():
        job = job_of(job_id)
        change(job, {"result": {**job.result, "warnings": list(WARNINGS)}})
    return stage.age(job_id, hours=3)


def files_deleted(stage: Stage, kind: Kind) -> uuid.UUID:
    """Finished so long ago that its files are deleted."""
    job_id = stage.finish(kind)
    stage.age(job_id, days=current_app.config["KEEP_FILES_DAYS"] + 5)
    stage.player().expire(job_id)
    # The sweep has come by when their time was over, not now.
    with transaction():
        for artifact in files_of(job_id):
            artifact.expires_at = artifact.created_at + kept()
            artifact.deleted_at = artifact.expires_at
    return job_id


def files_damaged(stage: Stage, kind: Kind) -> uuid.UUID:
    """Finished, but none of its files is as it was made."""
    job_id = stage.finish(kind)
    for artifact in files_of(job_id):
        lose(artifact)
    return stage.age(job_id, hours=30)


def some_files_damaged(stage: Stage, kind: Kind) -> uuid.UUID:
    """Finished, and one of its files is not as it was made."""
    job_id = stage.finish(kind)
    files = files_of(job_id)
    if len(files) < 2:
        raise NotPlayable(f"{kind.title} makes one file, so some of its files are all of them.")
    lose(files[0])
    return stage.age(job_id, hours=31)


def downloaded(job_id: uuid.UUID, by: User) -> None:
    """Write down that somebody has downloaded each file of the job."""
    with transaction():
        job = job_of(job_id)
        for artifact in files_of(job_id):
            action = "file.download"
            audit.record(action, by=by, job=job, artifact_id=artifact.id, address="192.0.2.7")


def lose(artifact: Artifact) -> None:
    """Take the bytes of a file away, and find that out."""
    artifact_id = artifact.id
    current_app.extensions["storage"].delete(artifact.key)
    damage.note(artifact_id, "It was taken away on purpose.")


def files_of(job_id: uuid.UUID) -> list[Artifact]:
    """Give the files of a job."""
    query = select(Artifact).where(Artifact.job_id == job_id).order_by(Artifact.position)
    return list(db.session.scalars(query))


def kept() -> timedelta:
    """Give how long files are kept."""
    return timedelta(days=current_app.config["KEEP_FILES_DAYS"])
