"""Finds the processes of the desk: its parts, a worker's children, and which job a child does."""

import re
import uuid
from contextlib import suppress
from dataclasses import dataclass

import psutil
from sqlalchemy import select

from chaos.stage import Stage
from dashboard.extensions import db
from dashboard.models import Attempt, Job, State

# A child has the draft of its job open: .drafts/<random>/<fence>-counting-<day>.csv
DRAFT = re.compile(r"/\.drafts/[^/]+/(\d+)-counting-(\d{4}-\d\d-\d\d)\.")


@dataclass(frozen=True)
class Busy:
    """A worker's child that does a job now, with the fence of the attempt."""

    process: psutil.Process
    job_id: uuid.UUID
    fence: int
    day: str


def workers(stage: Stage) -> list[psutil.Process]:
    """Give the main processes of the workers that live."""
    return [*_parts(stage, "worker"), *_alive(stage.worker.id)]


def schedulers(stage: Stage) -> list[psutil.Process]:
    """Give the schedulers that live."""
    return [*_parts(stage, "beat"), *_alive(stage.scheduler.id)]


def gunicorn(stage: Stage) -> list[psutil.Process]:
    """Give gunicorn's main process, if it lives."""
    return _parts(stage, "gunicorn")


def valkey(stage: Stage) -> list[psutil.Process]:
    """Give the broker's process, if it lives."""
    return [each for each in _children(stage.desk.program.id) if "valkey" in each.name()]


def busy(stage: Stage) -> list[Busy]:
    """Give the children that write a file now."""
    jobs = running(stage)
    found = []
    for worker in workers(stage):
        for child in _children(worker.pid):
            with suppress(psutil.Error):
                for file in child.open_files():
                    draft = DRAFT.search(file.path)
                    job = jobs.get((draft[2], int(draft[1]))) if draft else None
                    if draft and job is not None:
                        found.append(Busy(child, job, int(draft[1]), draft[2]))
                        break
    return found


def running(stage: Stage) -> dict[tuple[str, int], uuid.UUID]:
    """Give the running counts by their day and fence."""
    with stage.app.app_context():
        query = select(Job.id, Job.fence, Job.params).where(Job.state == State.RUNNING)
        rows = db.session.execute(query).all()
        return {(row.params.get("day", ""), row.fence): row.id for row in rows}


def running_on(stage: Stage, pid: int) -> tuple[tuple[uuid.UUID, int], ...]:
    """Give the jobs that run on the worker whose main process is *pid*, with their fences."""
    name = "two@" if pid == stage.worker.id else "worker@"
    with stage.app.app_context():
        query = select(Attempt.job_id, Attempt.fence).where(
            Attempt.ended_at.is_(None), Attempt.worker.startswith(name)
        )
        return tuple((row.job_id, row.fence) for row in db.session.execute(query))


def lives(process: psutil.Process) -> bool:
    """Whether the process has not ended yet."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _parts(stage: Stage, word: str) -> list[psutil.Process]:
    found = []
    for part in _children(stage.desk.program.id):
        with suppress(psutil.Error):
            if word in part.cmdline():
                found.append(part)
    return found


def _children(pid: int) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return list(psutil.Process(pid).children())
    return []


def _alive(pid: int) -> list[psutil.Process]:
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        return [process] if lives(process) else []
    return []
