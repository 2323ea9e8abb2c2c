"""Real processes of a desk: workers, a scheduler, a web server, each stopped at the end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
from flask import Flask, json
from redis import RedisError
from sqlalchemy import select

from dashboard.extensions import db, sse
from dashboard.jobs import Fact, fact_of
from dashboard.jobs.events import CHANNEL
from dashboard.models import Job, Part, Process

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
STOP_SECONDS = 60.0
HANDED_OVER = (
    "REDIS_URL",
    "SQLALCHEMY_DATABASE_URI",
    "SOURCES",
    "WRITING_SOURCES",
    "STORAGE_URL",
    "REPORTS_DIR",
    "LEASE_SECONDS",
    "TICK_SECONDS",
    "RETRY_BASE_SECONDS",
    "MAIL_URL",
    "MAIL_CONNECTIONS",
    "MAIL_A_MINUTE",
    "KEEP_FILES_DAYS",
    "LIVE_MAX_STREAMS",
)


@dataclass
class Parts:
    """Starts the parts of *app*'s desk as processes of their own."""

    app: Flask
    folder: Path
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def worker(
        self, name: str = "one", slots: int = 2, *, program: str = "celery", **env: str
    ) -> "subprocess.Popen[bytes]":
        """Start a worker and wait until the ledger has heard of it."""
        process = self._start(
            f"worker-{name}",
            *(program, "--quiet", "-A", "make_celery", "worker", "-n", f"{name}@here"),
            *("-c", str(slots), "--loglevel", "INFO", "--without-mingle", "--without-gossip"),
            REMAP_SIGTERM="SIGQUIT",
            **env,
        )
        self._heard(Part.WORKER, f"{name}@here", process)
        return process

    def scheduler(self, *, wait: bool = True, **env: str) -> "subprocess.Popen[bytes]":
        """Start a scheduler and *wait* until the ledger has heard of it."""
        process = self._start(
            "beat", *("celery", "--quiet", "-A", "make_celery", "beat", "--pidfile="), **env
        )
        if wait:
            self._heard(Part.SCHEDULER, None, process)
        return process

    def web(self, port: int, **env: str) -> "subprocess.Popen[bytes]":
        """Start the web part on *port* and wait until it answers."""
        process = self._start(
            "web",
            *("gunicorn", "-c", "python:make_web", "--bind", f"127.0.0.1:{port}"),
            **env,
        )
        until(self.app, lambda: _answers(port), START_SECONDS, alive=process, log=self.log)
        return process

    def stop(self, process: "subprocess.Popen[bytes]", number: int = signal.SIGTERM) -> int:
        """Send the signal to the main process and wait for its end; gives the exit code."""
        process.send_signal(number)
        return process.wait(STOP_SECONDS)

    def log(self) -> str:
        """Give what all parts have printed."""
        return "\n".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))

    def end(self) -> None:
        """Kill what is still there."""
        for process in self.running:
            if process.poll() is None:
                for child in psutil.Process(process.pid).children(recursive=True):
                    child.kill()
                process.kill()
            process.wait(STOP_SECONDS)

    def _start(self, name: str, *module: str, **env: str) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *module],
                cwd=ROOT,
                env={**os.environ, **self.environment(), **env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def environment(self) -> dict[str, str]:
        """Give the settings of the desk as a part of it takes them."""
        config = self.app.config
        given = {f"FLASK_{name}": _text(config[name]) for name in HANDED_OVER if config[name]}
        return {**given, "FLASK_INSTANCE_PATH": self.app.instance_path}

    def _heard(self, part: Part, name: str | None, process: "subprocess.Popen[bytes]") -> None:
        def heard() -> bool:
            query = select(Process.pid).where(Process.part == part, Process.pid == process.pid)
            return db.session.execute(query).first() is not None

        until(self.app, heard, START_SECONDS, alive=process, log=self.log)


@contextmanager
def parts_of(app: Flask, folder: Path) -> Iterator[Parts]:
    """Give the parts of *app*'s desk; all are stopped at the end."""
    parts = Parts(app, folder)
    try:
        yield parts
    finally:
        parts.end()


def until(
    app: Flask,
    condition: Callable[[], bool],
    seconds: float,
    *,
    alive: "subprocess.Popen[bytes] | None" = None,
    log: Callable[[], str] = lambda: "",
) -> float:
    """Wait until *condition* holds in the ledger; gives the seconds that it took.

    It is looked at after each fact, and ten times a second. Raises AssertionError when the time
    is over or the process that should be alive has ended.
    """
    began = time.monotonic()
    with app.app_context():
        for _ in ticks():
            db.session.rollback()
            if condition():
                return time.monotonic() - began
            assert alive is None or alive.poll() is None, f"It ended:\n{log()}"
            assert time.monotonic() - began < seconds, f"Not within {seconds} s.\n{log()}"
    raise AssertionError("The ticks ended.")


def ticks() -> Iterator[None]:
    """Come by after each message of the channel and ten times a second, with Redis or without."""
    while True:
        try:
            for _ in sse.messages(CHANNEL, lambda: 0.1):
                yield
        except RedisError:
            time.sleep(0.1)
            yield


def ends(app: Flask, job_id: Any, seconds: float = 60.0, log: Callable[[], str] = str) -> Fact:
    """Wait until the job has ended; gives its fact."""
    return becomes(app, job_id, lambda fact: fact.is_final, seconds, log)


def becomes(
    app: Flask,
    job_id: Any,
    condition: Callable[[Fact], bool],
    seconds: float = 60.0,
    log: Callable[[], str] = str,
) -> Fact:
    """Wait until *condition* holds for the job; gives its fact."""
    found: list[Fact] = []

    def holds() -> bool:
        fact = fact_of(db.session.scalars(select(Job).where(Job.id == job_id)).one())
        found[:] = [fact]
        return condition(fact)

    until(app, holds, seconds, log=log)
    return found[0]


def only_child(process: "subprocess.Popen[bytes]") -> psutil.Process:
    """Give the one child of a worker with one slot."""
    (child,) = psutil.Process(process.pid).children()
    return child


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz"):
            return True
    except OSError:
        return False


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, dict | bool) else str(value)
