"""Two desks to look at: one in every state, one with nothing in it; and eyes to look."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select
from werkzeug.serving import make_server

from dashboard import create_app
from dashboard.demo import load
from dashboard.extensions import db
from dashboard.jobs import Kind, find, kinds
from dashboard.jobs.tables import open_table
from dashboard.models import Notice, NoticeState, OpenTable, Role, User, transaction
from dashboard.showcase import states
from dashboard.showcase.choices import at_the_desk, brief
from dashboard.showcase.player import Player
from dashboard.showcase.scenes.over import files_of
from dashboard.web.users import add_user, find_user
from tests.browser.conftest import EMAIL, PASSWORD, free_port, serve
from tests.browser.screens.look import Eyes, Place
from tests.parts import until

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
)
# The kinds whose jobs are looked at; for pictures it is all of them, so that lists are full.
SHOWN = ("sales-by-region", "order-lines")


@pytest.fixture(scope="session")
def pictures(request: pytest.FixtureRequest) -> Path | None:
    """Give the folder for pictures of all screens, or None when none are wanted."""
    wanted: str | None = request.config.getoption("--screens")
    if wanted is None:
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
    for desk in serve(home):
        app = create_app(INSTANCE_PATH=home, REDIS_URL=(home / "redis_url").read_text().strip())
        yield Place(app, desk.url, people(app), fill(app, everything=pictures is not None))


@pytest.fixture(scope="session")
def bare_desk(
    tmp_path_factory: pytest.TempPathFactory, sqlite_ledger: Path, valkey_url: str
) -> Iterator[Place]:
    """Serve a desk in which nothing has happened yet; no worker, no scheduler."""
    home = tmp_path_factory.mktemp("bare")
    (home / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    app = create_app(INSTANCE_PATH=home, REDIS_URL=valkey_url)
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
            shown += [kind for kind in kinds().values() if kind not in shown]
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


def letters(to: User, kind: Kind) -> None:
    """Let a job of somebody end who wants to hear of that."""
    player = Player("demo-letters")
    with at_the_desk():
        person = db.session.get_one(User, to.id)
        job_id = player.start(kind, brief(kind, person).params, by=person, notify=True)
        player.claim()
        player.succeed(job_id, rows=40, formats=["csv", "xlsx"], name="sales-by-region-2026-10")
