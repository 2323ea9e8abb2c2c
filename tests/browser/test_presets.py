"""Choices are saved under a name, used and deleted in a browser; by keys alone; no scripts."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Desk, Visitor, at_desk

pytestmark = pytest.mark.browser

FORM = "/new/route"


def saved(page: Page) -> Locator:
    """Give what offers the saved choices."""
    return page.get_by_role("region", name="Saved choices")


def deletes(page: Page, name: str) -> None:
    """Delete the choices that have just filled the form."""
    saved(page).get_by_role("button", name=f"Delete “{name}”").click()
    expect(saved(page)).to_have_count(0)


def test_choices_are_saved_by_keys_alone_and_fill_the_form_again(mara: Visitor) -> None:
    page = mara.page
    mara.opens(f"{FORM}?origin=JFK&dest=LAX&formats=csv")
    expect(page.locator("#stream")).to_have_text("Live")
    page.get_by_text("Save these choices").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("To Los Angeles")
    page.keyboard.press("Enter")

    expect(page.get_by_text("“To Los Angeles” is saved.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/new/route\?.*dest=LAX"))
    expect(page.locator("#content")).to_be_focused()
    link = saved(page).get_by_role("link", name="To Los Angeles")
    expect(link).to_have_attribute("aria-current", "true")
    mara.opens(f"{FORM}?origin=EWR&dest=ORD")
    expect(page.get_by_label("To", exact=True)).to_have_value("ORD")
    expect(link).not_to_have_attribute("aria-current", "true")
    link.click()
    expect(page.get_by_label("To", exact=True)).to_have_value("LAX")
    deletes(page, "To Los Angeles")
    expect(page.get_by_label("To", exact=True)).to_have_value("LAX")


def test_a_name_that_is_missing_is_said_where_the_focus_is(mara: Visitor) -> None:
    page = mara.page
    mara.opens(f"{FORM}?origin=JFK&dest=LAX")
    expect(page.locator("#stream")).to_have_text("Live")
    page.get_by_text("Save these choices").click()
    page.get_by_role("button", name="Save", exact=True).click()

    alert = page.get_by_role("alert").filter(has_text="Nothing was saved. 1 thing")
    expect(alert).to_be_focused()
    alert.get_by_role("link", name="Enter a name for these choices.").click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    mara.complaints[:] = [each for each in mara.complaints if "422" not in each]


def test_without_scripts_they_are_saved_used_and_deleted(
    browser: Browser, sqlite_desk: Desk
) -> None:
    with at_desk(browser, sqlite_desk, java_script_enabled=False) as visitor:
        visitor.signs_in()
        visitor.opens(f"{FORM}?origin=JFK&dest=LAX&formats=csv")
        page = visitor.page
        page.get_by_text("Save these choices").click()
        page.get_by_label("Name", exact=True).fill("To the west")
        page.get_by_label("Share it with everybody who may use this").check()
        page.get_by_label("Name", exact=True).press("Enter")

        expect(page.get_by_text("“To the west” is saved.")).to_be_visible()
        visitor.opens(FORM)
        saved(page).get_by_role("link", name="To the west").click()
        expect(page.get_by_label("To", exact=True)).to_have_value("LAX")
        expect(page.get_by_text("yours, and shared with everybody")).to_be_visible()
        deletes(page, "To the west")
