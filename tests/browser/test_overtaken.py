"""One answer overtakes another: what the reader asked for last is what stays."""

from contextlib import suppress

import pytest
from playwright.sync_api import APIResponse, Error, Locator, Page, Route, expect

from tests.browser.conftest import Visitor
from tests.browser.long import counting
from tests.browser.test_refetch import HOLD, IS_READ, READ

pytestmark = pytest.mark.browser

COUNT = """() => {
  window.seen = { asked: 0, over: 0 };
  document.addEventListener("htmx:config:request", () => { seen.asked += 1; });
  document.addEventListener("htmx:finally:request", () => { seen.over += 1; });
}"""


def sees(page: Page, what: str, number: int) -> None:
    """Wait until so many requests were asked for, or are over."""
    page.wait_for_function("([what, number]) => seen[what] === number", arg=[what, number])


def goes_on(route: Route) -> None:
    """Let a request that was held go on, if the page has not given it up."""
    with suppress(Error):
        route.continue_()


def walks(page: Page) -> Locator:
    """Go to the files and on to the history; gives the heading."""
    heading = page.get_by_role("heading", level=1)
    for name in ("Files", "History"):
        page.locator("#nav").get_by_role("link", name=name).click()
        expect(heading).to_have_text(name)
    return heading


def test_a_page_of_the_history_that_comes_late_is_not_shown_any_more(mara: Visitor) -> None:
    page = mara.page
    heading = walks(page)
    page.evaluate(COUNT)
    held: list[Route] = []
    page.route("**/files", lambda route: held.append(route), times=1)
    page.evaluate("history.back()")
    sees(page, "asked", 1)
    page.locator("#nav").get_by_role("link", name="Workers").click()
    expect(heading).to_have_text("Workers")

    goes_on(held[0])

    sees(page, "over", 2)
    assert heading.inner_text() == "Workers"
    assert page.url == f"{mara.desk.url}/workers"


def test_what_is_found_is_what_was_typed_last(mara: Visitor) -> None:
    page = mara.page
    page.evaluate(COUNT)
    held: list[Route] = []
    page.route("**/?q=c", lambda route: held.append(route))
    field = page.get_by_role("searchbox", name="Find a report")
    for number, letter in enumerate("cou", 1):
        field.press_sequentially(letter)
        sees(page, "asked", number)

    goes_on(held[0])

    expect(page).to_have_url(f"{mara.desk.url}/?q=cou")
    expect(field).to_have_value("cou")


def test_a_page_that_was_read_before_an_answer_came_never_takes_it_back(mara: Visitor) -> None:
    page = mara.page
    with counting(mara) as path:
        mara.opens(path)
        expect(page.locator("#stream")).to_have_text("Live")
        page.evaluate(HOLD)
        page.evaluate(READ)
        page.wait_for_function("() => window.letGo")
        page.get_by_role("button", name="E-mail me when it is done").click()
        told = page.get_by_text("You get an e-mail when it is done.")
        expect(told).to_be_visible()

        page.evaluate("() => window.letGo()")

        page.evaluate(IS_READ)
        assert told.is_visible()


def test_a_page_of_the_history_that_was_read_before_a_job_began_counts_it(mara: Visitor) -> None:
    page = mara.page
    heading = walks(page)
    expect(page.locator("#stream")).to_have_text("Live")
    read: list[tuple[Route, APIResponse]] = []
    page.route("**/files", lambda route: read.append((route, route.fetch())), times=1)
    with page.expect_request("**/files"):
        page.evaluate("history.back()")
    with counting(mara):
        running = page.locator("[data-count=running] > span").first
        expect(running).not_to_have_text("")
        now = running.inner_text()
        (route, answer) = read[0]

        route.fulfill(response=answer)

        expect(heading).to_have_text("Files")
        expect(running).to_have_text(now)


@pytest.mark.parametrize("is_sent_first", [True, False])
def test_what_is_typed_stays_when_another_form_is_answered(
    mara: Visitor, is_sent_first: bool
) -> None:
    page = mara.page
    note = page.get_by_role("textbox", name="Leave a note")
    with counting(mara) as path:
        mara.opens(path)
        held: list[Route] = []
        page.route(
            "**/jobs/**",
            lambda route: (
                held.append(route) if route.request.method == "POST" else route.fallback()
            ),
        )
        button = page.get_by_role("button", name="E-mail me when it is done")
        if is_sent_first:
            button.click()
            note.fill("Ask Otto")
        else:
            note.fill("Ask Otto")
            button.click()
        page.wait_for_function("() => document.querySelector('form[data-sent]')")
        note.focus()
        page.keyboard.press("Home")

        held[0].continue_()

        expect(page.get_by_text("You get an e-mail when it is done.")).to_be_visible()
        expect(note).to_have_value("Ask Otto")
        expect(note).to_be_focused()
        page.keyboard.type("Please: ")
        expect(note).to_have_value("Please: Ask Otto")
        page.unroute("**/jobs/**")
