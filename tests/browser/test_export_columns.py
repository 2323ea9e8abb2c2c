"""The columns of a wide table in a browser: found, chosen, dragged, and moved by their numbers."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import Desk, Visitor, at_desk
from tests.browser.test_export_form import columns, open_table
from tests.browser.test_refetch import reads
from tests.browser.test_start_form import PAINTED, SHIFTS

pytestmark = pytest.mark.browser

FORM = "/new/export-flights-flights"
FIRST = ["year", "month", "day", "dep_time", "sched_dep_time", "dep_delay"]
ALL = 20
SMALL = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def opened(sqlite_desk: Desk) -> Desk:
    """Open the flights for export."""
    open_table(sqlite_desk, "flights")
    return sqlite_desk


@pytest.fixture
def clerk(browser: Browser, opened: Desk) -> Iterator[Visitor]:
    """Give a colleague at the form."""
    with at_desk(browser, opened) as visitor:
        visitor.signs_in()
        visitor.opens(FORM)
        expect(visitor.page.locator("#stream")).to_have_text("Live")
        expect(visitor.page.locator("#check[data-checked]")).to_be_visible()
        yield visitor


def row(page: Page, name: str) -> Locator:
    """Give the row of a column."""
    own = page.locator("bdi").get_by_text(name, exact=True)
    return page.locator("[data-column]", has=own)


def shown(page: Page) -> list[str]:
    """Give the columns that are in the list now."""
    return page.locator("[data-column]:not([hidden]) bdi").all_inner_texts()


def middle(page: Page, name: str, part: str = "[data-grip]") -> tuple[float, float]:
    """Give where the middle of a part of a column's row is."""
    box = row(page, name).locator(part).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def grabs(page: Page, name: str) -> tuple[float, float]:
    """Press the mouse on the grip of a column; gives where."""
    at = middle(page, name)
    page.mouse.move(*at)
    page.mouse.down()
    return at


def count(page: Page) -> Locator:
    """Give what is said of how many are chosen."""
    return page.locator("[data-columns-count]")


def test_a_column_is_dragged_to_another_place(clerk: Visitor) -> None:
    page = clerk.page
    x, _ = grabs(page, "year")
    _, y = middle(page, "dep_time")
    page.mouse.move(x, y - 5)
    expect(row(page, "year")).to_have_attribute("data-dragged", "")
    page.mouse.move(x, y + 5)
    page.mouse.up()

    assert columns(page)[:5] == ["month", "day", "dep_time", "year", "sched_dep_time"]
    assert page.locator('[name^="place-"]').evaluate_all("all => all.map(one => +one.value)") == [
        *range(1, ALL + 1)
    ]
    expect(page.get_by_role("button", name="Move year up")).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("year: place 4")
    expect(row(page, "year")).not_to_have_attribute("data-dragged", "")

    x, _ = grabs(page, "year")
    page.mouse.move(x, middle(page, "month")[1] - 30, steps=4)
    page.mouse.up()
    assert columns(page)[:6] == FIRST


def test_a_page_that_is_read_again_leaves_columns_where_they_are(clerk: Visitor) -> None:
    page = clerk.page
    page.get_by_role("button", name="Move month up").click()
    page.get_by_role("searchbox", name="Find a column").fill("dep")
    found = shown(page)
    told = count(page).inner_text()

    reads(page)

    assert columns(page)[:3] == ["month", "year", "day"]
    assert shown(page) == found
    assert count(page).inner_text() == told


def test_what_was_dragged_is_what_is_sent(clerk: Visitor) -> None:
    page = clerk.page
    x, _ = grabs(page, "year")
    page.mouse.move(x, middle(page, "month")[1] + 3)
    with page.expect_request("**/check") as asked:
        page.mouse.up()

    sent = asked.value.post_data or ""
    assert "place-0=2" in sent
    assert "place-1=1" in sent
    link = page.get_by_role("link", name="Link to these choices")
    expect(link).to_have_attribute("href", re.compile("columns=month&columns=year&columns=day&"))


def test_escape_puts_a_dragged_column_back(clerk: Visitor) -> None:
    page = clerk.page
    x, _ = grabs(page, "year")
    page.mouse.move(x, middle(page, "day")[1] + 5)
    assert columns(page)[0] == "month"
    page.keyboard.press("Escape")

    assert columns(page)[:6] == FIRST
    page.mouse.move(x, middle(page, "dep_time")[1])
    page.mouse.up()
    assert columns(page)[:6] == FIRST


def test_the_list_scrolls_along_with_what_is_dragged_to_its_edge(clerk: Visitor) -> None:
    page = clerk.page
    box = page.locator(".columns-list").bounding_box()
    assert box is not None
    x, _ = grabs(page, "year")
    page.mouse.move(x, box["y"] + box["height"] - 4)
    expect(page.locator("[data-column]").last).to_contain_text("year")
    page.mouse.up()

    assert columns(page)[-1] == "year"
    expect(row(page, "year")).to_be_in_viewport()


def test_a_finger_drags_by_the_grip_and_nothing_reaches_too_far(
    browser: Browser, opened: Desk
) -> None:
    with at_desk(browser, opened, viewport=SMALL, has_touch=True) as visitor:
        visitor.signs_in()
        visitor.opens(FORM)
        page = visitor.page
        expect(page.locator("#stream")).to_have_text("Live")
        row(page, "year").scroll_into_view_if_needed()
        x, y = middle(page, "year")
        to = middle(page, "day")[1] + 5
        touch = page.context.new_cdp_session(page)
        for kind, at in (("touchStart", y), ("touchMove", y + 30), ("touchMove", to)):
            points = [{"x": x, "y": at}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

        assert columns(page)[:3] == ["month", "day", "year"]
        assert page.evaluate("document.documentElement.scrollWidth") == SMALL["width"]


def test_a_column_is_found_by_its_name_and_that_is_no_choice(clerk: Visitor) -> None:
    page = clerk.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Find a column").press_sequentially("DEP ti")
    assert shown(page) == ["dep_time", "sched_dep_time"]
    expect(count(page)).to_have_text("2 found, 20 of 20 chosen")
    expect(page.locator("#announcer")).to_contain_text("2 found")
    page.keyboard.press("Enter")
    assert [url for url in asked if "/check" in url or "/jobs" in url] == []
    expect(page.get_by_label("Find a column")).to_be_focused()

    page.get_by_role("button", name="None of the columns").click()
    expect(count(page)).to_have_text("2 found, 18 of 20 chosen")
    expect(page.locator("#announcer")).to_contain_text("18 of 20")
    page.get_by_label("Find a column").fill("nothing like this")
    expect(page.get_by_text("No column is called that.")).to_be_visible()
    page.get_by_label("Find a column").fill("")
    expect(count(page)).to_have_text("18 of 20")
    assert len(shown(page)) == ALL
    expect(page.get_by_text("No column is called that.")).to_be_hidden()


def test_what_was_found_moves_past_what_is_not_shown(clerk: Visitor) -> None:
    page = clerk.page
    page.get_by_label("Find a column").fill("_time")
    page.get_by_role("button", name="Move sched_dep_time up").click()
    assert shown(page)[:2] == ["sched_dep_time", "dep_time"]
    assert columns(page)[3:5] == ["sched_dep_time", "dep_time"]
    expect(page.get_by_role("button", name="Move sched_dep_time up")).to_be_focused()

    page.keyboard.press("Enter")
    assert columns(page)[0] == "sched_dep_time"
    expect(page.get_by_role("button", name="Move sched_dep_time down")).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("sched_dep_time: place 1")


def test_a_number_moves_a_column_far(clerk: Visitor) -> None:
    page = clerk.page
    place = page.get_by_label("Place of time_hour")
    place.fill("2")
    place.press("Enter")

    assert columns(page)[:3] == ["year", "time_hour", "month"]
    expect(place).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("time_hour: place 2")
    place.fill("99")
    place.press("Tab")
    assert columns(page)[-1] == "time_hour"
    expect(place).to_have_value(str(ALL))
    place.fill("")
    place.press("Tab")
    expect(place).to_have_value(str(ALL))
    assert page.url.endswith(FORM)


def test_nothing_moves_when_the_scripts_come_late(clerk: Visitor) -> None:
    page = clerk.page
    held: list[Route] = []
    page.route("**/js/main.js", lambda route: held.append(route))
    page.goto(f"{clerk.desk.url}{FORM}", wait_until="commit")
    page.wait_for_function(PAINTED)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for route in held:
        route.continue_()
    expect(page.locator("#stream")).to_have_text("Live")

    assert page.evaluate(SHIFTS) == []


def test_without_scripts_all_are_listed_and_nothing_is_there_that_needs_them(
    browser: Browser, opened: Desk
) -> None:
    with at_desk(browser, opened, java_script_enabled=False) as visitor:
        visitor.signs_in()
        visitor.opens(FORM)
        page = visitor.page
        assert len(shown(page)) == ALL
        expect(page.get_by_label("Find a column")).to_be_hidden()
        expect(page.locator("[data-grip]").first).to_be_hidden()
        expect(page.get_by_label("Place of year")).to_be_visible()
