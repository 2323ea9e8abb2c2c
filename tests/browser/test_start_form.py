"""The start form and the catalogue in a browser: panel, stars, search; keys alone; no scripts."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests import flights
from tests.browser.conftest import Desk, Visitor, at_desk
from tests.browser.long import FINISHED, start

pytestmark = pytest.mark.browser

TITLE = ".tool h3 a"

ORIGIN, DEST = 12, 13
# What has moved in the page's own part by itself, by the class of what moved.
SHIFTS = """() => new Promise((resolve) => {
  const [main, moved] = [document.getElementById("content"), []];
  new PerformanceObserver((list) => {
    const own = list.getEntries().filter((entry) => !entry.hadRecentInput);
    const nodes = own.flatMap((entry) => entry.sources.map((each) => each.node));
    const inside = nodes.filter((node) => main.contains(node));
    moved.push(...inside.map((node) => node.outerHTML ?? node.data));
  }).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(moved)));
})"""

PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length === 1"


@pytest.fixture
def still(browser: Browser, sqlite_desk: Desk) -> Iterator[Visitor]:
    """Give a colleague whose browser runs no scripts."""
    with at_desk(browser, sqlite_desk, java_script_enabled=False) as visitor:
        visitor.signs_in()
        yield visitor


def panel(page: Page) -> Locator:
    """Give the panel that says what a start would give."""
    return page.get_by_role("region", name="What you will get")


def beside(page: Page, label: str) -> Locator:
    """Give what the panel says beside *label*."""
    own = page.locator("dt", has_text=re.compile(f"^{label}$"))
    return panel(page).locator("dl > div", has=own).locator("dd")


def star(page: Page, title: str) -> Locator:
    """Give the star of a kind."""
    return page.get_by_role("button", name=f"Favourite: {title}")


def titles(page: Page) -> list[str]:
    """Give the titles of the catalogue, in order."""
    return page.locator(TITLE).all_inner_texts()


def on_route(origin: str, dest: str) -> str:
    """Give how many flights there are, as a page writes it."""
    return (
        f"{sum(row[ORIGIN] == origin and row[DEST] == dest for row in flights.rows('flights')):,}"
    )


def test_the_panel_follows_what_is_chosen_and_nothing_moves(mara: Visitor) -> None:
    page = mara.page
    mara.opens("/new/route?origin=JFK&dest=LAX&formats=csv")

    expect(beside(page, "Rows")).to_have_text(on_route("JFK", "LAX"))
    expect(beside(page, "Size").nth(1)).to_have_text(re.compile("not chosen"))
    page.get_by_label("XLSX").check()
    expect(beside(page, "Size").nth(1)).not_to_have_text(re.compile("not chosen"))
    box = panel(page).bounding_box()
    page.goto(page.url.replace("LAX", "SFO"))
    expect(beside(page, "Rows")).to_have_text(on_route("JFK", "SFO"))

    after = panel(page).bounding_box()
    assert box is not None
    assert after is not None
    assert after["height"] == box["height"]
    assert page.evaluate(SHIFTS) == []


@pytest.mark.parametrize("path", ["/", "/new/route?origin=JFK&dest=LAX", "/jobs", "/files"])
def test_nothing_moves_when_the_scripts_come_late(mara: Visitor, path: str) -> None:
    page = mara.page
    start(page, mara.desk, 1)
    expect(page.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)
    held: list[Route] = []
    page.route("**/js/main.js", lambda route: held.append(route))
    page.goto(f"{mara.desk.url}{path}", wait_until="commit")
    page.wait_for_function(PAINTED)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for route in held:
        route.continue_()
    expect(page.locator("#stream")).to_have_text("Live")

    assert page.evaluate(SHIFTS) == []


def test_a_preset_is_looked_into_and_its_link_names_it(mara: Visitor) -> None:
    page = mara.page
    mara.opens("/new/punctuality")
    page.get_by_role("link", name="Last year").click()

    expect(beside(page, "Rows")).to_have_text("None: nothing matches")
    link = panel(page).get_by_role("link", name="Link to these choices")
    expect(link).to_have_attribute("href", re.compile("period=last-year"))
    address = link.get_attribute("href")
    copied = panel(page).get_by_role("button", name="Copy the link").get_attribute("data-copy")
    assert copied == f"{mara.desk.url}{address}"
    days = page.get_by_label("First day").input_value()
    page.goto(copied)
    expect(page.get_by_label("First day")).to_have_value(days)


def test_nobody_complains_while_somebody_is_still_typing(mara: Visitor) -> None:
    page = mara.page
    mara.opens("/new/punctuality")
    expect(panel(page)).to_have_attribute("data-checked", "")
    late = page.get_by_label("Late from (minutes)")
    late.fill("")

    expect(panel(page)).to_contain_text("Fill in the choices to see what you will get.")
    expect(page.locator("[data-summary]")).to_have_count(0)
    expect(late).to_be_focused()
    late.press_sequentially("30")

    expect(panel(page)).to_contain_text("Nothing is made before you press")
    expect(late).to_have_value("30")
    expect(late).to_be_focused()


def test_the_same_file_of_today_is_offered_beside_the_start(mara: Visitor) -> None:
    page = mara.page
    mara.opens("/new/route?origin=EWR&dest=ORD&formats=csv")
    page.get_by_role("button", name="Generate report").click()
    expect(page.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)
    made = page.url

    mara.opens("/new/route?origin=EWR&dest=ORD&formats=csv")
    offer = page.get_by_role("status").filter(has_text="You made the same file at")
    expect(offer).to_be_visible()
    assert page.evaluate(SHIFTS) == []
    page.get_by_label("PDF").check()
    expect(offer).to_be_hidden()
    page.get_by_label("PDF").uncheck()
    offer.get_by_role("link", name="Open it").click()

    page.wait_for_url(made)


def test_a_star_is_set_and_taken_by_keys_and_keeps_the_focus(mara: Visitor) -> None:
    page = mara.page
    first, *_, last = titles(page)
    page.get_by_role("link", name=last, exact=True).focus()
    page.keyboard.press("Tab")
    expect(star(page, last)).to_be_focused()
    expect(star(page, last)).to_have_attribute("aria-pressed", "false")

    page.keyboard.press("Space")
    expect(star(page, last)).to_have_attribute("aria-pressed", "true")
    expect(star(page, last)).to_be_focused()
    assert titles(page)[0] == first  # Nothing jumps away under the fingers.
    page.reload()
    assert titles(page)[0] == last

    star(page, last).click()
    expect(star(page, last)).to_have_attribute("aria-pressed", "false")
    page.reload()
    assert titles(page)[0] == first


def test_the_catalogue_is_narrowed_while_somebody_types(mara: Visitor) -> None:
    page = mara.page
    page.keyboard.press("/")
    field = page.get_by_label("Find a report")
    expect(field).to_be_focused()
    field.press_sequentially("route")

    expect(page.locator(".tool")).to_have_count(1)
    expect(page.locator(".tool h3")).to_have_text("Flights of a route")
    expect(page).to_have_url(f"{mara.desk.url}/?q=route")
    expect(page.locator("#running")).to_have_count(0)
    expect(page.locator("#announcer")).to_have_text("1 found")
    expect(field).to_be_focused()
    field.press_sequentially(" to nowhere")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    field.fill("")
    expect(page.locator(".tool")).not_to_have_count(0)
    expect(page.locator("#running")).to_be_visible()


def test_a_report_is_started_with_keys_alone(mara: Visitor) -> None:
    page = mara.page
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Generate report")).to_be_visible()
    mara.opens("/new/route?origin=LGA&dest=ORD&formats=csv")
    page.get_by_label("E-mail me the link").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Generate report")).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url("**/jobs/*")
    expect(page.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)


def test_without_scripts_everything_is_there(still: Visitor) -> None:
    page = still.page
    first, *_, last = titles(page)
    star(page, last).click()
    expect(page.locator(TITLE).first).to_have_text(last)
    expect(star(page, last)).to_have_attribute("aria-pressed", "true")
    star(page, last).click()
    expect(page.locator(TITLE).first).to_have_text(first)

    still.opens("/new/route?origin=JFK&dest=BOS&formats=csv")
    expect(panel(page)).to_be_visible()
    page.get_by_role("button", name="Check first").click()
    expect(beside(page, "Rows")).to_have_text(on_route("JFK", "BOS"))
    expect(panel(page).get_by_role("link", name="Link to these choices")).to_be_visible()
    expect(page.get_by_role("button", name="Copy the link")).to_be_hidden()
    page.get_by_role("button", name="Generate report").click()
    page.wait_for_url("**/jobs/*")
