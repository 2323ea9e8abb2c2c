"""What a button copies, and how it says so."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.long import FINISHED, start
from tests.browser.test_refetch import reads

pytestmark = pytest.mark.browser

# It comes with the first part of a page that has something to copy; counts what is copied.
IS_THERE = """async () => {
  await import(document.querySelector("script[type=module]").src.replace("main", "copy"));
  const real = navigator.clipboard.writeText.bind(navigator.clipboard);
  window.copies = 0;
  navigator.clipboard.writeText = (text) => real(text).finally(() => window.copies++);
  return true;
}"""


def test_a_button_pressed_twice_shows_its_own_sign_again(mara: Visitor) -> None:
    page = mara.page
    page.clock.install()
    start(page, mara.desk, 5)
    expect(page.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)
    button = page.get_by_role("button", name="Copy the checksum of the CSV file")
    copies, copied = button.locator('[href$="#copy"]'), button.locator('[href$="#check"]')
    assert page.evaluate(IS_THERE)
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    expect(copies).to_have_count(1)

    button.click()
    expect(copied).to_have_count(1)
    button.click()
    page.wait_for_function("() => window.copies === 2")
    reads(page)
    expect(copied).to_have_count(1)
    page.clock.fast_forward(2_000)

    expect(copies).to_have_count(1)
    expect(copied).to_have_count(0)
