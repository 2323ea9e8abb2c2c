"""While a job goes from the line to its end, nothing on a page moves about under the reader."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.jobs import find
from dashboard.jobs.events import tell_of
from dashboard.showcase.choices import at_the_desk, brief
from dashboard.showcase.player import Player, job_of
from dashboard.showcase.stage import Stage
from dashboard.web.users import find_user
from tests.browser.conftest import EMAIL, PASSWORD
from tests.browser.screens.look import HEIGHTS, Place

pytestmark = pytest.mark.browser

QUEUE = "demo-still"  # no worker takes it: the test plays the worker
STEPS = ["Count the rows", "Read the rows and write CSV", "Store the files"]
TOTAL = 84_000
# What moved up or down without anybody having pressed a key or a button. (A figure that gets one
# more digit moves the word beside it to the side: that counts as little as it is seen.)
WATCH = """
window.moved = [];
window.shifted = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput || window.stage === "at the end") continue;
    window.shifted += entry.value;
    for (const { node, previousRect: from, currentRect: to } of entry.sources) {
      if (from.y === to.y) continue;
      const what = node?.outerHTML?.slice(0, 90) ?? node?.textContent;
      window.moved.push(`${window.stage}: ${what} from ${from.y} to ${to.y}`);
    }
  }
}).observe({ type: "layout-shift" });
"""
LEAST_SHIFT = 0.001  # of the score for cumulative layout shift, in which 0.1 is still called good


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_about_while_a_job_goes_from_the_line_to_its_end(
    browser: Browser, full_desk: Place, width: int
) -> None:
    app = full_desk.app
    player = Player(QUEUE)
    with app.app_context():
        kind, mara = find("sales-by-region"), find_user(EMAIL)
        assert kind is not None
        assert mara is not None
        with at_the_desk():
            choices = brief(kind, find_user(EMAIL) or mara).params
        job_id = player.start(kind, choices, by=mara)
        stage = Stage(mara, [mara], [kind], steps={kind.name: STEPS})
        with pages_at(browser, full_desk, width, f"/jobs/{job_id}") as pages:
            player.claim()
            for percent in (0, 3, 17, 48, 99):
                stage.say(job_id, f"Read {TOTAL * percent // 100:,} rows")
                stage.count(job_id, TOTAL * percent // 100 + 1, TOTAL, seconds=percent, left=90)
                tell_of(job_of(job_id))
                for page in pages:
                    shows(page, f"{percent}%")
                if percent == 0:
                    # With the begin another page has come: from here on it is the same.
                    act(pages, "at the begin", forget=True)
                act(pages, f"at {percent} %")
            moved = [page.evaluate("moved") for page in pages]
            shifted = [page.evaluate("shifted") for page in pages]
            # With the end another page comes again.
            act(pages, "at the end")
            player.succeed(job_id, rows=TOTAL, formats=["csv", "xlsx"])
            shows(pages[0], "2 files, ready")
    assert moved == [[], [], []]
    assert max(shifted) < LEAST_SHIFT


# Two frames: what has come so far is drawn, and the observer has seen it.
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@contextmanager
def pages_at(browser: Browser, place: Place, width: int, job: str) -> Iterator[list[Page]]:
    """Open the page of a job, home and history, all of them live and watched."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHTS[width]})
    page = context.new_page()
    page.goto(f"{place.url}/sign-in")
    page.get_by_label("Work e-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{place.url}/")
    pages = [page, context.new_page(), context.new_page()]
    for each, path in zip(pages, (job, "/", "/jobs"), strict=True):
        each.goto(f"{place.url}{path}")
        expect(each.locator("#stream")).to_have_text("Live")
        each.evaluate(WATCH)
    yield pages
    context.close()


def act(pages: list[Page], name: str, *, forget: bool = False) -> None:
    """Wait until everything is drawn; what moves from now on does so at *name*."""
    for page in pages:
        page.evaluate(DRAWN)
        page.evaluate("name => { window.stage = name }", name)
        if forget:
            page.evaluate("() => { window.moved = []; window.shifted = 0 }")


def shows(page: Page, text: str) -> None:
    """Wait until the page shows *text*."""
    expect(page.locator("main").get_by_text(text).first).to_be_visible()
