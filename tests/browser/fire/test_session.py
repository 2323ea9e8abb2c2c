"""The session ends while the page is open: it says so, and asks for nothing more."""

import pytest
from playwright.sync_api import expect

from tests.browser.fire.desk import Desk, Job
from tests.browser.fire.proxy import Proxy
from tests.browser.fire.window import Tab, Window
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
