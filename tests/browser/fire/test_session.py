"""The session ends while the page is open: it says so, and asks for nothing more."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.fire.desk import Desk, Job
from tests.browser.fire.proxy import Proxy
from tests.browser.fire.window import Tab, Window
from tests.parts import until
from tests.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.faults]


def test_somebody_who_is_switched_off_is_told_at_once(
    desk: Desk, proxy: Proxy, window: Window
) -> None:
    otto = Person.joins(desk.app, "Otto Other")
    admin = Person.joins(desk.app, "Ada Admin", role="admin")
    window.signs_in(otto)
    job = desk.starts(otto)
    tab = window.opens(job.path)
    tab.says("Live")

    admin.sends(f"/users/{otto.id}", "/users", act="switch")
    is_signed_out(tab, proxy, job)
    assert tab.words() == ["Connecting", "Live", "Signed out"]


def test_a_page_whose_cookie_is_gone_says_so_when_its_stream_is_renewed(
    desk: Desk, proxy: Proxy, window: Window, mara: Person
) -> None:
    job = desk.starts(mara)
    tab = window.opens(job.path)
    tab.says("Live")

    window.context.clear_cookies()
    with proxy.without_streams():
        pass
    is_signed_out(tab, proxy, job)
    assert tab.words() == ["Connecting", "Live", "Signed out"]


@pytest.mark.parametrize("what", ["hidden", "offline"])
def test_a_page_that_was_signed_out_says_nothing_else(
    desk: Desk, proxy: Proxy, window: Window, mara: Person, what: str
) -> None:
    job = desk.starts(mara)
    tab = window.opens(job.path, clock=True)
    tab.says("Live")
    window.context.clear_cookies()
    with proxy.without_streams():
        pass
    tab.says("Signed out")
    said = tab.words()

    if what == "hidden":
        window.opens("/sign-in")
        tab.page.wait_for_function("document.hidden", polling=100)
        tab.page.clock.run_for(3_000)
    else:
        window.context.set_offline(True)
        tab.page.wait_for_function("!navigator.onLine")
        window.context.set_offline(False)
        tab.page.wait_for_function("navigator.onLine")
    assert tab.words() == said
    job.ends()


def test_whoever_has_signed_in_again_elsewhere_goes_on_with_a_live_page(
    desk: Desk, proxy: Proxy, window: Window, mara: Person
) -> None:
    tab = window.opens("/account")
    tab.says("Live")
    window.context.clear_cookies()
    with proxy.without_streams():
        pass
    tab.says("Signed out")

    window.signs_in(mara)
    tab.page.locator("#nav").get_by_role("link", name="Files").click()
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("Files")
    tab.says("Live")
    tab.stayed()


@pytest.mark.parametrize("way", ["link", "look"])
def test_a_page_becomes_that_of_whoever_has_signed_in_elsewhere(
    desk: Desk, window: Window, way: str
) -> None:
    petra = Person.joins(desk.app, f"Petra {way}")
    tab = window.opens("/account", clock=True)
    tab.says("Live")
    if way == "look":
        window.opens("/workers").says("Live")
        tab.page.clock.run_for(3_000)  # So long it has been hidden: its stream is given up.
    window.signs_in(petra)

    if way == "look":
        window.shows(tab)
    else:
        tab.page.locator("#nav").get_by_role("link", name="Files").click()
        expect(tab.page.get_by_role("heading", level=1)).to_have_text("Files")
    expect(tab.page.get_by_role("link", name="Account of")).to_have_text(re.compile(f"Petra {way}"))


def test_a_session_that_ended_while_the_tab_was_hidden_is_not_told_after_the_next_has_begun(
    desk: Desk, proxy: Proxy, window: Window, mara: Person
) -> None:
    tab = window.opens("/account")
    tab.says("Live")
    window.context.clear_cookies()

    with tab.page.expect_response("**/live/summary?*"), proxy.keeping("/live/summary"):
        window.opens("/sign-in")
        until(desk.app, lambda: proxy.kept == 1, 30)
        window.signs_in(mara)
        window.shows(tab)
        tab.says("Live")
    tab.asks("/live/summary")
    tab.says("Live")
    assert "Signed out" not in tab.words()
    tab.complaints.clear()  # Chromium itself names every 401 in its console.
    tab.stayed()


def is_signed_out(tab: Tab, proxy: Proxy, job: Job) -> None:
    """Check that the page says so, leads back to itself and asks for nothing while the job ends."""
    tab.says("Signed out")
    tab.shows("You have been signed out.")
    way_back = tab.page.get_by_role("link", name="Sign in")
    expect(way_back).to_have_attribute("href", f"/sign-in?next={job.path.replace('/', '%2F')}")
    expect(tab.page.get_by_role("button", name="Cancel job")).to_be_disabled()
    asked = len(proxy.asked)
    job.ends()
    assert proxy.asked[asked:] == []
    tab.stayed()
