"""Scenes of jobs that have failed or were cancelled."""

import uuid

from dashboard import jobs
from dashboard.jobs import Kind, Permanent, dead_letters
from dashboard.jobs.errors import technical
from dashboard.models import State
from dashboard.showcase.player import job_of
from dashboard.showcase.stage import Stage, raised
from dashboard.sources import SourceUnavailable

SLOW = Permanent(
    "The database “shop” took longer than 30 minutes.",
    next="Choose a shorter period, or try when it is quieter.",
)
GONE = Permanent(
    "The report cannot be read: there is no table “orders_archive”.",
    next="Tell the people who look after this report.",
    attention=True,
)
AWAY = SourceUnavailable("The database “shop” does not answer.")
REASON = "The table was renamed on Tuesday; the report is mended."


def failed(stage: Stage, kind: Kind) -> uuid.UUID:
    """Failed for a reason that the person can do something about."""
    job_id = stage.run(kind)
    stage.say(job_id, "Counted 212,400 rows in 1.9 s")
    stage.count(job_id, 71_000, 212_400, seconds=1_790)
    stage.age(job_id, minutes=30)
    fail(stage, job_id, SLOW)
    return stage.age(job_id, minutes=50)


def needs_attention(stage: Stage, kind: Kind) -> uuid.UUID:
    """Failed at every try, which staff cannot mend."""
    job_id = stage.start(kind)
    player = stage.player()
    player.claim()
    stage.count(job_id, 8_000, 96_000, seconds=3)
    stage.age(job_id, seconds=5)
    if job_of(job_id).max_attempts > 1:
        player.lose(job_id)
        player.claim()
        stage.age(job_id, seconds=4)
    while fail(stage, job_id, AWAY) == State.WAITING:
        stage.age(job_id, seconds=20)
        player.release(job_id)
        player.claim()
        stage.age(job_id, seconds=6)
    stage.keep(job_id, kind)
    return stage.age(job_id, hours=4)


def dismissed(stage: Stage, kind: Kind) -> uuid.UUID:
    """Failed and needed attention, which an administrator has dismissed with a reason."""
    job_id = stage.run(kind)
    fail(stage, job_id, GONE)
    stage.age(job_id, hours=3)
    dead_letters.dismiss([job_id], by=stage.administrator, reason=REASON)
    stage.open(job_id)
    return stage.age(job_id, days=2)


def cancelled(stage: Stage, kind: Kind) -> uuid.UUID:
    """Cancelled before it began."""
    job_id = stage.start(kind)
    stage.age(job_id, seconds=30)
    jobs.cancel(job_id, by=stage.owner_of(kind))
    stage.keep(job_id, kind)
    return stage.age(job_id, hours=9)


def cancelled_running(stage: Stage, kind: Kind) -> uuid.UUID:
    """Cancelled while it ran."""
    job_id = stage.run(kind)
    stage.count(job_id, 27_000, 98_000, seconds=11)
    stage.age(job_id, seconds=13)
    jobs.cancel(job_id, by=stage.owner_of(kind))
    stage.player().stop(job_id)
    return stage.age(job_id, hours=28)


def fail(stage: Stage, job_id: uuid.UUID, error: Exception) -> str:
    """End the attempt with *error*; gives the state of the job."""
    error = raised(error)
    stage.player().fail(job_id, error, technical(error))
    stage.told(job_id)
    return job_of(job_id).state
