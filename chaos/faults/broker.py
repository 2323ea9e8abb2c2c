"""Breaks Valkey: the broker, and what carries live facts."""

import time
from contextlib import closing, suppress

from redis import RedisError

from chaos import processes
from chaos.faults.waiting import one_of, seconds_until
from chaos.history import Blow, now
from chaos.stage import Stage
from dashboard.jobs import hints

SHORTEST_FREEZE_SECONDS = 2.0
LONGEST_FREEZE_SECONDS = 6.0
TIMES = 3


def kill(stage: Stage, pick: float) -> Blow | None:
    """SIGKILL; it comes back with what it had written to its file."""
    server = one_of(lambda: processes.valkey(stage), pick)
    if server is None:
        return None
    at = now()
    server.kill()
    seconds_until(lambda: _answers(stage))
    return Blow("broker killed", at, now(), f"Valkey {server.pid}")


def freeze(stage: Stage, pick: float) -> Blow | None:
    """SIGSTOP for some seconds, then SIGCONT: connections stay, answers do not come."""
    server = one_of(lambda: processes.valkey(stage), pick)
    if server is None:
        return None
    seconds = SHORTEST_FREEZE_SECONDS + pick * (LONGEST_FREEZE_SECONDS - SHORTEST_FREEZE_SECONDS)
    at = now()
    server.suspend()
    try:
        time.sleep(seconds)
    finally:
        server.resume()
    return Blow("broker frozen", at, now(), f"Valkey {server.pid} for {seconds:.1f} s")


def wipe(stage: Stage, pick: float) -> Blow | None:
    """FLUSHALL: every hint under way is gone."""
    at = now()
    with closing(stage.broker()) as redis:
        try:
            redis.flushall()
        except RedisError:
            return None
    return Blow("broker wiped", at, now(), "FLUSHALL")


def triple_hints(stage: Stage, pick: float) -> Blow | None:
    """Three hints for each running and waiting job, at once: doubled ones and stale ones."""
    at = now()
    jobs = len(processes.running(stage)) + 1
    celery = stage.app.extensions["celery"]
    for _ in range(TIMES * jobs):
        # The broker may be away: then there is nothing to double.
        with suppress(Exception):
            celery.send_task(
                hints.RUN, args=["reports"], queue="reports", ignore_result=True, retry=False
            )
    return Blow("hints tripled", at, now(), f"{TIMES * jobs} hints at once")


def _answers(stage: Stage) -> bool:
    with closing(stage.broker()) as redis, suppress(RedisError):
        return bool(redis.ping())
    return False
