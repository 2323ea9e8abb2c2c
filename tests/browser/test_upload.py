"""A file is picked, dropped or pasted in a browser; it is seen to go, stopped, sent again."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, FilePayload, Locator, Page, Route, expect
from sqlalchemy import func, select

from dashboard import create_app
from dashboard.extensions import db
from dashboard.models import Role, Upload
from dashboard.web.users import add_user
from tests.browser.conftest import EMAIL, PASSWORD, START_SECONDS, Desk, Visitor, at_desk
from tests.browser.screens.look import HEIGHTS, faults, sideways
from tests.browser.test_start_form import PAINTED, SHIFTS
from tests.servers import free_port
from tests.started import Started
from tests.upload_page import PATH

pytestmark = pytest.mark.browser

MOST = 4  # MB
LARGE = FilePayload(name="large.csv", mimeType="text/csv", buffer=b"x" * (MOST * 1_000_000 + 1))
LIST = FilePayload(name="spring list.csv", mimeType="text/csv", buffer=b"1;x\r\n" * 400_000)
EMPTY = FilePayload(name="nothing.csv", mimeType="text/csv", buffer=b"")
SLOW = 400_000  # bytes a second
KEPT = re.compile(r"/try\?way=new&upload=[0-9a-f-]{36}$")
LOOKS = (("light", 1280), ("dark", 1280), ("light", 390), ("dark", 320))
# Brings files over the page, as from the desktop.
BRING = """([event, names]) => {
  const brought = new DataTransfer();
  for (const name of names) brought.items.add(new File(["a;b\\n1;2\\n"], name, {type: "text/csv"}));
  const given = {bubbles: true, cancelable: true};
  const sort = event === "paste" ? ClipboardEvent : DragEvent;
  const what = event === "paste" ? {clipboardData: brought} : {dataTransfer: brought};
  document.querySelector("h1").dispatchEvent(new sort(event, {...given, ...what}));
}"""

# Reads the page again, as it does when its stream was away.
READ = """() => import(new URL("morph.js", document.querySelector("script[type=module]").src))
  .then(morph => morph.refetch())"""


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory, sqlite_ledger: Path, valkey_url: str
) -> Iterator[Desk]:
    """Run the web part of a desk with a page that takes a file."""
    home = tmp_path_factory.mktemp("uploads")
    (home / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    app = create_app(INSTANCE_PATH=home, REDIS_URL=valkey_url)
    with app.app_context():
        add_user(EMAIL, "Mara Keller", Role.STAFF, PASSWORD)
    settings = {
        "FLASK_INSTANCE_PATH": str(home),
        "FLASK_REDIS_URL": valkey_url,
        "FLASK_MAX_UPLOAD_MB": str(MOST),
        "UPLOAD_PAGE": "1",
    }
    port = free_port()
    program = (sys.executable, "-m", "gunicorn", "-c", "python:make_web")
    command = (*program, "--bind", f"127.0.0.1:{port}", "tests.upload_page:flask_app")
    with Started(command, environment={**os.environ, **settings}) as started:
        started.hear("Booting worker", seconds=START_SECONDS)
        yield Desk(f"http://127.0.0.1:{port}", home, started)


# It comes after the page, with the form that needs it.
AWAIT_SCRIPT = "import(document.querySelector('script[type=module]').src.replace('main', 'upload'))"


@pytest.fixture
def mara(browser: Browser, desk: Desk) -> Iterator[Visitor]:
    """Give a colleague at the page."""
    with at_desk(browser, desk) as visitor:
        visitor.signs_in()
        visitor.opens(PATH)
        visitor.page.evaluate(AWAIT_SCRIPT)
        yield visitor


@pytest.fixture
def line(mara: Visitor) -> CDPSession:
    """Give the colleague's slow line."""
    session = mara.page.context.new_cdp_session(mara.page)
    session.send("Network.enable")
    at(session, SLOW)
    return session


def at(line: CDPSession, speed: int) -> None:
    """Let the line carry so many bytes a second; -1 is no bound."""
    given = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": speed}
    line.send("Network.emulateNetworkConditions", given)


def field(page: Page) -> Locator:
    """Give what takes the file."""
    return page.get_by_label("File")


def brings(page: Page, event: str, *names: str) -> None:
    """Let something happen with files."""
    page.evaluate(BRING, [event, names])


def is_kept(page: Page, name: str) -> None:
    """Wait for the page that goes on with the file."""
    page.wait_for_url(KEPT)
    expect(page.locator(".upload-name b").first).to_have_text(name)
    expect(page.get_by_text("Choose another file")).to_be_visible()


def count(desk: Desk) -> int:
    """Give how many files were ever kept."""
    app = create_app(INSTANCE_PATH=desk.home)
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Upload)) or 0


def drafts(desk: Desk) -> list[Path]:
    """Give what is being written."""
    return list((desk.home / "files" / ".drafts").glob("*"))


def test_a_file_that_is_picked_is_sent_and_the_page_goes_on_with_it(
    mara: Visitor, line: CDPSession
) -> None:
    page = mara.page
    page.evaluate("() => { window.isSamePage = true; }")
    field(page).set_input_files([LIST])

    bar = page.get_by_role("progressbar", name="spring list.csv")
    expect(bar).to_be_visible()
    expect(page.get_by_text(re.compile(r"^(1\.\d|740|\d+) .B of 2\.0 MB$"))).to_be_visible()
    expect(page.locator("#announcer")).to_contain_text("Sending spring list.csv")
    assert float(bar.get_attribute("value") or 0) < 100
    at(line, -1)

    is_kept(page, "spring list.csv")
    expect(page.locator(".upload-name").first).to_contain_text("2.0 MB · SHA-256")
    assert page.evaluate("() => window.isSamePage")


def test_a_file_that_is_picked_before_the_script_is_there_is_sent_when_it_comes(
    mara: Visitor,
) -> None:
    page = mara.page
    held: list[Route] = []
    page.route("**/js/upload.js", lambda route: held.append(route))
    page.goto(f"{mara.desk.url}{PATH}")
    expect(page.locator("#stream")).to_have_text("Live")
    field(page).set_input_files([LIST])
    assert held
    for route in held:
        route.continue_()

    is_kept(page, "spring list.csv")


def test_a_file_is_dropped_anywhere_on_the_page_or_pasted(mara: Visitor) -> None:
    page = mara.page
    brings(page, "dragenter", "dropped.csv")
    expect(page.get_by_text("Drop the file here")).to_be_visible()
    brings(page, "dragleave")
    expect(page.get_by_text("Drop the file here")).to_be_hidden()
    brings(page, "dragover", "dropped.csv")
    brings(page, "drop", "dropped.csv")
    is_kept(page, "dropped.csv")

    brings(page, "paste", "pasted.csv")
    expect(page.locator(".upload-name b").first).to_have_text("pasted.csv")


def test_what_is_sent_can_be_stopped_with_keys_alone(
    mara: Visitor, line: CDPSession, desk: Desk
) -> None:
    page, before = mara.page, count(desk)
    field(page).focus()
    field(page).set_input_files([LIST])
    cancel = page.get_by_role("button", name="Cancel")
    expect(cancel).to_be_focused()
    expect(page.locator("[data-slot=measure]")).to_contain_text("KB of 2.0 MB")
    page.keyboard.press("Enter")

    expect(field(page)).to_be_focused()
    expect(page.get_by_text("Choose a file or drop it here")).to_be_visible()
    at(line, -1)
    page.wait_for_timeout(500)
    assert (count(desk), drafts(desk)) == (before, [])
    field(page).set_input_files([LIST])
    is_kept(page, "spring list.csv")


def test_what_cannot_be_taken_is_told_beside_the_field_and_nothing_is_sent(
    mara: Visitor, desk: Desk
) -> None:
    page = mara.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    too_large = f"This file is larger than {MOST} MB, the most that this desk takes."
    for file, sentence in ((LARGE, too_large), (EMPTY, "This file is empty. Choose another one.")):
        field(page).set_input_files([file])
        expect(page.locator("#customers-error")).to_contain_text(sentence)
        expect(field(page)).to_be_focused()
        expect(field(page)).to_have_attribute("aria-invalid", "true")
        expect(page.locator("#alarm")).to_contain_text(sentence)
    brings(page, "drop", "one.csv", "two.csv")
    expect(page.locator("#customers-error")).to_contain_text("Send one file at a time.")
    assert [url for url in asked if url.endswith("/uploads")] == []

    field(page).set_input_files([LIST])
    is_kept(page, "spring list.csv")
    expect(page.locator("#customers-error")).to_be_hidden()


def test_a_line_that_breaks_is_told_and_the_same_file_is_sent_again(mara: Visitor) -> None:
    page = mara.page
    page.route("**/uploads", lambda route: route.abort("connectionreset"))
    field(page).set_input_files([LIST])
    expect(page.locator("#customers-error")).to_contain_text("The file could not be sent.")
    page.unroute("**/uploads")
    page.get_by_role("button", name="Send it again").click()

    is_kept(page, "spring list.csv")
    mara.complaints[:] = [each for each in mara.complaints if "ERR_CONNECTION_RESET" not in each]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"status": 507, "json": {"detail": "No room left."}}, "No room left."),
        ({"status": 413, "body": "<h1>nginx</h1>"}, f"This file is larger than {MOST} MB"),
        ({"status": 502, "body": "<h1>nginx</h1>"}, "The desk could not keep the file."),
        ({"status": 401, "body": ""}, "Your session has ended. Sign in again"),
    ],
)
def test_what_the_desk_or_a_proxy_says_is_told(
    mara: Visitor, answer: dict[str, Any], sentence: str
) -> None:
    page = mara.page
    page.route("**/uploads", lambda route: route.fulfill(**answer))
    field(page).set_input_files([LIST])

    expect(page.locator("#customers-error")).to_contain_text(sentence)
    mara.complaints[:] = [each for each in mara.complaints if str(answer["status"]) not in each]


def test_what_is_on_its_way_survives_that_the_page_reads_itself_anew(
    mara: Visitor, line: CDPSession
) -> None:
    page = mara.page
    field(page).set_input_files([LIST])
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    assert page.evaluate(READ) == "fresh"
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    at(line, -1)
    is_kept(page, "spring list.csv")


def test_whoever_leaves_the_page_stops_what_is_on_its_way(
    mara: Visitor, line: CDPSession, desk: Desk
) -> None:
    page, before = mara.page, count(desk)
    field(page).set_input_files([LIST])
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", level=1, name="History")).to_be_visible()
    at(line, -1)
    page.wait_for_timeout(500)

    assert page.url.endswith("/jobs")
    assert (count(desk), drafts(desk)) == (before, [])


def test_every_state_is_fit_for_all(browser: Browser, desk: Desk) -> None:
    with at_desk(browser, desk) as visitor:
        visitor.signs_in()
        visitor.opens(PATH)
        page = visitor.page
        found = looked(page, "empty")
        brings(page, "dragenter", "a.csv")
        found += looked(page, "dragging")
        brings(page, "dragleave")
        field(page).set_input_files([LARGE])
        found += looked(page, "failed")
        held: list[Route] = []
        page.route("**/uploads", lambda route: held.append(route))
        field(page).set_input_files([LIST])
        found += looked(page, "sending")
        held[0].continue_()
        is_kept(page, "spring list.csv")
        found += looked(page, "kept")
    assert found == []


def looked(page: Page, state: str) -> list[str]:
    """Give what is wrong in this state, light and dark, wide and narrow."""
    found = []
    for theme, width in LOOKS:
        page.set_viewport_size({"width": width, "height": HEIGHTS.get(width, 844)})
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        wrong = (*faults(page), *sideways(page))
        found += [f"{state}, {theme}, {width} px: {each}" for each in wrong]
    return found


def test_nothing_moves_when_the_scripts_come_late(mara: Visitor) -> None:
    page = mara.page
    field(page).set_input_files([LIST])
    page.wait_for_url(KEPT)
    held: list[Route] = []
    page.route("**/js/main.js", lambda route: held.append(route))
    for address in (f"{mara.desk.url}{PATH}", page.url):
        page.goto(address, wait_until="commit")
        page.wait_for_function(PAINTED)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        while held:
            held.pop().continue_()
        expect(page.locator("#stream")).to_have_text("Live")
        assert page.evaluate(SHIFTS) == []


def test_without_scripts_a_button_sends_the_file(
    browser: Browser, desk: Desk, tmp_path: Path
) -> None:
    with at_desk(browser, desk, java_script_enabled=False) as visitor:
        visitor.signs_in()
        visitor.opens(PATH)
        page = visitor.page
        field(page).set_input_files([LIST])
        page.get_by_role("button", name="Send the file").click()
        assert KEPT.search(page.url)
        expect(page.locator(".upload-name b").first).to_have_text("spring list.csv")

        field(page).set_input_files([LARGE])
        page.get_by_role("button", name="Send the file").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The file was not kept")
        expect(page.locator(".error")).to_contain_text(f"This file is larger than {MOST} MB")
        page.get_by_role("button", name="Send the file").click()
        expect(page.locator(".error")).to_contain_text("Choose a file first.")
        field(page).set_input_files([LIST])
        page.get_by_role("button", name="Send the file").click()
        assert KEPT.search(page.url)
        visitor.complaints[:] = [each for each in visitor.complaints if "413" not in each]
        visitor.complaints[:] = [each for each in visitor.complaints if "422" not in each]
