"""Every page, light and dark, wide and narrow: axe finds nothing, nothing scrolls sideways."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk, Visitor, at_desk

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/new/punctuality",
    "/jobs",
    "/jobs?q=nothing-like-this",
    "/files",
    "/workers",
    "/attention",
    "/attention?state=dismissed",
    "/account",
    "/users",
    "/tables",
    "/outbox",
    "/nowhere",
)
LOOKS = (("light", 1280), ("dark", 1280), ("light", 320), ("dark", 390))


@pytest.fixture(scope="module")
def finished(browser: Browser, sqlite_desk: Desk) -> str:
    """Give the path of a finished job's page."""
    with at_desk(browser, sqlite_desk) as visitor:
        visitor.signs_in()
        visitor.opens("/new/punctuality?formats=csv&formats=pdf")
        visitor.page.get_by_role("button", name="Generate report").click()
        expect(visitor.page.get_by_text("2 files, ready")).to_be_visible(timeout=60_000)
        return visitor.page.url.removeprefix(sqlite_desk.url)


@pytest.fixture
def visitor(
    request: pytest.FixtureRequest, browser: Browser, sqlite_desk: Desk
) -> Iterator[Visitor]:
    """Give a visitor with the colours and width of the test."""
    colours, width = request.param
    options = {"color_scheme": colours, "viewport": {"width": width, "height": 900}}
    with at_desk(browser, sqlite_desk, **options) as visitor:
        yield visitor


@pytest.mark.parametrize("visitor", LOOKS, indirect=True)
def test_axe_finds_nothing_on_any_page(visitor: Visitor, finished: str) -> None:
    visitor.opens("/sign-in")
    found = faults(visitor.page, "/sign-in")
    visitor.signs_in()
    for path in (*PAGES, finished):
        visitor.opens(path)
        found += faults(visitor.page, path)
    assert found == []
    # Chromium itself names the one page that is not there.
    assert [each for each in visitor.complaints if "404" not in each] == []
    visitor.complaints.clear()


def faults(page: Page, path: str) -> list[str]:
    """Give what axe finds, and whether the page scrolls sideways."""
    results = Axe().run(page).response
    found = [f"{path}: {each['id']} {each['nodes'][0]['target']}" for each in results["violations"]]
    wide, room = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    return found + ([f"{path}: {wide} px in {room}"] if wide > room else [])
