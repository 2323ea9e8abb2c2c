"""The desk that chaos plays with: a whole one, with a second worker and a second scheduler."""

import secrets
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from flask import Flask
from redis import Redis

from bench.desk import Desk, desk
from bench.program import clean_environment
from chaos.minded import Minded
from dashboard import create_app
from dashboard.models import Role, User
from dashboard.web.account import make_token
from dashboard.web.users import add_user
from dashboard.wire import connect

REPORTS: Final = Path(__file__).with_name("reports")
NAMES: Final = ("mara", "jonas", "ines", "tarek")
SOFT_STOP_SECONDS: Final = 3  # a worker's grace, as bin/run has it
SLOTS: Final = "2"
REDIS_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Times:
    """The desk's times in seconds: how long a lease lasts, how often the scheduler looks."""

    lease: float
    tick: float


@dataclass(frozen=True)
class Stage:
    """A desk under chaos; *app* reads its ledger, *people* can sign in to it."""

    desk: Desk
    people: tuple[Desk, ...]
    app: Flask
    times: Times
    worker: Minded
    scheduler: Minded

    @property
    def ledger(self) -> Path:
        """The file of the ledger."""
        return self.desk.home / "ledger.db"

    @property
    def files(self) -> Path:
        """The folder of finished files."""
        return self.desk.home / "files"

    def broker(self) -> Redis:
        """Give a new connection to Valkey."""
        return connect(self.app.config["REDIS_URL"], REDIS_SECONDS)


@contextmanager
def stage(folder: Path, times: Times) -> Iterator[Stage]:
    """Run the desk until the block ends."""
    source = folder / "numbers.db"
    with closing(sqlite3.connect(source)) as db:
        db.execute("CREATE TABLE unused (x)")
    sources = {"numbers": f"sqlite:///{source}"}
    settings = {
        "FLASK_LEASE_SECONDS": str(times.lease),
        "FLASK_TICK_SECONDS": str(times.tick),
        "FLASK_RETRY_BASE_SECONDS": "1",
        "FLASK_CELERY__worker_soft_shutdown_timeout": str(SOFT_STOP_SECONDS),
        "FLASK_CELERY__worker_concurrency": SLOTS,
    }
    with ExitStack() as running:
        whole = running.enter_context(desk(folder, str(REPORTS), sources, **settings))
        redis = (whole.home / "redis_url").read_text().strip()
        app = create_app(
            INSTANCE_PATH=str(whole.home),
            REDIS_URL=redis,
            SOURCES=sources,
            REPORTS_DIR=str(REPORTS),
        )
        environment = clean_environment(
            **whole.settings,
            FLASK_INSTANCE_PATH=str(whole.home),
            FLASK_REDIS_URL=redis,
            REMAP_SIGTERM="SIGQUIT",
            PYTHONUNBUFFERED="1",
        )
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", "make_celery"]
        second = ["worker", "-n", "two@%h", "--loglevel", "INFO"]
        lonely = ["--without-mingle", "--without-gossip"]
        worker = Minded("second-worker", [*celery, *second, *lonely], folder, environment)
        beat = [*celery, "beat", "--pidfile=", "--loglevel", "INFO"]
        scheduler = Minded(
            "second-scheduler", [*beat, "--schedule", str(folder / "beat")], folder, environment
        )
        running.enter_context(worker)
        running.enter_context(scheduler)
        people = tuple(_joins(app, whole, name) for name in NAMES)
        yield Stage(whole, people, app, times, worker, scheduler)


def _joins(app: Flask, whole: Desk, name: str) -> Desk:
    """Add a person to the ledger; gives the desk as that person enters it."""
    email, password = f"{name}@example.org", secrets.token_urlsafe(12)
    with app.app_context():
        user: User = add_user(email, name.title(), Role.STAFF, password)
        return replace(whole, email=email, password=password, token=make_token(user, "chaos"))
