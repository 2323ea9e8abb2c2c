"""Everything by keyboard: letters go places, Tab reaches all, and the eye finds the focus."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk, Visitor, at_desk
from tests.browser.long import FINISHED, start

pytestmark = pytest.mark.browser

# Two keys belong together for a second; a busy machine may need longer to press them.
NOW = datetime(2030, 1, 1, tzinfo=UTC)
PAGES = (
    *("/", "/new/counting", "/jobs", "/files", "/workers", "/attention", "/account", "/users"),
    "/tables",
)
# Everything that somebody may want to reach, but what cannot be used now.
REACHABLE = """() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex='0']")].filter((node) =>
  node.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !node.disabled
  && node.type !== "hidden" && !node.closest("[inert]")
  && !(node.type === "radio" && !node.checked && document.querySelector(
    `[type=radio][name="${node.name}"]:checked`)))"""
# The number of the element among them, and whether it can be told from its neighbours by the eye.
FOCUSED = """() => {
  const node = document.activeElement;
  const marked = [node, node.closest(".tool, .again, .choice, .toast, label")].filter(Boolean);
  return [window.reachable.indexOf(node), marked.some((one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  }), node.outerHTML.slice(0, 120)];
}"""


def at(page: Page) -> str:
    """Give the path of the page."""
    return re.sub(r"^https?://[^/]+", "", page.url)


@pytest.fixture
def mara(mara: Visitor) -> Visitor:
    """Give a person in front of a page that follows its links in place."""
    wait_for_links(mara.page)
    return mara


def wait_for_links(page: Page) -> None:
    """Wait until links are followed in place: before, a page is loaded anew and loses keys."""
    expect(page.locator("#nav a[data-htmx-powered]").first).to_be_visible()


def opens(visitor: Visitor, path: str) -> None:
    """Open a page at which keys are pressed."""
    visitor.opens(path)
    wait_for_links(visitor.page)


def test_letters_go_to_the_main_places(mara: Visitor) -> None:
    page = mara.page
    page.clock.set_fixed_time(NOW)
    for keys, path in (("gj", "/jobs"), ("gf", "/files"), ("gh", "/")):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(f"{mara.desk.url}{path}")


def test_a_slash_finds_and_n_starts_something_new(mara: Visitor) -> None:
    page = mara.page
    page.keyboard.press("/")
    expect(page.locator("[data-find]")).to_be_focused()
    expect(page.locator("[data-find]")).to_have_value("")  # The key itself is not typed.
    opens(mara, "/jobs?q=nothing-like-this")
    page.keyboard.press("/")
    expect(page.get_by_label("Find", exact=True)).to_be_focused()

    opens(mara, "/")
    page.keyboard.press("n")
    expect(page.locator("[data-start]").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/new/*")


def test_on_pages_without_a_place_for_them_they_go_where_there_is_one(mara: Visitor) -> None:
    page = mara.page
    opens(mara, "/account")
    page.keyboard.press("/")
    page.wait_for_url("**/jobs")
    opens(mara, "/account")
    page.keyboard.press("n")
    page.wait_for_url(f"{mara.desk.url}/")
    expect(page.locator("[data-start]").first).to_be_focused()


def test_letters_are_letters_while_somebody_types(mara: Visitor) -> None:
    page = mara.page
    opens(mara, "/account")
    name = page.get_by_label("Name", exact=True)
    name.fill("")
    name.press_sequentially("/gjn?gh")

    expect(name).to_have_value("/gjn?gh")
    assert at(page) == "/account"
    page.get_by_label("Look").focus()
    page.keyboard.press("n")
    assert at(page) == "/account"


def test_keys_with_control_are_the_browsers(mara: Visitor) -> None:
    mara.page.keyboard.press("g")
    mara.page.keyboard.press("Control+j")
    mara.page.keyboard.press("Alt+n")

    assert at(mara.page) == "/"
    assert mara.page.evaluate("document.activeElement === document.body")


def test_g_alone_is_forgotten_after_another_key(mara: Visitor) -> None:
    page = mara.page
    for key in ("g", "x", "j"):
        page.keyboard.press(key)

    assert at(page) == "/"


def test_the_sheet_lists_the_keys_and_gives_the_focus_back(mara: Visitor) -> None:
    page = mara.page
    opens(mara, "/jobs")
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Files")
    link.focus()
    page.keyboard.press("?")

    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    assert sheet.locator("kbd").all_inner_texts() == [*"/ghgjgfn?"]
    # What lies behind it can neither be reached nor used.
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body"
            " || document.getElementById('keys').contains(document.activeElement)"
        )
    page.keyboard.press("g")
    page.keyboard.press("h")
    assert at(page) == "/jobs"

    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(link).to_be_focused()


def test_the_keys_can_be_switched_off_and_on_again(mara: Visitor) -> None:
    page = mara.page
    box = page.get_by_label("Keys are on in this browser")
    page.keyboard.press("?")
    expect(box).to_be_checked()
    box.uncheck()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()

    for path in ("/", "/jobs"):  # It is kept from page to page.
        opens(mara, path)
        for key in ("g", "f", "n", "/"):
            page.keyboard.press(key)
        assert at(page) == path
        assert page.evaluate("document.activeElement === document.body")

    page.keyboard.press("?")  # The sheet itself is always to be had.
    expect(box).not_to_be_checked()
    box.check()
    page.keyboard.press("Escape")
    page.clock.set_fixed_time(NOW)
    page.keyboard.press("g")
    page.keyboard.press("f")
    page.wait_for_url("**/files")


def test_the_first_tab_leads_past_the_navigation(mara: Visitor) -> None:
    page = mara.page
    opens(mara, "/jobs")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    inside = "document.getElementById('content').contains(document.activeElement)"
    assert page.evaluate(inside)


@pytest.mark.parametrize("path", PAGES)
def test_tab_reaches_everything_and_shows_where_it_is(mara: Visitor, path: str) -> None:
    opens(mara, path)
    expect(mara.page.locator("#stream")).to_have_text("Live")
    tabs_through(mara.page)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_tab_reaches_everything_on_a_finished_jobs_page(
    browser: Browser, sqlite_desk: Desk, colours: str
) -> None:
    with at_desk(browser, sqlite_desk, color_scheme=colours) as visitor:
        visitor.opens("/sign-in")
        tabs_through(visitor.page)
        visitor.signs_in()
        path = start(visitor.page, sqlite_desk, 6)
        expect(visitor.page.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)
        visitor.opens(path)
        expect(visitor.page.locator("#stream")).to_have_text("Live")
        tabs_through(visitor.page)


def tabs_through(page: Page) -> None:
    """Press Tab from the top to the end; everything has the focus once, in its order, and seen."""
    page.evaluate(f"window.reachable = ({REACHABLE})()")
    # Whoever has just come begins at the top, wherever the page has put the focus.
    page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    page.evaluate("document.body.removeAttribute('tabindex')")
    wanted = list(range(page.evaluate("window.reachable.length")))
    assert wanted
    seen = []
    for _ in range(len(wanted) + 5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        number, is_marked, html = page.evaluate(FOCUSED)
        assert is_marked, f"Nobody sees that this has the focus: {html}"
        if number >= 0:
            seen.append(number)
    missed = sorted(set(wanted) - set(seen))
    assert not missed, page.evaluate("at => window.reachable[at].outerHTML", missed[0])
    assert seen == sorted(seen)
