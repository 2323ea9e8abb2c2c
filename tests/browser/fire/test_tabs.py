"""Tabs that are hidden, frozen, many: each is right as soon as it is seen."""

import pytest
from playwright.sync_api import expect

from tests.browser.fire.desk import Desk
from tests.browser.fire.proxy import Proxy
from tests.browser.fire.window import Window
from tests.parts import until
from tests.people import Person

MANY = 10

pytestmark = [pytest.mark.browser, pytest.mark.faults]


def test_a_frozen_tab_is_right_when_it_wakes_up(desk: Desk, window: Window, mara: Person) -> None:
    job = desk.starts(mara)
    tab = window.opens(job.path)
    tab.says("Live")

    window.freezes(tab)
    job.reaches(50)
    window.thaws(tab)
    tab.shows_percent(50)
    tab.says("Live")

    window.freezes(tab)
    job.ends()
    window.thaws(tab)
    tab.ends_well()
    tab.says("Live")
    assert "Offline" not in tab.words()


def test_a_tab_that_slept_through_an_outage_reads_itself_until_its_stream_is_back(
    desk: Desk, proxy: Proxy, window: Window, mara: Person
) -> None:
    job = desk.starts(mara)
    tab = window.opens(job.path)
    tab.says("Live")

    with proxy.without_streams():
        tab.says("Reconnecting")
        window.opens("/account").says("Reconnecting")
        job.reaches(50)
        window.shows(tab)
        tab.shows_percent(50)
        job.goes_on()
        tab.ends_well()
    tab.says("Live")
    assert tab.words() == ["Connecting", "Live", "Reconnecting", "Live"]


@pytest.mark.parametrize("way", ["hidden", "read", "posted"])
def test_what_comes_late_never_takes_the_title_back(
    desk: Desk, proxy: Proxy, window: Window, mara: Person, way: str
) -> None:
    job = desk.starts(mara)
    tab = window.opens(job.path)
    tab.says("Live")

    late = "/live/summary" if way == "hidden" else job.path
    with tab.answered(late), proxy.keeping(late):
        if way == "hidden":
            window.opens("/account")
        elif way == "read":
            job.is_followed_by(Person.joins(desk.app, "Tom Fischer"))
        else:
            tab.page.get_by_role("button", name="E-mail me when it is done").click()
        until(desk.app, lambda: proxy.kept == 1, 30)
        job.reaches(50)
        window.shows(tab)
        tab.shows_percent(50)
    job.ends()
    tab.ends_well()


@pytest.mark.parametrize("way", ["hidden", "read"])
def test_what_comes_late_never_counts_a_job_that_has_ended(
    desk: Desk, proxy: Proxy, window: Window, mara: Person, way: str
) -> None:
    tab = window.opens("/jobs")
    tab.says("Live")
    job = desk.starts(mara) if way == "hidden" else None

    late = "/live/summary" if way == "hidden" else "/jobs"
    with tab.answered(late), proxy.keeping(late):
        if job:
            window.opens("/account")
        else:
            job = desk.starts(mara)
        until(desk.app, lambda: proxy.kept == 1, 30)
        tab.counts(1)
        job.ends()
        window.shows(tab)
        tab.counts(0)
    tab.asks("/live/summary")
    tab.counts(0)


def test_an_answer_that_comes_late_never_counts_a_job_that_has_ended(
    desk: Desk, proxy: Proxy, window: Window, mara: Person
) -> None:
    job = desk.starts(mara)
    tab = window.opens("/account")
    tab.says("Live")

    with proxy.keeping("/files"):
        tab.page.locator("#nav").get_by_role("link", name="Files").click()
        until(desk.app, lambda: proxy.kept == 1, 30)
        job.ends()
        tab.counts(0)
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("Files")
    tab.counts(0)
    tab.stayed()


def test_ten_tabs_of_one_browser_take_one_stream(
    desk: Desk, proxy: Proxy, window: Window, mara: Person
) -> None:
    job = desk.starts(mara)
    tabs = [window.opens(job.path) for _ in range(MANY)]
    for tab in tabs[:-1]:
        tab.says("Reconnecting")
    tabs[-1].says("Live")
    until(desk.app, lambda: proxy.streams == 1, 30)
    job.reaches(40)
    tabs[-1].shows_percent(40)

    for tab in tabs[:3]:
        window.shows(tab)
        tab.shows_percent(40)
        tab.says("Live")
    job.ends()
    for tab in tabs:
        window.shows(tab)
        tab.ends_well()
        assert "Offline" not in tab.words()
