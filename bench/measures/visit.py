"""What a first visit costs: bytes on the wire of sign-in and home, and when something is seen."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import BrowserContext, Page

from bench import browser
from bench.desk import Desk
from bench.measure import Line, Setting, at_most, skipped
from bench.numbers import numbers_desk
from bench.spread import middle

MOST_KB = 60.0  # of 1,000 bytes, without the font
MOST_PAINT = 500.0  # milliseconds
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
SETTLED = "() => document.fonts.status === 'loaded' && document.readyState === 'complete'"


def take(setting: Setting) -> Iterator[Line]:
    """Visit with browsers that know nothing of the desk yet."""
    if browser.found() is None:
        yield skipped("a first visit", "no Chromium")
        return
    times = setting.times(15, 5)
    with numbers_desk(setting) as desk, browser.chromium() as chromium:
        _visit(chromium.new_context(), desk)  # The desk itself is at work for the first time.
        wires = [_visit(chromium.new_context(), desk) for _ in range(times)]
        yield at_most(
            "sign-in and home, without the font",
            middle([wire.kilobytes() for wire in wires]),
            MOST_KB,
            "KB",
            f"({wires[0].told()})",
        )
        for path in ("/sign-in", "/"):
            paints = [_paint(chromium.new_context(), desk, path) for _ in range(times)]
            yield at_most(
                f"first contentful paint of {path}, nothing cached",
                middle(paints),
                MOST_PAINT,
                "ms",
                f"(slowest of {times}: {max(paints):.0f})",
            )


class Wire:
    """Listens to what a page loads; sizes are those on the wire, headers with them."""

    def __init__(self, page: Page) -> None:
        self._kinds: dict[str, str] = {}
        self.sizes: dict[str, float] = {}
        cdp = page.context.new_cdp_session(page)
        cdp.on("Network.responseReceived", self._came)
        cdp.on("Network.loadingFinished", self._ended)
        cdp.send("Network.enable")

    def _came(self, event: dict[str, Any]) -> None:
        self._kinds[event["requestId"]] = event["type"]

    def _ended(self, event: dict[str, Any]) -> None:
        kind = self._kinds.get(event["requestId"], "Other")
        self.sizes[kind] = self.sizes.get(kind, 0) + event["encodedDataLength"] / 1000

    def kilobytes(self) -> float:
        """Give all but the font."""
        return sum(size for kind, size in self.sizes.items() if kind != "Font")

    def told(self) -> str:
        """Give the parts in words."""
        parts = sorted(self.sizes.items(), key=lambda part: -part[1])
        return ", ".join(f"{kind.lower()} {size:.1f}" for kind, size in parts)


def _visit(context: BrowserContext, desk: Desk) -> Wire:
    """Sign in and see home; gives what came over the wire."""
    page = context.new_page()
    wire = Wire(page)
    page.goto(f"{browser.address(desk)}/sign-in")
    page.wait_for_function(SETTLED)
    browser.sign_in(page, desk)
    page.wait_for_selector("#stream[data-state=live]")
    page.wait_for_function(SETTLED)
    context.close()
    return wire


def _paint(context: BrowserContext, desk: Desk, path: str) -> float:
    """Give the milliseconds until a page shows something, with an empty cache."""
    page = context.new_page()
    if path != "/sign-in":
        page.goto(f"{browser.address(desk)}/sign-in")
        browser.sign_in(page, desk)
        context.new_cdp_session(page).send("Network.clearBrowserCache")
        page.goto("about:blank")
    page.goto(f"{browser.address(desk)}{path}")
    while (paint := page.evaluate(PAINT)) is None:
        page.wait_for_timeout(20)
    context.close()
    return float(paint)
