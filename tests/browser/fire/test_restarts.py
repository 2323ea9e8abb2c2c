"""The web part and Valkey die, freeze and come back while a job runs."""

import pytest

from tests.browser.fire.desk import Desk
from tests.browser.fire.window import Window
from tests.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.faults]


def test_a_page_outlives_a_web_part_that_is_killed(
    desk: Desk, window: Window, mara: Person
) -> None:
    job = desk.starts(mara)
    tab = window.opens(job.path)
    tab.says("Live")

    desk.kill_web()
    tab.says("Offline")
    tab.shows("This page lost its connection")
    job.reaches(60)
    desk.start_web()
    tab.says("Live")
    tab.shows_percent(60)

    job.goes_on()
    tab.ends_well()
    assert [word for word in tab.words() if word != "Reconnecting"] == [
        *("Connecting", "Live", "Offline", "Live")
    ]


def test_a_page_is_never_offline_while_the_web_part_is_replaced_in_order(
    desk: Desk, window: Window, mara: Person
) -> None:
    job = desk.starts(mara)
    tab = window.opens(job.path)
    tab.says("Live")

    desk.reload_web()
    job.reaches(60)
    tab.shows_percent(60)
    tab.says("Live")

    job.goes_on()
    tab.ends_well()
    assert "Offline" not in tab.words()


def test_a_page_stays_true_while_valkey_is_gone(desk: Desk, window: Window, mara: Person) -> None:
    job = desk.starts(mara)
    tab = window.opens(job.path)
    tab.says("Live")

    desk.valkey.die()
    job.reaches(50)
    tab.shows_percent(50)
    desk.valkey.start()
    job.reaches(70)
    tab.shows_percent(70)

    job.goes_on()
    tab.ends_well()
    assert tab.words() == ["Connecting", "Live"]


def test_a_job_ends_on_its_page_while_valkey_is_frozen(
    desk: Desk, window: Window, mara: Person
) -> None:
    job = desk.starts(mara)
    tab = window.opens(job.path)
    tab.says("Live")

    with desk.valkey.frozen():
        job.goes_on()
        tab.ends_well()
    assert "Offline" not in tab.words()
