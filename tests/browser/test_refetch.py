"""A page reads itself again: no news is swallowed, nothing typed or on its way is lost."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from dashboard.models import NOTE_LIMIT
from tests.browser.conftest import EMAIL, Visitor, at_desk
from tests.browser.long import FINISHED, counting, start

pytestmark = pytest.mark.browser

READ = """async () => {
  const { src } = document.querySelector("script[type=module]");
  const { refetch } = await import(src.replace("main", "morph"));
  window.read = refetch();
}"""
IS_READ = "() => window.read"
# What the server answers to the first read is held back until window.letGo().
HOLD = """() => {
  const real = window.fetch;
  window.fetch = async (address, options) => {
    const answer = await real(address, options);
    if (address === location.href && !window.letGo) {
      await new Promise((go) => { window.letGo = go; });
    }
    return answer;
  };
}"""
TOO_LONG = "x" * (NOTE_LIMIT + 1)


def reads(page: Page) -> None:
    """Let the page read itself again, and wait until it has."""
    page.evaluate(READ)
    page.evaluate(IS_READ)


def opens_a_job(visitor: Visitor) -> str:
    """Open the page of a job that has ended; gives its path."""
    path = start(visitor.page, visitor.desk, 5)
    expect(visitor.page.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)
    return path


def test_what_changes_during_a_read_is_read_too(mara: Visitor) -> None:
    page = mara.page
    path = opens_a_job(mara)
    mara.opens(f"{path}/notes")
    expect(page.locator("#stream")).to_have_text("Live")
    page.evaluate(HOLD)
    page.evaluate(READ)
    page.wait_for_function("() => window.letGo")
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("textbox", name="Leave a note").fill("During the read")
    other.get_by_role("button", name="Add note").click()
    expect(other.get_by_text("During the read")).to_be_visible()
    other.close()

    page.evaluate(READ)
    page.evaluate("() => window.letGo()")

    page.evaluate(IS_READ)
    assert page.get_by_text("During the read").is_visible()


@pytest.mark.parametrize("is_boosted", [True, False])
def test_the_answer_to_a_form_stays_with_its_errors_and_what_was_typed(
    mara: Visitor, is_boosted: bool
) -> None:
    page = mara.page
    opens_a_job(mara)
    page.get_by_role("textbox", name="Leave a note").fill(TOO_LONG)
    if is_boosted:
        page.get_by_role("button", name="Add note").click()
    else:
        page.locator("#note-form").evaluate("form => form.submit()")
    expect(page.get_by_role("alert").first).to_contain_text("Your note was not kept")
    mara.complaints.clear()  # Chromium itself names every 422 in its console.
    title = page.title()

    reads(page)

    expect(page.get_by_role("alert").first).to_contain_text("Your note was not kept")
    expect(page.get_by_role("textbox", name="Leave a note")).to_have_value(TOO_LONG)
    assert page.title() == title
    mara.complaints.clear()  # The address of the plain way takes only what is posted.


def test_after_an_answer_the_next_page_reads_itself_as_ever(mara: Visitor) -> None:
    page = mara.page
    path = opens_a_job(mara)
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_role("alert").first).to_contain_text("Write something first")
    mara.complaints.clear()  # Chromium itself names every 422 in its console.
    page.get_by_role("link", name="Back to the job").click()
    expect(page.get_by_text("1 file, ready")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{mara.desk.url}{path}/notes")
    other.get_by_role("textbox", name="Leave a note").fill("From elsewhere")
    other.get_by_role("button", name="Add note").click()
    expect(other.get_by_text("From elsewhere")).to_be_visible()
    other.close()

    reads(page)

    assert page.get_by_text("From elsewhere").is_visible()


def test_a_form_on_its_way_stays_the_one_that_was_sent(mara: Visitor) -> None:
    page = mara.page
    mara.opens("/new/counting?rows=5&formats=csv")
    held: list[Route] = []
    page.route(
        "**/new/counting",
        lambda route: held.append(route) if route.request.method == "POST" else route.fallback(),
    )
    form = page.locator("form[data-check]")
    button = page.get_by_role("button", name="Generate report")
    token = form.locator("[name=token]").input_value()
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")

    reads(page)

    expect(form).to_have_attribute("data-sent", "true")
    expect(form.locator("[name=token]")).to_have_value(token)
    expect(button).to_be_disabled()
    held[0].continue_()
    page.wait_for_url("**/jobs/*")
    assert len(held) == 1


def test_choices_stay_and_what_is_said_of_them_is_asked_anew(mara: Visitor) -> None:
    page = mara.page
    mara.opens("/new/counting?rows=5&formats=csv")
    expect(page.locator("#check[data-checked]")).to_be_visible()
    page.get_by_role("spinbutton", name="Rows").fill("7")
    link = page.get_by_role("link", name="Link to these choices")
    expect(link).to_have_attribute("href", re.compile("rows=7"))
    link.evaluate("link => { window.link = link; link.focus(); }")

    with page.expect_response("**/check"):
        reads(page)

    expect(page.get_by_role("spinbutton", name="Rows")).to_have_value("7")
    expect(link).to_be_focused()
    assert link.evaluate("link => link === window.link")


def test_what_is_kept_can_be_sent_by_who_has_signed_in_again(
    browser: Browser, mara: Visitor
) -> None:
    page = mara.page
    mara.opens("/new/counting?rows=5&formats=csv")
    with at_desk(browser, mara.desk) as elsewhere:
        elsewhere.signs_in(by_form=True)
    page.context.clear_cookies()
    page.context.add_cookies(mara.desk.sessions[EMAIL])

    reads(page)
    page.get_by_role("button", name="Generate report").click()

    page.wait_for_url("**/jobs/*")


def test_a_page_that_was_read_before_the_session_ended_does_not_hide_that(mara: Visitor) -> None:
    page = mara.page
    mara.opens("/account")
    expect(page.locator("#stream")).to_have_text("Live")
    page.evaluate(HOLD)
    page.evaluate(READ)
    page.wait_for_function("() => window.letGo")
    page.context.clear_cookies()
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    notice = page.get_by_text("You have been signed out.").first
    expect(notice).to_be_visible()
    save = page.get_by_role("button", name="Save")
    expect(save).to_be_disabled()

    page.evaluate("() => window.letGo()")
    page.evaluate(IS_READ)

    expect(notice).to_be_visible()
    expect(save).to_be_disabled()
    mara.complaints.clear()  # Chromium itself names every 401 in its console.


def test_the_title_counts_what_runs_on_every_page(mara: Visitor) -> None:
    page = mara.page
    mara.opens("/account")
    with counting(mara):
        expect(page).to_have_title(re.compile(r"^\(\d+\) Account"))
        title = page.title()

        reads(page)

        assert page.title() == title
