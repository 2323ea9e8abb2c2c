"""Looks at a screen as the rules for pages do, and takes its picture."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.browser.conftest import PASSWORD
from tests.browser.screens.catalogue import WITHOUT_JS, Screen

DESKTOP: Final = 1280
PHONE: Final = 390
SMALLEST: Final = 320
HEIGHTS: Final = {DESKTOP: 900, PHONE: 844, SMALLEST: 640}
Theme = Literal["light", "dark"]
# Each width and each theme once; pictures are taken of them all, and then all are looked through.
TWO: Final[tuple[tuple[int, Theme], ...]] = ((DESKTOP, "light"), (PHONE, "dark"))
ALL: Final[tuple[tuple[int, Theme], ...]] = (*TWO, (DESKTOP, "dark"), (PHONE, "light"))
LOOKS: Final = {DESKTOP: "desktop", PHONE: "phone"}
PATIENCE: Final = 10_000  # milliseconds; a page on this machine takes a tenth of one
RULES: Final = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
AXE: Final = Axe().axe_script
REPORT: Final = """
addEventListener("securitypolicyviolation", event => {
  console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI} ${event.sample}`);
});
"""
# Which of the texts of a page, and of those that are only read out, are among some messages.
LEFT: Final = """messages => {
  const known = new Set(messages);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  const isOurs = node => node.parentElement.closest("[lang]") === document.documentElement;
  while (walker.nextNode()) if (isOurs(walker.currentNode)) texts.push(walker.currentNode.data);
  for (const name of ["aria-label", "title", "placeholder", "aria-valuetext"]) {
    for (const node of document.querySelectorAll(`[${name}]`)) texts.push(node.getAttribute(name));
  }
  return [...new Set(texts.map(text => text.trim()))].filter(text => known.has(text));
}"""
# Where what reaches too far begins.
WIDEST: Final = """() => [...document.body.querySelectorAll("*")]
  .filter(node => node.getBoundingClientRect().right > innerWidth)
  .map(node => node.outerHTML.slice(0, 80)).at(-1)"""


@dataclass
class Place:
    """A desk to be looked at: its address, its people, and the ids that paths name.

    *app* is one more of it in this process, on the same ledger.
    """

    app: Flask
    url: str
    people: dict[str, str]
    ids: dict[str, str] = field(default_factory=dict)


@dataclass
class Visit:
    """A page of the browser, and all that it or the browser complained of since it was opened."""

    page: Page
    complaints: list[str] = field(default_factory=list)


@dataclass
class Eyes:
    """Looks at screens of *places*; a page of the browser is opened once for each person.

    The browser asks for pages in *locale*, which those who have not signed in then read.
    """

    browser: Browser
    places: dict[str, Place]
    pictures: Path | None
    locale: str = "en-GB"
    _visits: dict[tuple[str, str], Visit] = field(default_factory=dict)
    _sessions: dict[tuple[str, str], Any] = field(default_factory=dict)

    def look(self, screen: Screen) -> list[str]:
        """Open *screen* and give all that is wrong with it, light and dark, wide and narrow."""
        place = self.places[screen.desk]
        with self._visit(screen) as visit:
            page = visit.page
            visit.complaints.clear()
            page.set_viewport_size({"width": DESKTOP, "height": HEIGHTS[DESKTOP]})
            page.goto(place.url + screen.path.format_map(self.ids(screen)))
            if screen.way is not None:
                screen.way(page)
            elif page.locator("#stream").count() and not screen.options:
                expect(page.locator("#stream")).to_have_text("Live")
            found = [] if page.title().strip() else ["The page has no title."]
            if (headings := page.locator("h1").count()) != 1:
                found.append(f"The page has {headings} headings of the first level.")
            for width, theme in TWO if self.pictures is None else ALL:
                page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                page.emulate_media(color_scheme=theme)
                if screen.options != WITHOUT_JS:  # axe itself needs it.
                    found += [f"{theme}, {width} px: {each}" for each in faults(page)]
                self._take(page, f"{screen.name}-{theme}-{LOOKS[width]}")
            page.set_viewport_size({"width": SMALLEST, "height": HEIGHTS[SMALLEST]})
            found += sideways(page)
            heard = [each for each in visit.complaints if not excused(each, screen)]
        return found + heard

    def read(self, screen: Screen, messages: list[str]) -> list[str]:
        """Open *screen* on the smallest phone and give all that is wrong with its words.

        None of the English *messages* may be left, for its person reads another language.
        """
        with self._visit(screen) as visit:
            page = visit.page
            visit.complaints.clear()
            page.set_viewport_size({"width": SMALLEST, "height": HEIGHTS[SMALLEST]})
            page.goto(self.places[screen.desk].url + screen.path.format_map(self.ids(screen)))
            if page.locator("#stream").count():
                expect(page.locator("#stream")).to_have_text("Live")
            found = [f"Still English: {text}" for text in page.evaluate(LEFT, messages)]
            found += sideways(page)
            if self.pictures is not None:
                page.set_viewport_size({"width": PHONE, "height": HEIGHTS[PHONE]})
                self._take(page, f"{screen.name}-{page.evaluate('document.documentElement.lang')}")
            return found + [each for each in visit.complaints if not excused(each, screen)]

    def ids(self, screen: Screen) -> dict[str, str]:
        """Give the ids that the path of *screen* may name."""
        return self.places[screen.desk].ids

    def close(self) -> None:
        """Close all that was opened."""
        for visit in self._visits.values():
            visit.page.context.close()

    @contextmanager
    def _visit(self, screen: Screen) -> Iterator[Visit]:
        key = screen.desk, screen.who
        if screen.alone or screen.options:
            visit = self._open(*key, **screen.options)
            try:
                yield visit
            finally:
                visit.page.context.close()
            return
        if key not in self._visits:
            self._visits[key] = self._open(*key)
        yield self._visits[key]

    def _open(self, desk: str, who: str, **options: Any) -> Visit:
        place = self.places[desk]
        context = self.browser.new_context(
            storage_state=self._session(desk, who),
            reduced_motion="reduce",
            locale=self.locale,
            **options,
        )
        return listening(context, place)

    def _session(self, desk: str, who: str) -> Any:
        if who == "nobody":
            return None
        if (desk, who) not in self._sessions:
            place = self.places[desk]
            context = self.browser.new_context()
            page = context.new_page()
            page.goto(f"{place.url}/sign-in")
            page.get_by_label("Work e-mail").fill(place.people[who])
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{place.url}/")
            self._sessions[desk, who] = context.storage_state()
            context.close()
        return self._sessions[desk, who]

    def _take(self, page: Page, name: str) -> None:
        if self.pictures is not None:
            path = self.pictures / f"{name}.png"
            # A window as high as the page: what stays at its edge is where it belongs.
            width = page.evaluate("innerWidth")
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=path, animations="disabled")


def listening(context: BrowserContext, place: Place) -> Visit:
    """Open a page of *context* and note what the browser complains of, and whom it calls."""
    context.set_default_timeout(PATIENCE)
    context.add_init_script(REPORT)
    visit = Visit(context.new_page())

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visit.complaints.append(message.text)

    def see(request: Request) -> None:
        if not request.url.startswith((place.url, "data:", "blob:")):
            visit.complaints.append(f"The page called {request.url}.")

    visit.page.on("console", hear)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("request", see)
    return visit


def faults(page: Page) -> list[str]:
    """Give what axe finds by WCAG 2.2 AA and by best practice."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{each['id']} {node['target']}" for each in found["violations"] for node in each["nodes"]
    ]


def sideways(page: Page) -> list[str]:
    """Give what makes the page scroll sideways, if it does."""
    wide, room = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    if wide <= room:
        return []
    return [f"The page is {wide} px wide in {room} px: {page.evaluate(WIDEST)}"]


def excused(complaint: str, screen: Screen) -> bool:
    """Whether the complaint belongs to *screen*."""
    return any(words in complaint for words in screen.excused)
