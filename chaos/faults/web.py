"""Breaks gunicorn."""

from http.client import HTTPConnection, HTTPException

from chaos import processes
from chaos.faults.waiting import one_of, seconds_until
from chaos.history import Blow, now
from chaos.processes import lives
from chaos.stage import Stage

ANSWER_SECONDS = 5.0


def kill_worker(stage: Stage, pick: float) -> Blow | None:
    """SIGKILL to the process that answers requests."""
    worker = one_of(
        lambda: [child for main in processes.gunicorn(stage) for child in main.children()], pick
    )
    if worker is None:
        return None
    at = now()
    worker.kill()
    seconds = seconds_until(lambda: not lives(worker) and _answers(stage))
    return Blow("web worker killed", at, now(), f"gunicorn's {worker.pid}", seconds=seconds)


def kill_all(stage: Stage, pick: float) -> Blow | None:
    """SIGKILL to gunicorn's main process; whoever minds it ends the others and starts anew."""
    main = one_of(lambda: processes.gunicorn(stage), pick)
    if main is None:
        return None
    workers, at = main.children(), now()
    main.kill()
    # The worker that was left behind still answers for a moment: that is not yet the new web.
    seconds = seconds_until(lambda: not any(map(lives, [main, *workers])) and _answers(stage))
    return Blow("web killed", at, now(), f"gunicorn {main.pid}", seconds=seconds)


def _answers(stage: Stage) -> bool:
    connection = HTTPConnection(stage.desk.host, stage.desk.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
