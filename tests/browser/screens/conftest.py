"""Two desks to look at: one in every state, one with nothing in it; and eyes to look."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select
from werkzeug.serving import make_server

from dashboard import create_app
from dashboard.demo import load
from dashboard.extensions import db
from dashboard.jobs import Kind, find, presets
from dashboard.jobs.contacts.lists import make_list
from dashboard.jobs.contacts.one import add_contact
from dashboard.jobs.kind import STARTERS
from dashboard.jobs.tables import open_table
from dashboard.models import Notice, NoticeState, OpenTable, Role, User, transaction
from dashboard.showcase import states
from dashboard.showcase.choices import at_the_desk, brief, playable, usual
from dashboard.showcase.player import Player
from dashboard.showcase.scenes.over import files_of
from dashboard.web.access import act_as
from dashboard.web.preset_list import url_of
from dashboard.web.users import add_user, find_user
from tests.browser.conftest import EMAIL, PASSWORD, serve
from tests.browser.screens.deliverable import ZONE, signing
from tests.browser.screens.imports import fill_imports, writing_url
from tests.browser.screens.look import Eyes, Place
from tests.browser.screens.mailings import fill_mailings
from tests.browser.screens.returning import URL as BOUNCES_URL, fill_returning
from tests.mail.name_server import serving
from tests.parts import until
from tests.servers import free_port

PUBLIC_URL = "https://desk.example.org"
ORDERS = 12_000  # of the shop: as many as make handsome figures
PEOPLE = {
    "admin": (EMAIL, "Mara Keller", Role.ADMIN),
    "staff": ("clara.sommer@example.org", "Clara Sommer", Role.STAFF),
    "newcomer": ("nils.newcomer@example.org", "Nils Newcomer", Role.STAFF),
    "viewer": ("vera.viewer@example.org", "Vera Viewer", Role.VIEWER),
}
# What stands on the desk of staff on an ordinary day: the states of each kind, the newest last.
DAY = {
    "sales-by-month": ("files-deleted", "cancelled"),
    "overdue-invoices": ("finished", "some-files-damaged"),
    "best-customers": ("finished", "failed"),
    "slow-products": ("finished-warnings", "queued"),
    "order-lines": ("finished", "running-unknown-total"),
    "sales-by-region": ("finished", "running"),
}
# Tables of the shop that are open for export.
TABLES = (
    ("customers", "Customers", "Who buys from us, with address and since when."),
    ("orders", "Orders", "One row an order, with its state and its total."),
    ("regions", "Shelves", ""),
    ("readings", "Readings of the meters", "One row a day; each sensor has a column of its own."),
)
HOOK_SECRET = "known to the mail services"
SENSORS = 56  # columns beside those that every reading has
# Choices of orders that were saved: name, whose, whether they are shared, and what they are.
COMPLETED = {"where": ["status:is:completed"], "sort": ["-ordered_at"], "limit": "5000"}
PRESETS = (
    ("Completed, newest first", "admin", False, COMPLETED),
    ("Everything as JSON lines", "admin", True, {"formats": ["jsonl"]}),
    (
        "Open since summer",
        "staff",
        True,
        {"where": ["status:is:open", "ordered_at:from:2026-06-21"]},
    ),
    ("For the accountant’s own system, which takes no headers", "staff", True, {"limit": "10"}),
)
PRESET_OF = "export-shop-orders"
# The kinds whose jobs are looked at; for pictures it is all of them, so that lists are full.
SHOWN = ("sales-by-region", "order-lines")


@pytest.fixture(scope="session")
def pictures(request: pytest.FixtureRequest) -> Path | None:
    """Give the folder for pictures of all screens, or None when none are wanted."""
    wanted: str | None = request.config.getoption("--screens")
    if not wanted:
        return None
    folder = Path(wanted).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def full_desk(tmp_path_factory: pytest.TempPathFactory, pictures: Path | None) -> Iterator[Place]:
    """Run a desk with the demo shop and fill it with every state."""
    home = tmp_path_factory.mktemp("screens")
    (home / "demo").mkdir()
    load(home / "demo" / "shop.db", date.today(), orders=ORDERS)
    add_readings(home / "demo" / "shop.db")
    writing = writing_url(home)
    with serving(ZONE) as names:
        yield from filled_desk(home, writing, pictures, f"127.0.0.1:{names.port}")


def filled_desk(
    home: Path, writing: dict[str, str], pictures: Path | None, names: str
) -> Iterator[Place]:
    """Run the desk, which asks *names* about senders, and fill it."""
    env = {
        "FLASK_MAIL_DKIM_KEYS": signing(home),
        "FLASK_MAIL_DNS": names,
        "FLASK_MAIL_HOOK_SECRET": HOOK_SECRET,
        "FLASK_MAIL_BOUNCES_URL": BOUNCES_URL,
        "FLASK_PUBLIC_URL": PUBLIC_URL,
    }
    for desk in serve(home, FLASK_WRITING_SOURCES=json.dumps(writing), **env):
        app = create_app(
            INSTANCE_PATH=home,
            REDIS_URL=(home / "redis_url").read_text().strip(),
            WRITING_SOURCES=writing,
        )
        known = people(app)
        ids = fill(app, everything=pictures is not None)
        ids |= fill_imports(app, home, EMAIL, PASSWORD) | fill_mailings(app, EMAIL)
        yield Place(app, desk.url, known, ids)


@pytest.fixture(scope="session")
def bare_desk(
    tmp_path_factory: pytest.TempPathFactory, sqlite_ledger: Path, valkey_url: str
) -> Iterator[Place]:
    """Serve a desk in which nothing has happened yet; no worker, no scheduler."""
    home = tmp_path_factory.mktemp("bare")
    (home / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    app = create_app(INSTANCE_PATH=home, REDIS_URL=valkey_url, MAIL_BOUNCES_URL=BOUNCES_URL)
    with app.app_context():
        fill_returning(trouble=True)
    app.add_url_rule("/broken", view_func=broken)
    port = free_port()
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Place(app, f"http://127.0.0.1:{port}", people(app))
    app.extensions["hub"].close()
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def eyes(
    browser: Browser, full_desk: Place, bare_desk: Place, pictures: Path | None
) -> Iterator[Eyes]:
    """Give eyes, and a folder where they put what they see."""
    eyes = Eyes(browser, {"full": full_desk, "bare": bare_desk}, pictures)
    yield eyes
    eyes.close()


def broken() -> str:
    """Fail as no page should."""
    raise RuntimeError("This page is broken on purpose.")


def people(app: Flask) -> dict[str, str]:
    """Give the e-mail addresses of who looks; who is not there yet is added."""
    with app.app_context():
        for email, name, role in PEOPLE.values():
            user = find_user(email) or add_user(email, name, role, PASSWORD)
            with transaction():
                user.name = name
    return {who: email for who, (email, _, _) in PEOPLE.items()}


def fill(app: Flask, *, everything: bool) -> dict[str, str]:
    """Make every state; gives the ids that paths name."""
    with app.app_context():
        admin, staff = find_user(EMAIL), find_user(PEOPLE["staff"][0])
        assert admin is not None
        assert staff is not None
        shown = [kind for name in SHOWN if (kind := find(name))]
        if everything:
            shown += [kind for kind in playable() if kind not in shown]
        made = states(admin, of=shown)
        for name, scenes in DAY.items():
            if kind := find(name):
                states(staff, only=scenes, of=[kind])
        assert made.left_out == []
        names = [*made.scenes, *made.specials]
        ids = {name: str(made.job(name)) for name in names}
        ids["deleted-file"] = str(files_of(made.job("files-deleted"))[0].id)
        if kind := find(SHOWN[0]):
            letters(admin, kind)
        open_tables(admin)
        make_contacts(admin)
        ids["preset"] = save_presets({"admin": admin, "staff": staff})
    sent = select(Notice.id).where(Notice.state == NoticeState.SENT)
    until(app, lambda: db.session.execute(sent).first() is not None, 30.0)
    return ids


def open_tables(by: User) -> None:
    """Open some tables of the shop for export, and leave one of a source that is not there now."""
    for name, title, summary in TABLES:
        open_table("shop", name, title=title, summary=summary, by=by)
    with transaction() as session:
        row = db.session.scalars(select(OpenTable).where(OpenTable.name == "regions")).one()
        row.source = "warehouse"
        session.add(row)


def make_contacts(by: User) -> None:
    """Make a list with a few people."""
    fields = [{"label": "Name", "type": "text"}, {"label": "Since", "type": "date"}]
    readers = make_list("Newsletter", roles=STARTERS, fields=fields, by=by)
    for number in range(12):
        values = {"name": f"Ada {number}", "since": date(2026, 10, number + 1)}
        add_contact(readers, f"ada.{number}@example.org", values, by=by)


def add_readings(shop: Path) -> None:
    """Give the shop a table with very many columns."""
    sensors = [
        f"sensor_{number:02}_{'celsius' if number % 3 else 'humidity'}" for number in range(SENSORS)
    ]
    columns = [
        "reading_id INTEGER PRIMARY KEY",
        "taken_at TIMESTAMP",
        "station TEXT",
        "checked BOOLEAN",
    ]
    columns += [f"{sensor} REAL" for sensor in sensors]
    connection = sqlite3.connect(shop)
    connection.execute(f"CREATE TABLE readings ({', '.join(columns)})")
    days = [(f"2026-10-{day:02} 06:00:00",) for day in range(1, 32)]
    connection.executemany("INSERT INTO readings (taken_at, checked) VALUES (?, 1)", days)
    connection.commit()
    connection.close()


def save_presets(people: dict[str, User]) -> str:
    """Save some choices; gives the address of the first ones."""
    saved = []
    with at_the_desk():
        act_as(people["admin"].id)
        kind = find(PRESET_OF)
        assert kind is not None
        for name, who, shared, choices in PRESETS:
            person = db.session.get_one(User, people[who].id)
            made = usual(kind, person, **choices)
            more: dict[str, Any] = {"relative": made.relative, "shared": shared, "by": person}
            saved.append(presets.save(kind.name, name, made.params, **more))
        return url_of(saved[0])


def letters(to: User, kind: Kind) -> None:
    """Let a job of somebody end who wants to hear of that."""
    player = Player("demo-letters")
    with at_the_desk():
        person = db.session.get_one(User, to.id)
        job_id = player.start(kind, brief(kind, person).params, by=person, notify=True)
        player.claim()
        player.succeed(job_id, rows=40, formats=["csv", "xlsx"], name="sales-by-region-2026-10")
