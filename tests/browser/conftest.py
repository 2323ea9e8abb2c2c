"""A desk as a newcomer starts it, and a real browser in front of it."""

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests import flights, servers
from tests.parts import ROOT
from tests.servers import free_port
from tests.started import Started

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The same without a window draws pages only, and so takes less; it knows no tabs that are hidden.
WINDOWLESS = ("chromium-headless-shell", *BROWSERS)
# Root may not use Chromium's sandbox; none of the others may call anybody outside.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
PASSWORD = "a long enough password"
EMAIL = "mara.keller@example.org"
START_SECONDS = 60.0
PATIENCE = 20_000  # milliseconds that anything may take to be seen; the machine may be busy


@dataclass
class Desk:
    """A desk that runs: its address, its state folder, and the cookies of who has signed in."""

    url: str
    home: Path
    program: Started
    sessions: dict[str, Any] = field(default_factory=dict)


@dataclass
class Visitor:
    """A person at a page of the browser, and what the browser complained of."""

    page: Page
    desk: Desk
    complaints: list[str]

    def opens(self, path: str) -> None:
        """Open a page of the desk."""
        self.page.goto(f"{self.desk.url}{path}")

    def signs_in(self, email: str = EMAIL, *, by_form: bool = False) -> None:
        """Sign in and land on home; with the cookies of an earlier time, unless *by_form*."""
        sessions, context = self.desk.sessions, self.page.context
        if email in sessions and not by_form:
            context.add_cookies(sessions[email])
            self.opens("/")
            if self.page.url == f"{self.desk.url}/":
                return
        self.opens("/sign-in")
        self.page.get_by_label("Work e-mail").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.desk.url}/")
        sessions[email] = context.cookies()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give Debian's Chromium, headless; Playwright's event loop ends with the module."""
    expect.set_options(timeout=PATIENCE)
    path = next((found for name in WINDOWLESS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("No Chromium is here: install it to run the browser tests.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sqlite_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Run a desk whose ledger and flights are SQLite."""
    home = tmp_path_factory.mktemp("desk")
    flights.load_sqlite(home / "flights.db")
    yield from run(home, {"flights": f"sqlite:///{home / 'flights.db'}"})


@pytest.fixture(scope="session")
def postgresql_desk(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[Desk]:
    """Run a desk whose ledger and flights are PostgreSQL."""
    home = tmp_path_factory.mktemp("desk-postgresql")
    with (
        servers.fresh_database(postgres_url) as ledger,
        servers.fresh_database(postgres_url) as source,
    ):
        flights.load_postgresql(source.replace("+psycopg", "", 1))
        yield from run(home, {"flights": source}, FLASK_SQLALCHEMY_DATABASE_URI=ledger)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def each_desk(request: pytest.FixtureRequest) -> Desk:
    """Give a desk on each database in turn."""
    desk: Desk = request.getfixturevalue(f"{request.param}_desk")
    return desk


@pytest.fixture
def mara(browser: Browser, sqlite_desk: Desk) -> Iterator[Visitor]:
    """Give a colleague who has signed in at the desk on SQLite."""
    with at_desk(browser, sqlite_desk) as visitor:
        visitor.signs_in()
        yield visitor


def run(home: Path, sources: dict[str, str], **env: str) -> Iterator[Desk]:
    """Run a desk with *sources*, and with numbers beside them."""
    reports = home / "reports"
    reports.mkdir()
    for folder in ("reports_flights", "reports_slow"):
        for file in (ROOT / "tests" / folder).glob("*.sql"):
            shutil.copy(file, reports)
    sqlite3.connect(home / "numbers.db").execute("CREATE TABLE unused (x)").connection.close()
    given = {**sources, "numbers": f"sqlite:///{home / 'numbers.db'}"}
    env = {"FLASK_SOURCES": json.dumps(given), "FLASK_REPORTS_DIR": str(reports), **env}
    yield from serve(home, **env)


def serve(home: Path, **env: str) -> Iterator[Desk]:
    """Start the desk with `python -m dashboard`, wait until it says it is ready."""
    port = free_port()
    environment = {
        **os.environ,
        "BELLHOP_ADMIN_EMAIL": EMAIL,
        "BELLHOP_ADMIN_PASSWORD": PASSWORD,
        **env,
    }
    command = [sys.executable, "-m", "dashboard", "--home", str(home), "--port", str(port)]
    with Started(command, environment=environment) as program:
        program.hear("Bellhop is ready", seconds=START_SECONDS)
        yield Desk(f"http://127.0.0.1:{port}", home, program)


@contextmanager
def at_desk(browser: Browser, desk: Desk, **options: Any) -> Iterator[Visitor]:
    """Give a visitor in a browser of their own; at the end nothing may have been complained of.

    Nothing turns or glides unless *options* say so: to draw that takes half a machine.
    """
    given = {"accept_downloads": True, "reduced_motion": "reduce", **options}
    context = browser.new_context(**given)
    visitor = Visitor(context.new_page(), desk, [])

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visitor.complaints.append(message.text)

    visitor.page.on("console", hear)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    try:
        yield visitor
        assert visitor.complaints == []
    finally:
        context.close()
