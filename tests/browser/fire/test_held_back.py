"""A proxy holds events back: the page reads itself and does not call that live."""

import pytest

from tests.browser.fire.desk import Desk
from tests.browser.fire.proxy import Proxy
from tests.browser.fire.window import Window
from tests.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.faults]


@pytest.mark.parametrize("size", [2_000, 1_000_000])
def test_a_page_whose_events_are_held_back_reads_itself(
    desk: Desk, proxy: Proxy, window: Window, mara: Person, size: int
) -> None:
    job = desk.starts(mara)
    with proxy.holding_back(size):
        tab = window.opens(job.path)
        tab.says("Reconnecting")
        job.reaches(50)
        tab.shows_percent(50)
        job.ends()
        tab.ends_well()
        assert tab.words() == ["Connecting", "Reconnecting"]
    tab.says("Live")
    tab.stayed()
