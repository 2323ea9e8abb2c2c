"""A desk in real processes, whose parts a test kills, stops and starts again."""

import os
import signal
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import psutil
from flask import Flask
from redis import Redis

from dashboard import create_app
from tests import servers
from tests.browser.fire.paced_worker import PACE
from tests.parts import ROOT, Parts, becomes, parts_of, until
from tests.people import Person
from tests.web.desk import Desk as Ledger

ROWS = 400_000
ALL = 101  # percent
STARTED = 60.0
SETTLED = 30.0
"""Seconds until what a page held on the server must be gone; it takes one or two."""

TO_VALKEY = 3
"""Connections of the web part to Valkey: the hub's, one that tells facts, one that gives hints."""


class Valkey:
    """The desk's own Valkey, always at the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running = ExitStack()
        self.url = self.start()

    def start(self) -> str:
        """Start it; gives its URL."""
        return self._running.enter_context(servers.valkey_server(self._folder))

    def die(self) -> None:
        """Kill it as a machine would."""
        self._signal(signal.SIGKILL)
        self._running.close()

    def stop(self) -> None:
        """Stop it in order."""
        self._running.close()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it neither answer nor hang up until the block ends."""
        number = self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(number, signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> int:
        with Redis.from_url(self.url) as client:
            process: int = client.info("server")["process_id"]
        os.kill(process, number)
        return process


@dataclass
class Job:
    """A job that goes as far as a test lets it."""

    app: Flask
    id: uuid.UUID
    pace: Path

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/jobs/{self.id}"

    def may_reach(self, percent: int) -> None:
        """Let it go on to *percent*."""
        self.pace.write_text(str(percent))

    def reaches(self, percent: int) -> None:
        """Let it go on until the ledger says *percent*."""
        self.may_reach(percent)
        becomes(self.app, self.id, lambda fact: (fact.progress.percent or 0) >= percent, STARTED)

    def goes_on(self) -> None:
        """Let it go on to its end."""
        self.may_reach(ALL)

    def is_followed_by(self, person: Person) -> None:
        """Let *person* follow it."""
        Ledger(self.app).joined(str(self.id), person)

    def ends(self) -> None:
        """Let it go on until the ledger says that it has ended."""
        self.goes_on()
        becomes(self.app, self.id, lambda fact: fact.is_final, STARTED)


class Desk:
    """The parts, one job at a time, people; *port* is where the web part listens."""

    def __init__(self, app: Flask, parts: Parts, valkey: Valkey, port: int) -> None:
        self.app = app
        self.valkey = valkey
        self.port = port
        self._parts = parts
        self._pace = parts.folder / "pace"
        program = "tests.browser.fire.paced_worker"
        parts.worker(slots=1, program=program, **{PACE: str(self._pace)})
        parts.scheduler()
        self.start_web()

    def start_web(self) -> None:
        """Start the web part, always on the same port."""
        self._web = self._parts.web(self.port)

    def kill_web(self) -> None:
        """Kill the web part, all of its processes."""
        os.killpg(self._web.pid, signal.SIGKILL)
        self._web.wait()

    def reload_web(self) -> None:
        """Let gunicorn replace its process in order."""
        before = self._web_process()
        self._web.send_signal(signal.SIGHUP)
        until(self.app, lambda: not before.is_running(), STARTED)

    def starts(self, person: Person) -> Job:
        """Let *person* start a job; it has begun to count and waits for more."""
        self._pace.write_text("0")
        started = Ledger(self.app).queued(person, "counting", rows=ROWS)
        job = Job(self.app, uuid.UUID(started), self._pace)
        job.reaches(5)
        return job

    def forgets_them_all(self) -> None:
        """Wait until the web part holds nothing for anybody: no stream, no connection."""
        until(self.app, lambda: self._streams() == 0, SETTLED)
        until(self.app, lambda: self.visitors() == 0, SETTLED)
        process = self._web_process()
        until(self.app, lambda: len(process.net_connections("unix")) <= TO_VALKEY, SETTLED)

    def visitors(self) -> int:
        """How many connections the web part holds, those to Valkey apart."""
        found = self._web_process().net_connections("inet")
        return sum(each.status != psutil.CONN_LISTEN for each in found)

    def _web_process(self) -> psutil.Process:
        """Give the process that serves, which gunicorn's own watches."""
        (process,) = psutil.Process(self._web.pid).children()
        return process

    def _streams(self) -> int:
        with urlopen(f"http://127.0.0.1:{self.port}/metrics") as answer:
            lines = answer.read().decode().splitlines()
        (line,) = [line for line in lines if line.startswith("bellhop_live_streams ")]
        return int(float(line.split()[1]))


@contextmanager
def running(folder: Path, ledger: Path, port: int) -> Iterator[Desk]:
    """Run a desk in *folder* with a copy of the empty *ledger*."""
    (folder / "ledger.db").write_bytes(ledger.read_bytes())
    sqlite3.connect(folder / "numbers.db").execute("CREATE TABLE unused (x)").connection.close()
    valkey = Valkey(folder)
    app = create_app(
        INSTANCE_PATH=folder,
        REDIS_URL=valkey.url,
        SOURCES={"numbers": f"sqlite:///{folder / 'numbers.db'}"},
        REPORTS_DIR=str(ROOT / "tests" / "reports_slow"),
        TESTING=True,
    )
    try:
        with parts_of(app, folder) as parts:
            yield Desk(app, parts, valkey, port)
    finally:
        valkey.stop()
