"""The parts that run the desk's own code: web, worker and beat."""

import functools
import os
import signal
import socket
import sys

from dashboard.supervisor.home import Home
from dashboard.supervisor.part import Part
from dashboard.supervisor.port import nearby
from dashboard.supervisor.ready import answers_ok

FEWEST_SLOTS = 2
# A short job ends in this time; a longer one is handed back whole. Ctrl-C waits no longer.
HAND_BACK_SECONDS = 3


def web(listener: socket.socket, after: str | None) -> Part:
    """Describe gunicorn on the inherited *listener*."""
    number = listener.fileno()
    host, port = nearby(listener)
    return Part(
        name="web",
        title="The web part",
        command=(
            *(sys.executable, "-m", "gunicorn", "-c", "python:make_web"),
            *("--bind", f"fd://{number}", "--graceful-timeout", "3", "--no-control-socket"),
            "make_celery:flask_app",
        ),
        descriptors=(number,),
        after=after,
        is_ready=functools.partial(answers_ok, host, port, "/healthz"),
    )


def worker(after: str | None) -> Part:
    """Describe the Celery worker, which hands its jobs back when it is stopped."""
    slots = () if _is_set("WORKER_CONCURRENCY") else ("-c", str(_slots()))
    environment = {"REMAP_SIGTERM": "SIGQUIT"}
    if not _is_set("WORKER_SOFT_SHUTDOWN_TIMEOUT"):
        environment["FLASK_CELERY__worker_soft_shutdown_timeout"] = str(HAND_BACK_SECONDS)
    return Part(
        name="worker",
        title="The worker",
        command=(
            *(*_celery(), "worker", "--hostname", "worker@%h", "--loglevel", "INFO"),
            # Looking for neighbours takes a second, and what they would tell is in the ledger.
            *("--without-mingle", "--without-gossip", *slots),
        ),
        environment=environment,
        after=after,
        stop_seconds=30.0,
        # With nobody to read its output Celery takes its own last words for a lost connection and
        # never ends. Its children end with it, and the leases of their jobs run out.
        orphan_signal=signal.SIGKILL,
    )


def beat(home: Home, after: str | None) -> Part:
    """Describe the scheduler."""
    return Part(
        name="beat",
        title="The scheduler",
        command=(
            *(*_celery(), "beat", "--scheduler", "dashboard.jobs.scheduler:LedgerScheduler"),
            *("--schedule", str(home.path / "beat"), "--loglevel", "INFO"),
        ),
        after=after,
    )


def _celery() -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "--quiet", "-A", "make_celery")


def _slots() -> int:
    return max(FEWEST_SLOTS, os.cpu_count() or FEWEST_SLOTS)


def _is_set(name: str) -> bool:
    """Tell whether the operator has set Celery's setting *name*, in upper or lower case."""
    return f"FLASK_CELERY__{name}" in {key.upper() for key in os.environ}
