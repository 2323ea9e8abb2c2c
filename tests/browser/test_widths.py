"""No page is wider than its window, whatever people wrote; and what is shown can be told apart."""

import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from dashboard import create_app
from dashboard.extensions import db
from dashboard.jobs import find
from dashboard.models import transaction
from dashboard.showcase import states
from dashboard.web.users import find_user
from tests.browser.conftest import EMAIL, Desk, Visitor, at_desk, serve

pytestmark = pytest.mark.browser

KIND: Final = "long-words"
# Every text that its author wrote is one long word.
REPORT: Final = f"""/*
title = "{"Rindfleischetikettierung" * 8}"
summary = "{"Donaudampfschifffahrtsgesellschaft" * 10}"
source = "numbers"
[[params]]
name = "word"
label = "{"Label" * 40}"
type = "text"
help = "{"Help" * 50}"
[[params]]
name = "one"
type = "choice"
label = "Pick"
choices = ["{"Choice" * 30}", "b"]
*/
SELECT :word AS word, :one AS one
"""
WORD: Final = "w" * 500
LISTS: Final = ("/jobs", "/files", "/workers")
PAGES: Final = (
    *LISTS,
    "/",
    f"/?q={WORD}",
    f"/jobs?q={WORD}",
    f"/new/{KIND}",
    "/users",
    "/tables",
    "/outbox",
    "/account",
)
WIDTHS: Final = (320, 390, 736, 740, 768, 820, 900, 1024, 1180, 1280, 1440)
PAPER: Final = 794  # pixels across A4
NARROWEST: Final = 13.25 * 16  # pixels; names are read at a glance
SPILT: Final = (
    """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""
)
# How narrow the narrowest name of a list is; no list has no names.
NAMES: Final = """() => Math.min(...[...document.querySelectorAll(".table-cards tbody th")]
  .map((name) => name.getBoundingClientRect().width))"""
# Cards cut off nothing that stands in them.
OUT_OF_CARDS: Final = """() => [...document.querySelectorAll(".card, .tool, .form")]
  .filter((card) => card.checkVisibility() && card.scrollWidth > card.clientWidth + 1)
  .map((card) => card.outerHTML.slice(0, 120))"""
HIDES: Final = (
    '<div data-may="look"><a class="button" data-acts>Share</a></div>',
    '<div data-may="look"><div class="row" data-acts>Share</div></div>',
    '<div data-part="follower"><button class="button" data-for="other">Follow</button></div>',
    '<div data-part="owner"><p class="row chip" data-for="other follower">Follow</p></div>',
    '<div data-mail="no"><p class="leave-mail" data-mail-is="yes">Sent</p></div>',
    '<button class="button" hidden>Go</button>',
    '<p class="upload-ask" hidden>Go</p>',
)
# The colours of what *selector* finds, and of the page.
COLOURS: Final = """(selector) => [document.querySelector(selector), document.body]
  .map((node) => getComputedStyle(node).backgroundColor)"""
# How dark the darkest dot is at the left of the middle of a picture, 255 being white.
DARKEST: Final = """async (png) => {
  const bytes = Uint8Array.from(atob(png), (each) => each.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  return Math.min(...canvas.getImageData(image.width / 10, image.height / 2, 60, 1).data);
}"""
HIGHLIGHT: Final = """() => {
  const node = Object.assign(document.createElement("i"), { id: "highlight" });
  document.body.append(node);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("#highlight { background: Highlight; }");
  document.adoptedStyleSheets.push(sheet);
  return getComputedStyle(node).backgroundColor;
}"""


BARS: Final = """() => {
  document.querySelector("main").innerHTML = ["value=0", "value=50", ""]
    .map((value) => `<p><progress class="progress-large" max="100" ${value}></progress></p>`)
    .join("");
}"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Run a desk with jobs in many states, some of them of a report of long words."""
    home = tmp_path_factory.mktemp("widths")
    (home / "reports").mkdir()
    (home / "reports" / f"{KIND}.sql").write_text(REPORT)
    sqlite3.connect(home / "numbers.db").execute("CREATE TABLE unused (x)").connection.close()
    numbers = f'{{"numbers": "sqlite:///{home / "numbers.db"}"}}'
    env = {"FLASK_SOURCES": numbers, "FLASK_REPORTS_DIR": str(home / "reports")}
    for desk in serve(home, **env):
        fill(home, numbers)
        yield desk


def fill(home: Path, numbers: str) -> None:
    """Make the jobs; no worker touches them."""
    app = create_app(
        INSTANCE_PATH=home,
        REDIS_URL=(home / "redis_url").read_text().strip(),
        SOURCES={"numbers": numbers.split('"')[3]},
        REPORTS_DIR=home / "reports",
    )
    with app.app_context():
        kind, admin = find(KIND), find_user(EMAIL)
        assert kind is not None
        assert admin is not None
        states(admin, of=[kind])
        db.engine.dispose()


def reads_in(desk: Desk, locale: str) -> None:
    """Let the person at the desk read in another language."""
    app: Flask = create_app(INSTANCE_PATH=desk.home)
    with app.app_context():
        with transaction():
            user = find_user(EMAIL)
            assert user is not None
            user.locale = locale
        db.engine.dispose()


@pytest.fixture(scope="module", params=["en-GB", "de-DE"])
def reader(request: pytest.FixtureRequest, browser: Browser, desk: Desk) -> Iterator[Visitor]:
    """Give an administrator who reads in each language in turn."""
    reads_in(desk, request.param)
    with at_desk(browser, desk, locale=request.param) as visitor:
        visitor.signs_in()
        yield visitor
    reads_in(desk, "en-GB")


def wide(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path[:16])
def test_no_page_scrolls_sideways(reader: Visitor, path: str) -> None:
    reader.opens(path)
    found = {}
    for width in WIDTHS:
        wide(reader.page, width)
        found[width] = (reader.page.evaluate(SPILT), reader.page.evaluate(OUT_OF_CARDS))
    assert found == dict.fromkeys(WIDTHS, (0, []))


@pytest.mark.parametrize("path", LISTS)
def test_names_have_room_at_every_width(reader: Visitor, path: str) -> None:
    reader.opens(path)
    room = {}
    for width in WIDTHS[2:]:
        wide(reader.page, width)
        room[width] = reader.page.evaluate(NAMES)
    assert all(NARROWEST <= width < 2000 for width in room.values()), room


@pytest.mark.parametrize("path", LISTS)
def test_names_have_room_on_paper(reader: Visitor, path: str) -> None:
    reader.opens(path)
    wide(reader.page, PAPER)
    reader.page.emulate_media(media="print")
    try:
        assert reader.page.evaluate(SPILT) == 0
        assert reader.page.evaluate(NAMES) >= NARROWEST
    finally:
        reader.page.emulate_media(media="screen")


@pytest.mark.parametrize("markup", HIDES)
def test_what_is_not_for_somebody_is_hidden_whatever_it_is(reader: Visitor, markup: str) -> None:
    reader.opens("/account")
    reader.page.evaluate(
        "(markup) => { document.querySelector('main').innerHTML = markup; }", markup
    )
    assert reader.page.locator("main :is(a, p, button, .row)").is_hidden()


def test_what_is_chosen_can_be_told_in_forced_colours(browser: Browser, desk: Desk) -> None:
    with at_desk(browser, desk, forced_colors="active") as visitor:
        visitor.signs_in()
        page = visitor.page
        highlight = page.evaluate(HIGHLIGHT)
        for selector in ('.nav a[aria-current="page"]', '.chip[aria-current="true"]'):
            colour, surface = page.evaluate(COLOURS, selector)
            assert colour == highlight != surface, selector
        page.locator('.star[aria-pressed="false"]').first.click()
        page.locator('.star[aria-pressed="true"]').first.wait_for()
        assert page.evaluate(COLOURS, '.star[aria-pressed="true"]')[0] == highlight


def test_what_is_done_can_be_told_in_forced_colours(browser: Browser, desk: Desk) -> None:
    with at_desk(browser, desk, forced_colors="active") as visitor:
        visitor.signs_in()
        visitor.page.evaluate(BARS)
        drawn = []
        for bar in visitor.page.locator("main progress").all():
            picture = b64encode(bar.screenshot()).decode()
            drawn.append(visitor.page.evaluate(DARKEST, picture))
        none, half, unknown = drawn
        assert half == unknown < none
