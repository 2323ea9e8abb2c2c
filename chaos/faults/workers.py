"""Breaks workers, their children and schedulers."""

import time
from contextlib import suppress

import psutil
from sqlalchemy import func, select

from chaos import processes
from chaos.faults.waiting import one_of, seconds_until
from chaos.history import Blow, now
from chaos.stage import Stage
from dashboard.extensions import db
from dashboard.models import Part, Process

SHORT_GRACE_SECONDS = 0.7
# What docs/systemd.md and compose.yaml give a worker; after a lost connection Celery may need all.
GRACE_SECONDS = 30.0
# A worker that was started a moment ago is left alone: whoever minds it gives up at some time.
YOUNG_SECONDS = 12.0


def kill_child(stage: Stage, pick: float) -> Blow | None:
    """SIGKILL to a child that writes a file."""
    child = one_of(lambda: processes.busy(stage), pick)
    return None if child is None else kill(child, "child killed")


def kill(child: processes.Busy, fault: str) -> Blow:
    """SIGKILL to this child."""
    at = now()
    with suppress(psutil.Error):
        child.process.kill()
    what = f"child {child.process.pid} with the job of {child.day}"
    return Blow(fault, at, now(), what, ((child.job_id, child.fence),))


def freeze_child(stage: Stage, pick: float) -> Blow | None:
    """SIGSTOP to a child that writes a file, SIGCONT when its lease is long over."""
    child = one_of(lambda: processes.busy(stage), pick)
    if child is None:
        return None
    at = now()
    with suppress(psutil.Error):
        child.process.suspend()
        try:
            time.sleep(stage.times.lease + 2 * stage.times.tick + 1)
        finally:
            child.process.resume()
    what = f"child {child.process.pid} with the job of {child.day}"
    return Blow("child frozen", at, now(), what, ((child.job_id, child.fence),))


def kill_worker(stage: Stage, pick: float) -> Blow | None:
    """SIGKILL to a worker's main process; its children die with it."""
    worker = one_of(lambda: _grown(stage), pick)
    if worker is None:
        return None
    hit, at = processes.running_on(stage, worker.pid), now()
    worker.kill()
    return Blow("worker killed", at, now(), f"worker {worker.pid}", hit)


def stop_worker(stage: Stage, pick: float) -> Blow | None:
    """SIGTERM to a worker's main process; SIGKILL when its grace period is over."""
    worker = one_of(lambda: _grown(stage), pick)
    if worker is None:
        return None
    hit, at = processes.running_on(stage, worker.pid), now()
    worker.terminate()
    try:
        seconds = seconds_until(lambda: not processes.lives(worker), GRACE_SECONDS)
    except TimeoutError:
        worker.kill()
        seconds = seconds_until(lambda: not processes.lives(worker)) + GRACE_SECONDS
    return Blow("worker stopped", at, now(), f"worker {worker.pid}", hit, seconds)


def stop_and_kill_worker(stage: Stage, pick: float) -> Blow | None:
    """SIGTERM to a worker's main process, SIGKILL long before it can be done."""
    worker = one_of(lambda: _grown(stage), pick)
    if worker is None:
        return None
    hit = processes.running_on(stage, worker.pid)
    worker.terminate()
    time.sleep(SHORT_GRACE_SECONDS)
    at = now()
    with suppress(psutil.Error):
        worker.kill()
    return Blow("worker stopped, then killed", at, now(), f"worker {worker.pid}", hit)


def kill_scheduler(stage: Stage, pick: float) -> Blow | None:
    """SIGKILL to a scheduler; the ledger must hear of one again."""
    scheduler = one_of(lambda: processes.schedulers(stage), pick)
    if scheduler is None:
        return None
    at = now()
    scheduler.kill()
    seconds = seconds_until(lambda: _heard_since(stage, at.timestamp()))
    return Blow("scheduler killed", at, now(), f"scheduler {scheduler.pid}", seconds=seconds)


def _grown(stage: Stage) -> list[psutil.Process]:
    limit = time.time() - YOUNG_SECONDS
    return [each for each in processes.workers(stage) if each.create_time() < limit]


def _heard_since(stage: Stage, moment: float) -> bool:
    with stage.app.app_context():
        query = select(func.max(Process.heard_at)).where(Process.part == Part.SCHEDULER)
        heard = db.session.execute(query).scalar_one()
        return bool(heard.timestamp() > moment)
