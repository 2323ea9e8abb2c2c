"""A job that goes on as long as a test needs it, and what an open page does meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Desk, Visitor

FINISHED = 60_000  # milliseconds
COUNT = "window.updates = 0; document.addEventListener('desk:morphed', () => window.updates++)"


def start(page: Page, desk: Desk, rows: int) -> str:
    """Start a report that counts so far; gives the path of its page, where *page* then is."""
    page.goto(f"{desk.url}/new/counting?rows={rows}&formats=csv")
    page.get_by_role("button", name="Generate report").click()
    page.wait_for_url("**/jobs/*")
    return page.url.removeprefix(desk.url)


@contextmanager
def counting(visitor: Visitor, rows: int = 100_000_000) -> Iterator[str]:
    """Give the path of the page of a job that runs until the block ends, seen to run."""
    other = visitor.page.context.new_page()
    path = start(other, visitor.desk, rows)
    expect(other.locator("progress").first).to_have_attribute("value", "0", timeout=FINISHED)
    try:
        yield path
    finally:
        button = other.get_by_role("button", name="Cancel job")
        if button.is_visible():
            button.click()
            expect(other.get_by_text("was cancelled").first).to_be_visible(timeout=FINISHED)
        other.close()


def hears_nothing_new(page: Page) -> None:
    """Let the page read nothing when it reads itself again, as if it never did."""

    def answer(route: Route) -> None:
        is_read = route.request.method == "GET" and "x-live" in route.request.headers
        route.fulfill(status=204) if is_read else route.fallback()

    page.route(page.url, answer)


def wait_until_live(page: Page) -> None:
    """Wait until the page hears the stream, and count from now on what it brings."""
    expect(page.locator("#stream")).to_have_text("Live")
    page.evaluate(COUNT)


def wait_for_updates(page: Page, number: int) -> None:
    """Wait until the stream has brought so many more updates."""
    page.wait_for_function(
        "wanted => window.updates >= wanted",
        arg=page.evaluate("window.updates") + number,
        timeout=FINISHED,
    )
