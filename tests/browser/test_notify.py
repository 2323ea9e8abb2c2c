"""Being told of an end by the browser, as browsers differ in what they can show and keep."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.long import FINISHED, counting, start

pytestmark = pytest.mark.browser

# Of browsers that differ from the one of these tests, here is only what differs.
SHOWS = """window.told = [];
window.Notification = class {
  static permission = "granted";
  static requestPermission = async () => "granted";
  constructor(text) { window.told.push(text); }
};"""
OF_A_TELEPHONE = SHOWS.replace("window.told.push(text)", 'throw new TypeError("Illegal")')
PRIVATE = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("Refused", "SecurityError"); },
});"""
HIDE = """() => {
  document.hasFocus = () => false;
  Object.defineProperty(document, "hidden", { get: () => true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
WANT = "jobs => localStorage.setItem('bellhop-notify', JSON.stringify(jobs))"
FAREWELL, EVERY = 2_000, 15_000  # milliseconds, as in live.js and summary.js


def hides(visitor: Visitor, path: str) -> None:
    """Open *path* by a clock that is an hour ahead and then stands still; hide the tab for good."""
    page = visitor.page
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=1))
    visitor.opens(path)
    expect(page.locator("#stream")).to_have_text("Live")
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    page.evaluate(HIDE)
    with page.expect_request_finished(lambda request: "/live/summary" in request.url):
        page.clock.fast_forward(FAREWELL)


def end(visitor: Visitor, number: int) -> None:
    """Let so many jobs end, of which the hidden tab is to tell, and let it ask again."""
    other = visitor.page.context.new_page()
    jobs = []
    for _ in range(number):
        jobs.append(start(other, visitor.desk, 5).removeprefix("/jobs/"))
        expect(other.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)
    other.evaluate(WANT, jobs)
    other.close()
    visitor.page.clock.fast_forward(EVERY)


def test_a_hidden_tab_whose_clock_is_ahead_misses_nothing(mara: Visitor) -> None:
    mara.page.add_init_script(SHOWS)
    hides(mara, "/account")

    end(mara, 1)

    mara.page.wait_for_function("() => window.told.length === 1")
    assert mara.page.evaluate("window.told") == ["Counting is ready."]


def test_where_the_browser_cannot_notify_every_end_is_told_by_a_toast(mara: Visitor) -> None:
    mara.page.add_init_script(OF_A_TELEPHONE)
    hides(mara, "/account")

    end(mara, 2)

    expect(mara.page.locator(".toast", has_text="Counting is ready.")).to_have_count(2)


def test_a_wish_holds_from_page_to_page_where_the_browser_keeps_nothing(mara: Visitor) -> None:
    page = mara.page
    page.add_init_script(SHOWS + PRIVATE)
    with counting(mara) as path:
        mara.opens(path)
        box = page.get_by_label("Notify me in this browser")
        box.check()
        goes(page, "Files")
        page.go_back()
        page.wait_for_url(f"**{path}")
        expect(box).to_be_checked()


def test_keys_are_switched_off_where_the_browser_keeps_nothing(mara: Visitor) -> None:
    page = mara.page
    page.add_init_script(PRIVATE)
    mara.opens("/account")
    box = page.get_by_label("Keys are on in this browser")
    page.keyboard.press("?")
    box.uncheck()
    page.keyboard.press("Escape")
    goes(page, "Files")
    page.keyboard.press("?")
    expect(box).not_to_be_checked()


def goes(page: Page, name: str) -> None:
    """Follow a link of the navigation."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()
    page.wait_for_url(f"**/{name.lower()}")
