"""A whole desk, started as everybody starts it: python -m dashboard."""

import json
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from bench.program import Program, clean_environment

REPORTS: Final = Path(__file__).with_name("reports")
EMAIL: Final = "bench@example.org"
START_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Desk:
    """A desk that runs: where it listens, its state folder, the person who uses it.

    *settings* are those that every part of it was started with; usually the person is the first
    administrator.
    """

    host: str
    port: int
    home: Path
    password: str
    token: str
    program: Program
    settings: Mapping[str, str]
    email: str = EMAIL

    def child_of_worker(self) -> psutil.Process:
        """Give the process that does the jobs, where the worker has one slot."""
        (worker,) = [
            part
            for part in psutil.Process(self.program.id).children()
            if {"celery", "worker"} <= set(part.cmdline())
        ]
        (child,) = worker.children()
        return child


@contextmanager
def desk(folder: Path, reports: str, sources: Mapping[str, str], **env: str) -> Iterator[Desk]:
    """Run a desk with the reports of bench/reports/*reports* until the block ends."""
    home = folder / "desk"
    password, token = secrets.token_urlsafe(12), secrets.token_urlsafe(24)
    settings = {
        "FLASK_SOURCES": json.dumps(dict(sources)),
        "FLASK_REPORTS_DIR": str(REPORTS / reports),
        # One person presses more often here than a person can.
        "FLASK_MAX_ACTIVE_JOBS": "100000",
        **env,
    }
    environment = clean_environment(
        BELLHOP_ADMIN_EMAIL=EMAIL,
        BELLHOP_ADMIN_PASSWORD=password,
        BELLHOP_ADMIN_TOKEN=token,
        **settings,
    )
    command = [sys.executable, "-m", "dashboard", "--home", str(home), "--port", "0"]
    with Program(command, folder / "desk.log", environment) as program:
        line = program.hear("Bellhop is ready: ", START_SECONDS)
        host, _, port = line.partition("http://")[2].split()[0].partition(":")
        yield Desk(host, int(port), home, password, token, program, settings)
