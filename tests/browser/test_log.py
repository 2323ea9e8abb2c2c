"""A log shows its newest line, until somebody scrolls away from it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk, Visitor, at_desk
from tests.browser.long import FINISHED, start
from tests.browser.stream import brings

pytestmark = pytest.mark.browser

LOW = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".log { block-size: 2rem; max-block-size: none; overflow: auto; }");
  document.adoptedStyleSheets = [sheet];
}"""
# A function, for the pages allow no text to be run as a script.
AT_END = "log => log.scrollTop > 0 && log.scrollTop + log.clientHeight >= log.scrollHeight - 8"


@pytest.fixture
def page(browser: Browser, sqlite_desk: Desk) -> Iterator[Page]:
    """Give a page with the part that a log is in, which has no line yet."""
    with at_desk(browser, sqlite_desk) as visitor:
        visitor.signs_in()
        visitor.opens("/account")
        visitor.page.evaluate(LOW)
        visitor.page.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<section id=\"part\"></section>')"
        )
        yield visitor.page


def lines(number: int) -> str:
    """Give the part with so many lines."""
    told = "".join(f"<li>Line {each}</li>" for each in range(number))
    return f'<section id="part"><div class="log" data-log><ol>{told}</ol></div></section>'


def wait_for_end(page: Page) -> None:
    """Wait until the newest line is in view."""
    page.wait_for_function(f"() => [...document.querySelectorAll('.log')].some({AT_END})")


def is_at_end(page: Page) -> bool:
    """Say whether the newest line is in view."""
    return bool(page.locator("#part .log").evaluate(AT_END))


def scrolls(page: Page, to: str) -> None:
    """Scroll the log, and wait until the page has heard of it."""
    page.locator("#part .log").evaluate(
        f"""log => new Promise((heard) => {{
          log.addEventListener("scroll", heard, {{ once: true }});
          log.scrollTop = {to};
        }})"""
    )


def test_the_newest_line_is_in_view_from_the_first_one_on(page: Page) -> None:
    brings(page, lines(1))
    expect(page.locator("#part .log li")).to_have_count(1)
    brings(page, lines(30))
    wait_for_end(page)
    brings(page, lines(31))
    assert is_at_end(page)


def test_whoever_reads_further_up_stays_there_until_they_come_back(page: Page) -> None:
    brings(page, lines(30))
    wait_for_end(page)
    scrolls(page, "10")
    brings(page, lines(31))
    assert page.locator("#part .log").evaluate("log => log.scrollTop") == 10

    scrolls(page, "log.scrollHeight")
    brings(page, lines(32))
    assert is_at_end(page)


def test_it_is_in_view_on_a_page_that_a_link_leads_to(mara: Visitor) -> None:
    path = start(mara.page, mara.desk, 1000)
    expect(mara.page.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)
    mara.opens("/jobs")
    mara.page.evaluate(LOW)
    mara.page.locator(f'tbody th a[href="{path}"]').click()
    mara.page.wait_for_url(f"**{path}")
    wait_for_end(mara.page)
