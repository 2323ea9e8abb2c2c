"""What the browser writes by itself reads as what the server writes, wherever somebody is."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, g

from dashboard.web import filters
from dashboard.web.account import zone_choices
from dashboard.words import LOCALES, Manner
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
MOMENTS = (
    datetime(2026, 11, 27, 23, 30, 7, tzinfo=UTC),
    datetime(2026, 7, 1, 0, 0, 0, tzinfo=UTC),
    datetime(2025, 9, 9, 12, 5, 59, tzinfo=UTC),
    datetime(2024, 2, 29, 18, 15, 0, tzinfo=UTC),
)
# The hour in which Berlin's clocks went back, so that days are counted by the calendar.
NOW = datetime(2026, 10, 25, 1, 30, 0, tzinfo=UTC)
SPANS = [
    timedelta(seconds=seconds)
    for near in (0, 30, 60, 3600, 43_200, 86_400, 129_600, 172_800, 1_814_400, 7_776_000)
    for seconds in (-near - 1, -near, 1 - near, near - 1, near, near + 1)
]
# A copy of the module of its own, told that somebody else is reading.
WRITES = """async ([locale, zone, now, moments, number]) => {
  const { src } = document.querySelector("script[type=module]");
  Object.assign(document.documentElement.dataset, { locale, zone, now });
  const times = await import(`${src.replace("main", "times")}?${number}`);
  const relative = document.createElement("p");
  const time = (at) => `<time data-time="relative" datetime="${at}">?</time>`;
  relative.innerHTML = moments.map(time).join("");
  times.localise(relative);
  const clocks = moments.map((at) => times.clock(Date.parse(at)));
  return [clocks, [...relative.children].map((one) => one.textContent)];
}"""


class Clock(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: object = None) -> "Clock":
        return cls(2026, 10, 25, 1, 30, 0, tzinfo=UTC)


def iso(moment: datetime) -> str:
    """Give a moment as pages mark it up."""
    return moment.isoformat().replace("+00:00", "Z")


def test_clocks_and_dates_are_the_same_in_every_manner(mara: Visitor) -> None:
    mara.page.clock.install(time=datetime(2030, 1, 1, tzinfo=UTC))
    mara.opens("/account")
    number = 0
    for locale in LOCALES:
        for zone in ZONES:
            number += 1
            told = [locale, zone, "2030-01-01T00:00:00Z", [iso(at) for at in MOMENTS], number]
            clocks, dates = mara.page.evaluate(WRITES, told)

            manner = Manner(locale, zone)
            assert clocks == [manner.time(at) for at in MOMENTS], (locale, zone)
            assert dates == [manner.date(at) for at in MOMENTS], (locale, zone)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Los_Angeles"])
def test_relative_times_are_the_same(
    app: Flask, mara: Visitor, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara.page.clock.install(time=NOW)
    mara.opens("/account")
    mara.page.clock.set_fixed_time(NOW)
    moments = [NOW - span for span in SPANS]
    told = ["en-GB", zone, iso(NOW), [iso(at) for at in moments], f"relative-{zone}"]
    _, texts = mara.page.evaluate(WRITES, told)

    monkeypatch.setattr(filters, "datetime", Clock)
    with app.test_request_context():
        g.manner = Manner("en-GB", zone)
        assert texts == [filters.ago(at) for at in moments]


def test_the_browser_knows_every_zone_that_can_be_chosen(mara: Visitor) -> None:
    unknown = mara.page.evaluate(
        """(zones) => zones.filter((zone) => {
          try { new Intl.DateTimeFormat("en-GB", { timeZone: zone }); return false; }
          catch { return true; }
        })""",
        list(zone_choices()),
    )
    assert unknown == []


def test_a_zone_that_a_browser_does_not_know_breaks_nothing(mara: Visitor) -> None:
    told = ["en-GB", "Mars/Olympus", iso(NOW), [iso(NOW)], "mars"]
    clocks, _ = mara.page.evaluate(WRITES, told)

    assert clocks == ["01:30:00"]
