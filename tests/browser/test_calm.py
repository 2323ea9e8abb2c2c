"""Figures that change four times a second stand still for a second, and then show the last one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk, at_desk
from tests.browser.stream import brings

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, sqlite_desk: Desk) -> Iterator[Page]:
    """Give a page whose clock stands still, with figures that nobody has renewed yet."""
    with at_desk(browser, sqlite_desk) as visitor:
        visitor.signs_in()
        visitor.page.clock.install()
        visitor.opens("/account")
        page = visitor.page
        page.clock.pause_at(page.evaluate("Date.now() + 1000"))
        # Outside of what the page reads again where its stream is late, as on a clock that jumps.
        page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", part("0", "0"))
        yield page


def part(bar: str, figure: str, work: str = "1 Read") -> str:
    """Give a part of a page: a bar that always moves, and a figure that is calm."""
    return (
        f'<div id="part"><div id="told" data-order="{work[0]}.{bar}"><b>{bar}</b>'
        f'<p id="figures" data-calm="{work}">{figure}</p></div></div>'
    )


def shows(page: Page, bar: str, figure: str) -> None:
    """Look at both at once."""
    assert page.locator("#part").inner_text().split() == [bar, figure]


def test_the_first_change_is_shown_at_once(page: Page) -> None:
    brings(page, part("1", "1"))
    shows(page, "1", "1")


def test_the_next_one_waits_for_a_second_while_the_bar_goes_on(page: Page) -> None:
    brings(page, part("1", "1"))
    page.clock.run_for(750)
    brings(page, part("2", "2"))
    shows(page, "2", "1")
    page.clock.run_for(250)
    brings(page, part("3", "3"))
    shows(page, "3", "3")


def test_the_last_one_is_shown_although_nothing_comes_behind_it(page: Page) -> None:
    brings(page, part("1", "1"))
    brings(page, part("2", "2"))
    brings(page, part("3", "3"))
    shows(page, "3", "1")
    page.clock.run_for(1300)
    expect(page.locator("#figures")).to_have_text("3")


def test_what_another_attempt_or_phase_tells_is_shown_at_once(page: Page) -> None:
    brings(page, part("9", "9"))
    brings(page, part("0", "0", "2 Read"))
    shows(page, "0", "0")
    page.clock.run_for(2000)
    shows(page, "0", "0")


def test_what_was_held_back_is_forgotten_where_the_part_has_left(page: Page) -> None:
    brings(page, part("1", "1"))
    brings(page, part("2", "2"))
    page.evaluate("document.getElementById('part').remove()")
    page.clock.run_for(1300)
    assert page.locator("#figures").count() == 0


@pytest.mark.parametrize("late", [500, 1100])
def test_what_comes_late_never_takes_the_place_of_what_is_held_back(page: Page, late: int) -> None:
    brings(page, part("1", "1"))
    brings(page, part("2", "2"))
    page.clock.run_for(late)
    brings(page, part("1", "1"))
    shows(page, "2", "1")
    page.clock.run_for(1300)
    shows(page, "2", "2")
