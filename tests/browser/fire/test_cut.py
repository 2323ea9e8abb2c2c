"""The stream is cut while a job runs, and comes back."""

import pytest

from tests.browser.fire.desk import Desk
from tests.browser.fire.proxy import Proxy
from tests.browser.fire.window import Window
from tests.parts import until
from tests.people import Person

WATCHDOG = "00:41"  # A page that has heard nothing for 40 seconds is worried.

pytestmark = [pytest.mark.browser, pytest.mark.faults]


def test_a_page_whose_connection_is_cut_is_right_again_when_it_is_back(
    desk: Desk, proxy: Proxy, window: Window, mara: Person
) -> None:
    job = desk.starts(mara)
    tab = window.opens(job.path)
    tab.says("Live")
    job.reaches(20)

    with proxy.away():
        tab.says("Offline")
        tab.shows("This page lost its connection")
        job.reaches(60)
    tab.says("Live")
    tab.shows_percent(60)

    job.goes_on()
    tab.ends_well()
    assert tab.words() in (
        ["Connecting", "Live", "Reconnecting", "Offline", "Live"],
        ["Connecting", "Live", "Reconnecting", "Offline", "Reconnecting", "Live"],
    )


def test_a_stream_that_is_renewed_at_once_was_never_lost_and_never_goes_back(
    desk: Desk, proxy: Proxy, window: Window, mara: Person
) -> None:
    job = desk.starts(mara)
    tab = window.opens(job.path)
    tab.says("Live")

    for percent in range(10, 60, 10):
        job.may_reach(percent)
        tab.shows_percent(percent)  # It is told at once, and in the ledger a second later.
        with proxy.without_streams():
            pass
        until(desk.app, lambda: proxy.streams == 1, 30)

    job.goes_on()
    tab.ends_well()
    assert tab.words() == ["Connecting", "Live"]


def test_a_page_whose_connection_stands_still_is_not_live_any_more(
    desk: Desk, proxy: Proxy, window: Window, mara: Person
) -> None:
    job = desk.starts(mara)
    tab = window.opens(job.path, clock=True)
    tab.says("Live")

    with proxy.standing_still():
        job.reaches(30)
        tab.page.clock.fast_forward(WATCHDOG)
        tab.says("Reconnecting")
    tab.says("Live")
    tab.shows_percent(30)

    job.goes_on()
    tab.ends_well()
    assert tab.words()[:3] == ["Connecting", "Live", "Reconnecting"]
