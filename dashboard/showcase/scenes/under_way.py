"""Scenes of jobs that run."""

import uuid
from random import Random

from dashboard import jobs
from dashboard.jobs import Kind
from dashboard.showcase.stage import Stage


def running_begun(stage: Stage, kind: Kind) -> uuid.UUID:
    """Just begun: nothing is counted yet."""
    return stage.run(kind)


def running(stage: Stage, kind: Kind) -> uuid.UUID:
    """Half way, with total, speed, time left, steps and log."""
    job_id = stage.run(kind)
    # Seeded by the name: each kind has figures of its own, the same each time.
    random = Random(kind.name)
    total = random.randrange(84_000, 940_000)
    done = int(total * random.uniform(0.42, 0.68))
    stage.say(job_id, f"Counted {total:,} rows in 0.7 s")
    stage.age(job_id, seconds=39)
    stage.count(job_id, done, total, seconds=37, left=round((total - done) / done * 37))
    return job_id


def running_unknown_total(stage: Stage, kind: Kind) -> uuid.UUID:
    """Counting, and nobody knows how far."""
    job_id = stage.run(kind)
    stage.say(job_id, "Counting would take long, so the number of rows is not known beforehand")
    stage.age(job_id, minutes=4)
    stage.count(job_id, 318_000, None, seconds=236)
    return job_id


def running_second_try(stage: Stage, kind: Kind) -> uuid.UUID:
    """At its second try, because the worker of the first one died."""
    job_id = stage.start(kind)
    player = stage.player()
    player.claim()
    stage.count(job_id, 41_000, 96_000, seconds=12)
    stage.age(job_id, seconds=25)
    player.lose(job_id)
    player.claim()
    stage.keep(job_id, kind)
    stage.age(job_id, seconds=9)
    stage.count(job_id, 22_000, 96_000, seconds=8, left=27)
    return job_id


def stopping(stage: Stage, kind: Kind) -> uuid.UUID:
    """Cancelled by its owner, and the worker has not agreed yet."""
    job_id = running(stage, kind)
    jobs.cancel(job_id, by=stage.owner_of(kind))
    return job_id
