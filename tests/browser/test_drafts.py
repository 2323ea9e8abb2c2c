"""A draft in a real browser: it saves itself, keeps the caret, and loses nobody's words."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import Desk, Visitor, at_desk
from tests.browser.long import FINISHED, hears_nothing_new
from tests.browser.test_refetch import HOLD, IS_READ, READ, reads

pytestmark = pytest.mark.browser

LOST = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "409", "422")


@pytest.fixture
def mara(browser: Browser, sqlite_desk: Desk) -> Iterator[Visitor]:
    """Give a colleague at a new draft; a cut line and what is refused are no complaints here."""
    with at_desk(browser, sqlite_desk) as visitor:
        visitor.signs_in()
        visitor.opens("/mailings")
        visitor.page.locator("main").get_by_role("button", name="mailing").first.click()
        visitor.page.wait_for_url("**/edit")
        yield visitor
        visitor.complaints[:] = [
            each for each in visitor.complaints if not any(name in each for name in LOST)
        ]


def saved(page: Page) -> int:
    """Give the version that the page has heard of."""
    return int(page.locator("#draft-saved").get_attribute("data-version") or 0)


def types(page: Page, field: str, text: str) -> None:
    """Write at the end of a field."""
    page.get_by_label(field, exact=True).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def is_saved_behind(page: Page, version: int) -> None:
    expect(page.locator("#draft-saved")).not_to_have_attribute("data-version", str(version))
    expect(page.locator("#draft-saved")).to_contain_text("Draft, saved")


def test_it_saves_itself_and_the_caret_stays_where_it_is(mara: Visitor) -> None:
    page = mara.page
    types(page, "Subject", "Come all")
    is_saved_behind(page, 1)
    version = saved(page)
    types(page, "Message", "Dear {{ name }},\n\n**come**")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    is_saved_behind(page, version)

    expect(page.locator("#preview strong")).to_have_text("come")
    expect(page.locator("#preview .letter-html mark")).to_have_text("name")
    body = page.get_by_label("Message", exact=True)
    expect(body).to_be_focused()
    assert body.evaluate("field => field.value.length - field.selectionStart") == 4
    page.keyboard.type("!")
    expect(page.locator("#preview .letter-html")).to_contain_text("co!me")

    page.reload()
    expect(page.get_by_label("Subject", exact=True)).to_have_value("Come all")
    expect(body).to_have_value("Dear {{ name }},\n\n**co!me**")


def test_heading_and_tab_say_the_title_as_it_was_saved(mara: Visitor) -> None:
    page = mara.page
    expect(page).to_have_title("New mailing · Bellhop")
    page.get_by_label("Title", exact=True).fill("Autumn <b>fair</b>")

    expect(page.locator("h1")).to_have_text("Autumn <b>fair</b>")
    expect(page).to_have_title("Autumn <b>fair</b> · Bellhop")
    is_saved_behind(page, 1)
    version = saved(page)
    page.get_by_label("Title", exact=True).fill("")
    expect(page.locator("#problem-title")).to_contain_text("Enter a title")
    reads(page)
    expect(page.locator("#problem-title")).to_contain_text("Enter a title")
    assert saved(page) == version
    expect(page.locator("h1")).to_have_text("Autumn <b>fair</b>")
    expect(page).to_have_title("Autumn <b>fair</b> · Bellhop")


def test_what_is_wrong_is_said_beside_it_and_goes_once_it_is_right(mara: Visitor) -> None:
    page = mara.page
    types(page, "Message", "Dear {{ name")
    problem = page.locator("#problem-body")
    expect(problem).to_contain_text("Line 1: A placeholder cannot be read")
    body = page.get_by_label("Message", exact=True)
    expect(body).to_have_attribute("aria-invalid", "true")
    reads(page)
    expect(problem).to_contain_text("Line 1")
    expect(body).to_have_attribute("aria-invalid", "true")
    page.keyboard.type(" }}")
    expect(problem).to_be_empty()
    expect(body).not_to_have_attribute("aria-invalid", "true")
    expect(body).to_be_focused()


def test_words_that_a_page_has_taken_over_speak_against_nothing(mara: Visitor) -> None:
    page = mara.page
    other = page.context.new_page()
    other.goto(page.url)
    types(other, "Subject", "Theirs")
    is_saved_behind(other, 1)
    other.close()

    reads(page)
    expect(page.get_by_label("Subject", exact=True)).to_have_value("Theirs")
    version = saved(page)
    types(page, "Subject", " and mine")

    is_saved_behind(page, version)
    expect(page.locator("#draft-conflict")).to_be_hidden()


def test_somebody_elses_words_and_mine_are_shown_and_mine_can_stay(mara: Visitor) -> None:
    page = mara.page
    hears_nothing_new(page)
    other = page.context.new_page()
    other.goto(page.url)
    types(other, "Subject", "Theirs")
    is_saved_behind(other, 1)
    types(page, "Subject", "Mine")

    conflict = page.get_by_role("alert").filter(has_text="Somebody else has changed")
    expect(conflict).to_contain_text("Theirs")
    expect(conflict).to_contain_text("Mine")
    expect(page.get_by_label("Subject", exact=True)).to_be_focused()
    page.keyboard.type(" too")
    page.get_by_role("button", name="Keep mine").click()

    expect(page.locator("#draft-conflict")).to_be_hidden()
    expect(page.get_by_label("Subject", exact=True)).to_have_value("Mine too")
    types(page, "Subject", ", and more")
    version = saved(page)
    is_saved_behind(page, version)
    types(other, "Subject", " again")
    expect(other.get_by_role("alert").filter(has_text="Somebody else")).to_contain_text("Mine too")
    other.get_by_role("link", name="Take theirs").click()
    expect(other.get_by_label("Subject", exact=True)).to_have_value("Mine too, and more")
    other.close()


def test_while_nobody_answers_it_says_since_when_and_saves_once_it_is_back(mara: Visitor) -> None:
    page = mara.page
    types(page, "Subject", "Before")
    is_saved_behind(page, 1)
    version = saved(page)
    page.context.set_offline(True)
    types(page, "Subject", " and during")
    expect(page.locator("#draft-saved")).to_have_text(re.compile(r"^Not saved since \d+:\d\d"))
    types(page, "Subject", " all that")
    expect(page.get_by_label("Subject", exact=True)).to_have_value("Before and during all that")
    page.context.set_offline(False)

    # First what nobody answered is sent again, then what was typed since.
    expect(page.locator("#draft-saved")).to_have_attribute("data-version", str(version + 2))
    expect(page.get_by_label("Subject", exact=True)).to_have_value("Before and during all that")
    page.reload()
    expect(page.get_by_label("Subject", exact=True)).to_have_value("Before and during all that")


def test_what_nobody_saved_is_not_called_saved_when_the_page_reads_itself_again(
    mara: Visitor,
) -> None:
    page = mara.page
    expect(page.locator("#stream")).to_have_text("Live")
    page.route(
        "**/mailings/**",
        lambda route: route.abort() if route.request.method == "POST" else route.fallback(),
    )
    types(page, "Subject", "Come")
    expect(page.locator("#draft-saved")).to_have_text(re.compile("^Not saved since"))

    reads(page)

    assert page.locator("#draft-saved").inner_text().startswith("Not saved since")
    expect(page.get_by_label("Subject", exact=True)).to_have_value("Come")


def test_a_page_that_was_read_before_it_was_saved_never_takes_that_back(mara: Visitor) -> None:
    page = mara.page
    expect(page.locator("#stream")).to_have_text("Live")
    page.evaluate(HOLD)
    page.evaluate(READ)
    page.wait_for_function("() => window.letGo")
    page.get_by_label("Title", exact=True).fill("Autumn fair")
    page.get_by_label("Subject", exact=True).fill("Come all")
    page.get_by_label("Message", exact=True).focus()
    expect(page.locator("#preview dd b")).to_have_text("Come all")
    expect(page).to_have_title("Autumn fair · Bellhop")
    version = saved(page)

    page.evaluate("() => window.letGo()")

    page.evaluate(IS_READ)
    expect(page.locator("#preview dd b")).to_have_text("Come all")
    assert page.locator("h1").inner_text() == "Autumn fair"
    assert page.title() == "Autumn fair · Bellhop"
    assert saved(page) == version


def test_a_button_pressed_in_the_middle_of_a_word_saves_that_word(mara: Visitor) -> None:
    page = mara.page
    types(page, "Subject", "Come")
    types(page, "Message", "Dear all")
    page.get_by_role("button", name="Send a test to me").click()
    expect(page.get_by_text("A test is on its way to")).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_value("Dear all")
    page.get_by_role("link", name="See what became of it").click()
    expect(page.get_by_role("heading", name="Test of New mailing")).to_be_visible()


def test_the_recipient_that_is_looked_at_stays_whoever_reads_the_page_again(mara: Visitor) -> None:
    page = mara.page
    draft = page.url
    page.get_by_role("button", name="Choose", exact=True).click()
    guests = b"email,name\nada@example.org,Ada\nines@example.org,Ines\n"
    page.get_by_label("File", exact=True).set_input_files(
        FilePayload(name="guests.csv", mimeType="text/csv", buffer=guests)
    )
    page.get_by_role("button", name=re.compile("Check")).click()
    expect(page.get_by_role("heading", name="Check 2 recipients")).to_be_visible(timeout=FINISHED)
    page.goto(draft)
    expect(page.locator("#preview")).to_contain_text("ada@example.org")

    page.get_by_role("button", name="Next recipient").click()
    expect(page.locator("#preview")).to_contain_text("ines@example.org")
    reads(page)

    expect(page.locator("#preview")).to_contain_text("ines@example.org")
    page.reload()
    expect(page.locator("#preview")).to_contain_text("ines@example.org")
    version = saved(page)
    types(page, "Subject", "Come all")
    is_saved_behind(page, version)
    expect(page.locator("#preview")).to_contain_text("ines@example.org")


def test_a_file_is_attached_while_the_words_stay(mara: Visitor) -> None:
    page = mara.page
    types(page, "Message", "Dear all")
    file: FilePayload = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"plan"}
    page.get_by_label("Attach a file").set_input_files([file])
    expect(page.locator("#attachments li")).to_contain_text("plan.txt")
    expect(page.get_by_label("Message", exact=True)).to_have_value("Dear all")
    page.get_by_role("button", name="Remove plan.txt").click()
    expect(page.locator("#attachments li")).to_have_count(0)
    expect(page.get_by_label("Message", exact=True)).to_have_value("Dear all")
