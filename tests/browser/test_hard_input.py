"""Long titles, markup and letters from right to left, as a real browser shows them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from dashboard import create_app
from dashboard.extensions import db
from tests import people
from tests.parts import parts_of
from tests.servers import free_port
from tests.web.conftest import REPORTS
from tests.web.desk import Desk
from tests.web.hostile import all_states, calls, fills, markup

pytestmark = pytest.mark.browser

LONG = {"one word": "T" * 500, "many words": "A title with many words, " * 19 + "and its end."}
PHONE = {"width": 320, "height": 640}
REFUSED = "status of 400"
PATIENCE = 20_000
"""Milliseconds that an event may take on a busy machine."""


@dataclass
class Stage:
    """A desk whose worker the test plays, and somebody at it."""

    desk: Desk
    url: str
    mara: people.Person
    ada: people.Person
    browser: Browser

    @contextmanager
    def page(self, person: people.Person, viewport: dict[str, int] | None = None) -> Iterator[Page]:
        """Give a page of *person*, who is signed in; it must not complain of anything."""
        cookie = person.client.get_cookie("bellhop_session")
        assert cookie is not None
        context = self.browser.new_context(viewport=viewport)  # type: ignore[arg-type]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.url}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        context.close()
        # The browser says of itself that a form was refused.
        assert [each for each in complaints if REFUSED not in each] == []

    def goes_live(self, page: Page, path: str) -> None:
        """Open *path* and wait until it is live."""
        page.goto(f"{self.url}{path}")
        expect(page.locator("#stream")).to_have_text("Live", timeout=PATIENCE)


@pytest.fixture(scope="module")
def app(
    tmp_path_factory: pytest.TempPathFactory, sqlite_ledger: Path, valkey_url: str
) -> Iterator[Flask]:
    """Give a desk that stays for all of these tests."""
    folder = tmp_path_factory.mktemp("hard")
    (folder / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    app = create_app(
        INSTANCE_PATH=folder,
        REDIS_URL=valkey_url,
        REPORTS_DIR=str(REPORTS),
        SOURCES={"till": f"sqlite:///{folder / 'till.db'}"},
        TESTING=True,
    )
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def stage(
    app: Flask, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """Give the desk, served by a real web part."""
    port = free_port()
    with parts_of(app, tmp_path_factory.mktemp("parts")) as parts:
        parts.web(port, FLASK_SECRET_KEY=app.config["SECRET_KEY"])
        mara = people.Person.joins(app, "Mara Keller")
        ada = people.Person.joins(app, "Ada Admin", role="admin")
        yield Stage(Desk(app), f"http://127.0.0.1:{port}", mara, ada, browser)


def too_wide(page: Page) -> list[str]:
    """Give what is wider than the window, where the page as a whole is."""
    found: list[str] = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.querySelectorAll("body *")]
            .filter((each) => each.getBoundingClientRect().right > width + 0.5)
            .map((each) => `${each.tagName} ${each.textContent.trim().slice(0, 40)}`);
        }"""
    )
    return found


@pytest.mark.parametrize("title", LONG.values(), ids=LONG)
def test_a_title_of_500_characters_fits_on_a_phone(stage: Stage, title: str) -> None:
    states = all_states(stage.desk, stage.mara)
    for job_id in states.values():
        fills(stage.desk, job_id, lambda what: f"{what} " + "W" * 120, title=title)
    calls(stage.desk, stage.mara, "N" * 120)
    paths = ["/", "/jobs", "/files", "/attention", "/account"]
    paths += [f"/jobs/{job_id}" for job_id in states.values()]
    wide: list[str] = []
    for person in (stage.mara, stage.ada):
        with stage.page(person, PHONE) as page:
            for path in paths:
                page.goto(f"{stage.url}{path}")
                wide += [f"{path.split('-')[0]} {each}" for each in too_wide(page)]
    stage.desk.cancels(states["queued"], stage.ada)  # The next test claims its own job.
    assert wide == []


def test_a_long_title_fits_in_the_toast_and_can_be_read_there(stage: Stage) -> None:
    title = LONG["one word"]
    job_id = stage.desk.running(stage.mara)
    fills(stage.desk, job_id, str, title=title)
    with stage.page(stage.mara, PHONE) as page:
        stage.goes_live(page, "/account")

        stage.desk.succeeds(job_id)

        expect(page.get_by_text(f"{title} is ready.").first).to_be_visible(timeout=PATIENCE)
        assert too_wide(page) == []


def test_markup_that_comes_over_the_stream_is_text(stage: Stage) -> None:
    job_id = stage.desk.running(stage.mara, "orders", name="markup")
    fills(stage.desk, job_id)
    with stage.page(stage.mara) as home, stage.page(stage.mara) as job:
        stage.goes_live(home, "/")
        stage.goes_live(job, f"/jobs/{job_id}")

        stage.desk.counts(job_id, 50, 100)

        expect(job.get_by_text("50%").first).to_be_visible(timeout=PATIENCE)
        expect(job).to_have_title(f"50% {markup('title')} · Bellhop")

        stage.desk.succeeds(job_id)

        said = home.get_by_text(f"{markup('title')} is ready.").first
        expect(said).to_be_visible(timeout=PATIENCE)
        expect(job.get_by_role("heading", name=markup("title"), exact=True)).to_be_visible()
        for page in (home, job):
            expect(page.locator("blink")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/jobs"])
def test_a_list_whose_session_ends_says_so_calmly_and_shows_no_form(
    stage: Stage, path: str
) -> None:
    otto = people.Person.joins(stage.desk.app, f"Otto Other {len(path)}")
    job_id = stage.desk.running(otto, "orders", name=path)
    with stage.page(otto) as page:
        stage.goes_live(page, path)

        stage.ada.sends(f"/users/{otto.id}", "/users", act="switch")

        expect(page.locator("#stream")).to_have_text("Signed out", timeout=PATIENCE)
        expect(page.get_by_text("You have been signed out.").first).to_be_visible()
        expect(page.get_by_label("Password")).to_have_count(0)
        assert page.url == f"{stage.url}{path}"
        expect(page.locator(f'a[href="/jobs/{job_id}"]').first).to_be_visible()


def test_cancel_pressed_after_the_session_says_so_and_leaves_page_and_job_alone(
    stage: Stage,
) -> None:
    job_id = stage.desk.running(stage.mara, "orders", name="kept")
    with stage.page(stage.mara) as page:
        stage.goes_live(page, f"/jobs/{job_id}")
        note = page.get_by_label("Leave a note")
        note.fill("Half a thought")
        page.context.clear_cookies()

        page.get_by_role("button", name="Cancel job").click()

        said = page.get_by_text("Your session has ended, so nothing was changed.").first
        expect(said).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_label("Password")).to_have_count(0)
        expect(note).to_have_value("Half a thought")
        assert stage.desk.fact(job_id).cancel_requested_at is None
