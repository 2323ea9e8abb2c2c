"""Two people at one job, each at their own window: notes, following, handing over, and paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dashboard import create_app
from dashboard.extensions import db
from dashboard.models import Role
from dashboard.web.users import add_user, find_user
from tests.browser.conftest import PASSWORD, Desk, Visitor, at_desk
from tests.browser.test_access import LOOKS, faults

pytestmark = pytest.mark.browser

NAME, ADDRESS = "Ada Berg", "ada.berg@example.org"
LONG = "/new/counting?rows=100000000&formats=csv"
SHORT = "/new/counting?rows=30&formats=csv"
READY = 60_000  # milliseconds
# Resolves when something that came from the server was put into the page.
MORPHED = """new Promise((done) =>
    document.addEventListener("desk:morphed", () => done(true), { once: true }))"""

AWAY_AND_BACK = """() => {
  for (const name of ["offline", "online"]) window.dispatchEvent(new Event(name));
}"""


@pytest.fixture
def ada(browser: Browser, sqlite_desk: Desk) -> Iterator[Visitor]:
    """Give a colleague at a window of her own."""
    app = create_app(INSTANCE_PATH=sqlite_desk.home)
    with app.app_context():
        if find_user(ADDRESS) is None:
            add_user(ADDRESS, NAME, Role.STAFF, PASSWORD)
        db.engine.dispose()
    with at_desk(browser, sqlite_desk) as visitor:
        visitor.signs_in(ADDRESS)
        yield visitor


def starts(visitor: Visitor, path: str) -> str:
    """Start a job; gives the path of its page."""
    visitor.opens(path)
    visitor.page.get_by_role("button", name="Generate report").click()
    expect(visitor.page.locator(".job")).to_be_visible()
    return visitor.page.url.removeprefix(visitor.desk.url)


def shares(page: Page) -> None:
    """Let Ada follow the job that is open."""
    page.get_by_role("link", name="Share or hand over").click()
    page.get_by_label("Let somebody follow it").select_option(label=NAME)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".people")).to_contain_text(NAME)


def note_of(page: Page) -> Locator:
    """Give where a note is typed."""
    return page.get_by_role("textbox", name="Leave a note")


def notes(page: Page, text: str) -> None:
    """Leave a note."""
    note_of(page).fill(text)
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".note-list")).to_contain_text(text)


def test_two_people_at_a_running_job_see_what_the_other_does(mara: Visitor, ada: Visitor) -> None:
    path = starts(mara, LONG)
    shares(mara.page)
    ada.opens(path)
    expect(ada.page.locator("#stream")).to_have_text("Live")
    expect(ada.page.get_by_role("button", name="Cancel job")).to_be_hidden()
    expect(ada.page.get_by_role("link", name="Share or hand over")).to_be_hidden()

    note_of(ada.page).press_sequentially("Is it the ri")
    assert ada.page.evaluate(MORPHED)
    expect(note_of(ada.page)).to_have_value("Is it the ri")
    expect(note_of(ada.page)).to_be_focused()
    notes(mara.page, "South first, please.")
    expect(ada.page.locator(".note-list")).to_contain_text("South first, please.")
    ada.page.keyboard.type("ght month?")
    ada.page.get_by_role("button", name="Add note").click()
    expect(mara.page.locator(".note-list li").last).to_contain_text("Is it the right month?")
    expect(note_of(ada.page)).to_have_value("")

    note_of(ada.page).fill("Half a thou")
    mara.page.get_by_role("link", name="Share or hand over").click()
    mara.page.get_by_label("Hand it over to").select_option(label=NAME)
    mara.page.get_by_role("button", name="Hand over", exact=True).click()

    expect(mara.page.locator(".page-head").first).to_contain_text(f"handed to {NAME}")
    expect(ada.page.locator(".page-head").first).to_contain_text("handed to you")
    cancel = ada.page.get_by_role("button", name="Cancel job")
    expect(cancel).to_be_visible()
    expect(note_of(ada.page)).to_have_value("Half a thou")

    cancel.click()
    for visitor in (mara, ada):
        expect(visitor.page.locator(".title-line .state")).to_have_text("Cancelled")
        expect(visitor.page.locator("#stream")).to_have_text("Live")
    notes(ada.page, "I started it anew.")
    expect(mara.page.locator(".note-list li").last).to_contain_text("I started it anew.")


def test_whoever_is_taken_off_a_job_sees_it_no_longer(mara: Visitor, ada: Visitor) -> None:
    path = starts(mara, SHORT)
    expect(mara.page.get_by_text("1 file, ready")).to_be_visible(timeout=READY)
    shares(mara.page)
    ada.opens(path)
    expect(ada.page.locator("#stream")).to_have_text("Live")
    expect(ada.page.get_by_text("1 file, ready")).to_be_visible()

    mara.page.get_by_role("link", name="Share or hand over").click()
    mara.page.get_by_role("button", name=f"Remove {NAME}").click()
    expect(mara.page.get_by_role("button", name=f"Remove {NAME}")).to_be_hidden()
    ada.page.evaluate(AWAY_AND_BACK)

    expect(ada.page.get_by_role("heading", level=1)).to_have_text("Not found")
    expect(ada.page).to_have_title("Not found · Bellhop")
    expect(ada.page.get_by_text("1 file, ready")).to_be_hidden()
    expect(ada.page.locator("#stream")).to_have_text("Live")
    ada.complaints.clear()  # Chromium itself names every 404 in its console.


def test_following_and_the_wish_for_an_e_mail_are_one_press_each(
    mara: Visitor, ada: Visitor
) -> None:
    path = starts(ada, LONG)
    page = mara.page
    mara.opens(path)
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(page.locator(".people")).to_contain_text("Youfollows")
    page.get_by_role("button", name="E-mail me when it is done").click()
    expect(page.get_by_text("You get an e-mail when it is done.")).to_be_visible()
    expect(ada.page.get_by_role("button", name="E-mail me when it is done")).to_be_visible()
    page.get_by_role("button", name="No e-mail").click()
    expect(page.get_by_role("button", name="E-mail me when it is done")).to_be_visible()
    page.get_by_role("button", name="Stop following").click()
    expect(page.get_by_role("button", name="Follow", exact=True)).to_be_visible()
    page.get_by_role("button", name="Cancel job").click()
    expect(page.locator(".title-line .state")).to_have_text("Cancelled")


def test_all_of_it_works_without_scripts(browser: Browser, sqlite_desk: Desk, ada: Visitor) -> None:
    path = starts(ada, SHORT)
    expect(ada.page.get_by_text("1 file, ready")).to_be_visible(timeout=READY)
    with at_desk(browser, sqlite_desk, java_script_enabled=False) as visitor:
        visitor.signs_in()
        page = visitor.page
        visitor.opens(path)
        page.get_by_role("button", name="Add note").click()
        expect(page).to_have_title(f"Error: Notes at {number(ada)} · Bellhop")
        expect(page.get_by_role("alert").first).to_contain_text("Write something first")
        page.get_by_role("textbox", name="Leave a note").fill("Without scripts")
        page.get_by_role("button", name="Add note").click()
        expect(page.locator(".note-list")).to_contain_text("Without scripts")
        page.get_by_role("button", name="Follow", exact=True).click()
        page.get_by_role("link", name="Share or hand over").click()
        page.get_by_role("button", name="Hand over", exact=True).click()
        expect(page.get_by_role("alert").first).to_contain_text("Choose a person first.")
        page.get_by_label("Hand it over to").select_option(index=1)
        page.get_by_role("button", name="Hand over", exact=True).click()
        expect(page.locator(".page-head").first).to_contain_text("handed to")
        with page.expect_download() as caught:
            page.get_by_role("link", name="Download support bundle").click()
        assert caught.value.suggested_filename == f"{number(ada)}-support.zip"
        visitor.complaints.clear()  # Chromium itself names every 422 in its console.
    expect(ada.page.locator(".note-list")).to_contain_text("Without scripts")


def test_without_scripts_a_running_page_reads_itself_again_so_notes_are_typed_elsewhere(
    browser: Browser, sqlite_desk: Desk, ada: Visitor
) -> None:
    path = starts(ada, LONG)
    with at_desk(browser, sqlite_desk, java_script_enabled=False) as visitor:
        visitor.signs_in()
        visitor.opens(path)
        expect(note_of(visitor.page)).to_be_hidden()
        visitor.page.get_by_role("link", name="Leave a note").click()
        note_of(visitor.page).fill("Typed in peace")
        visitor.page.get_by_role("button", name="Add note").click()
        expect(visitor.page.locator(".note-list")).to_contain_text("Typed in peace")
    ada.page.get_by_role("button", name="Cancel job").click()
    expect(ada.page.locator(".title-line .state")).to_have_text("Cancelled")


def number(visitor: Visitor) -> str:
    """Give the number of the job that is open."""
    return visitor.page.locator(".page-head code").first.inner_text()


@pytest.mark.parametrize(("colours", "width"), LOOKS)
def test_axe_finds_nothing_where_people_are(
    browser: Browser, sqlite_desk: Desk, ada: Visitor, colours: str, width: int
) -> None:
    path = starts(ada, SHORT)
    expect(ada.page.get_by_text("1 file, ready")).to_be_visible(timeout=READY)
    notes(ada.page, "A_note_without_a_blank_to_break_at_" * 5)
    look = {"color_scheme": colours, "viewport": {"width": width, "height": 900}}
    with at_desk(browser, sqlite_desk, **look) as visitor:
        visitor.signs_in()
        found = []
        for part in ("", "/people", "/notes"):
            visitor.opens(path + part)
            found += faults(visitor.page, path + part)
        visitor.opens(f"{path}/people")
        visitor.page.get_by_role("button", name="Add", exact=True).click()
        expect(visitor.page.get_by_role("alert").first).to_contain_text("Choose a person first.")
        found += faults(visitor.page, "nobody chosen")
        visitor.complaints.clear()  # Chromium itself names every 422 in its console.
    assert found == []


def test_on_paper_all_rows_and_lines_stand_and_nothing_that_can_only_be_pressed(
    mara: Visitor,
) -> None:
    page = mara.page
    starts(mara, SHORT)
    expect(page.get_by_text("1 file, ready")).to_be_visible(timeout=READY)
    notes(page, "For the binder.")
    page.emulate_media(media="print", color_scheme="dark")
    cut = page.evaluate(
        """[...document.querySelectorAll(".table-rows, .log, .card, .job")].filter((node) =>
            getComputedStyle(node).overflow !== "visible" && node.scrollHeight > node.clientHeight
            || node.scrollWidth > node.clientWidth + 1).map((node) => node.className)"""
    )
    assert cut == []
    for shown in (".log", ".table-rows tbody tr:last-child", ".facts", ".note-list", ".steps"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in (".sidebar", ".note-form", ".crumbs", ".people-acts", ".page-head .button"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(28, 28, 26)"
    assert len(page.pdf(format="A4")) > 10_000
