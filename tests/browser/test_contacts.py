"""The whole way of a contact list in a browser: made, filled from a file, looked into."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import Desk, at_desk, serve
from tests.browser.screens.look import HEIGHTS, faults, sideways

pytestmark = pytest.mark.browser

SECONDS = 30_000.0  # milliseconds, as Playwright counts
FILE = FilePayload(
    name="people.csv",
    mimeType="text/csv",
    buffer=(
        "E-mail;First name;Born\nada@example.org;Ada;10.12.1815\nbo@bücher.example;<b>Bo</b>;\n"
        "nobody;No;\ncy@example.org;قائمة;\n"
    ).encode(),
)
LOOKS = (("light", 1280), ("dark", 1280), ("light", 390), ("dark", 320))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Run a desk without any source that may be written."""
    yield from serve(tmp_path_factory.mktemp("contacts"))


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Give the folder for pictures."""
    return Path(os.environ.get("SHOTS", tmp_path))


def looks(page: Page, shots: Path, name: str) -> None:
    """Look at a page in both themes and several widths."""
    for theme, width in LOOKS:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": HEIGHTS.get(width, 900)})
        page.screenshot(path=shots / f"{name}-{theme}-{width}.png", full_page=True)
        assert faults(page) == [], (name, theme, width)
        assert sideways(page) == [], (name, theme, width)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_list_is_made_filled_from_a_file_and_looked_into(
    browser: Browser, desk: Desk, shots: Path
) -> None:
    with at_desk(browser, desk) as visitor:
        page = visitor.page
        visitor.signs_in()
        page.get_by_role("link", name="Contacts", exact=True).click()
        looks(page, shots, "none")
        page.get_by_role("link", name="Make the first list").click()
        page.get_by_label("Title").fill("Newsletter readers")
        page.get_by_label("Name of field 1").fill("First name")
        page.get_by_label("Name of field 2").fill("Born")
        page.get_by_label("What field 2 holds").select_option("date")
        looks(page, shots, "form")
        page.get_by_role("button", name="Make the list").click()
        expect(page.get_by_role("heading", name="Nobody is in this list yet")).to_be_visible()
        page.get_by_role("link", name="Import contacts").click()
        page.get_by_label("File", exact=True).set_input_files(FILE)
        expect(page.get_by_label("Where E-mail goes")).to_have_value("email", timeout=SECONDS)
        page.get_by_role("button", name="Check file").click()
        look = page.get_by_role("link", name="See what would happen")
        expect(look).to_be_visible(timeout=SECONDS)
        look.click()
        expect(page.get_by_role("link", name=re.compile("^3 new"))).to_be_visible()
        expect(page.get_by_text("Not an e-mail address: the @ is missing").first).to_be_visible()
        page.get_by_role("button", name="Import 3 rows, skip 1").click()
        expect(page.get_by_text("3 rows are imported.")).to_be_visible(timeout=SECONDS)
        page.get_by_role("link", name="Contacts", exact=True).click()
        looks(page, shots, "lists")
        page.get_by_role("link", name="Newsletter readers").click()
        expect(page.get_by_role("link", name="bo@bücher.example")).to_be_visible()
        looks(page, shots, "list")
        page.get_by_label("Find").fill("ada@")
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_role("link", name="bo@bücher.example")).to_be_hidden()
        page.get_by_role("link", name="ada@example.org").click()
        looks(page, shots, "contact")
        page.get_by_label("First name").fill("Countess")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Countess")).to_be_visible()


def test_without_javascript_a_contact_is_added_and_a_wrong_address_told(
    browser: Browser, desk: Desk, shots: Path
) -> None:
    with at_desk(browser, desk, java_script_enabled=False) as visitor:
        page = visitor.page
        visitor.signs_in()
        visitor.opens("/contacts/new")
        page.get_by_label("Title").fill("By hand")
        page.get_by_role("button", name="Make the list").click()
        page.get_by_role("link", name="Add one").click()
        page.get_by_label("E-mail").fill("nobody")
        page.get_by_role("button", name="Add").click()
        expect(page.locator("[data-summary]")).to_contain_text("the @ is missing")
        page.screenshot(path=shots / "wrong.png", full_page=True)
        visitor.complaints.clear()  # The browser tells of the 422.
        page.get_by_label("E-mail").fill("ada@example.org")
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_role("link", name="ada@example.org")).to_be_visible()
        page.get_by_role("link", name="Delete list").click()
        expect(page.get_by_role("button", name="Delete the list with 1 contact")).to_be_visible()
        page.screenshot(path=shots / "delete.png", full_page=True)
        page.get_by_role("button", name="Delete the list with 1 contact").click()
        expect(page.get_by_text("“By hand” is deleted, with 1 contact.")).to_be_visible()
