"""A browser window with tabs that are truly hidden, and a witness in each of its pages."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.conftest import BROWSERS, FLAGS
from tests.people import Person
from tests.started import Started

WITNESS = Path(__file__).with_name("witness.js")
PATIENCE = 30_000
"""Milliseconds that what must happen may take on a busy machine."""

# The browser itself writes this line whenever a server is away; no page can prevent it.
NETWORK = "Failed to load resource: net::ERR_"


@dataclass
class Tab:
    """A tab, and what the browser complained of."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def opens(self, path: str) -> None:
        """Open a page of the desk; from now on it may not be loaded again."""
        self.page.goto(f"{self.url}{path}")
        self.page.evaluate("witness.stayed = true")

    def says(self, word: str, timeout: float = PATIENCE) -> None:
        """Wait until the page says how live it is."""
        expect(self.page.locator("#stream")).to_have_text(word, timeout=timeout)

    def shows(self, text: str, timeout: float = PATIENCE) -> None:
        """Wait until the page shows *text*."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=timeout)

    def shows_percent(self, least: int, timeout: float = PATIENCE) -> None:
        """Wait until the bar stands at *least* percent."""
        self.page.wait_for_function(
            "least => document.querySelector('progress')?.value >= least",
            arg=least,
            timeout=timeout,
        )

    def counts(self, running: int, timeout: float = PATIENCE) -> None:
        """Wait until the navigation says that so many jobs run."""
        words = f"{running}, {running} running" if running else ""
        expect(self.page.locator("[data-count=running]")).to_have_text(words, timeout=timeout)

    def answered(self, path: str) -> AbstractContextManager[Any]:
        """Wait, at the end of the block, until the page has the answer to what it asked *path*."""
        return self.page.expect_request_finished(lambda each: urlsplit(each.url).path == path)

    def asks(self, path: str) -> None:
        """Let the page ask for *path* and wait for the answer: what was on its way has come."""
        self.page.evaluate("async (path) => (await fetch(path)).text()", path)

    def words(self) -> list[str]:
        """Give the words that the page has said, in order."""
        found: list[str] = self.page.evaluate("witness.words")
        return found

    def ends_well(self) -> None:
        """Check that the page showed the truth to the end: the same page, never backwards."""
        self.shows("1 file, ready")
        expect(self.page).to_have_title("✓ Ready Counting · Bellhop")
        expect(self.page.locator("progress")).to_have_count(0)
        self.stayed()

    def stayed(self) -> None:
        """Check that the page was never loaded again, never went backwards, never complained."""
        assert self.page.evaluate("witness.stayed") is True
        bars: list[list[Any]] = self.page.evaluate("witness.bars")
        assert bars == sorted(bars, key=lambda bar: (bar[0], bar[1]))
        assert bars == sorted(bars, key=lambda bar: (bar[0], bar[2]))
        titles: list[int] = self.page.evaluate("witness.titles")
        assert titles == sorted(titles)
        assert self.complaints == []

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(NETWORK):
            self.complaints.append(message.text)


@dataclass
class Window:
    """One window of one browser: the tab in front is the only one that is visible."""

    context: BrowserContext
    url: str
    tabs: list[Tab] = field(default_factory=list)

    def opens(self, path: str, *, clock: bool = False) -> Tab:
        """Open a page of the desk in a new tab, in front; with a *clock* the test can turn it."""
        tab = Tab(self.context.new_page(), self.url)
        if clock:
            tab.page.clock.install()
        self.tabs.append(tab)
        tab.opens(path)
        return tab

    def signs_in(self, person: Person) -> None:
        """Let *person*, who has signed in elsewhere, be the one who uses this browser."""
        cookie = person.client.get_cookie("bellhop_session")
        assert cookie is not None
        self.context.clear_cookies()
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.url}])

    def shows(self, tab: Tab) -> None:
        """Bring *tab* to the front; the others are hidden."""
        tab.page.bring_to_front()

    def freezes(self, tab: Tab) -> None:
        """Hide *tab* and let nothing run in it any more, as a browser does to save power."""
        self._lives(tab, "frozen")

    def thaws(self, tab: Tab) -> None:
        """Let *tab* run again and bring it to the front."""
        self._lives(tab, "active")
        # Chromium takes the tab for the one in front still, though freezing has hidden it.
        other = self.context.new_page()
        self.shows(tab)
        other.close()

    def closes(self) -> None:
        """Close all tabs and forget who was signed in."""
        for tab in self.tabs:
            tab.page.close()
        self.tabs.clear()
        self.context.clear_cookies()

    def _lives(self, tab: Tab, state: str) -> None:
        session = self.context.new_cdp_session(tab.page)
        session.send("Page.setWebLifecycleState", {"state": state})
        session.detach()


@contextmanager
def window(folder: Path, url: str) -> Iterator[Window]:
    """Start Chromium as it is, without what Playwright does to keep every tab awake."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("No Chromium is here: install it to run the browser tests.")
    ways = ["--headless=new", "--remote-debugging-port=0", f"--user-data-dir={folder}"]
    with Started([path, *ways, *FLAGS, "about:blank"]) as program, sync_playwright() as playwright:
        address = program.hear("DevTools listening on ").split()[-1]
        browser = playwright.chromium.connect_over_cdp(address, no_defaults=True)
        context = browser.contexts[0]
        context.add_init_script(path=WITNESS)
        yield Window(context, url)
        browser.close()
