"""What a live update of a bar costs the browser's main thread, with all that a page does beside."""

from collections.abc import Iterator

from playwright.sync_api import CDPSession, Page

from bench import browser
from bench.desk import Desk
from bench.fresh import started
from bench.measure import Line, Setting, at_most, skipped
from bench.numbers import numbers_desk
from bench.people import joining
from dashboard.jobs.telling import FACT_SECONDS

JOBS = 5  # as bench.ways.bars has them
MOST = 4.0  # milliseconds of an update
START_SECONDS = 30.0
WARM_SECONDS = 8.0  # by then a page has shown every part that it will show
WORK = "TaskDuration"  # all tasks of the main thread: scripts, styles, layout, paint, rubbish
COUNT = "window.updates = 0; document.addEventListener('desk:morphed', () => window.updates++)"
PARTS = {"script": "ScriptDuration", "styles and layout": "LayoutDuration"}


def take(setting: Setting) -> Iterator[Line]:
    """Let five jobs run and look at home, then at the page of one of them."""
    what = "an update of a bar"
    if browser.found() is None:
        yield skipped(what, "no Chromium")
        return
    seconds = setting.times(30, 10)
    with numbers_desk(setting) as desk, browser.chromium() as chromium:
        page = chromium.new_context().new_page()
        page.goto(f"{browser.address(desk)}/sign-in")
        browser.sign_in(page, desk)
        told = {"settings": joining(desk), "email": desk.email}
        with started("bars", setting.folder, **told) as bars:
            job_id = bars.hear("jobs ", START_SECONDS).split()[1]
            for name, path, jobs in (
                ("home, five running", "/", JOBS),
                ("the job's page", f"/jobs/{job_id}", 1),
            ):
                # A page of its own: what another one leaves behind is no work of this one.
                tab = page.context.new_page()
                page.close()
                page = tab
                yield _cost(name, page, desk, path, jobs, seconds)


def _cost(name: str, page: Page, desk: Desk, path: str, jobs: int, seconds: int) -> Line:
    """Open *path*, which shows so many *jobs*, let it become calm, and look for some seconds."""
    page.goto(f"{browser.address(desk)}{path}")
    page.wait_for_selector("#stream[data-state=live]")
    cdp = page.context.new_cdp_session(page)
    # By the processor's time: who else works on this machine is no matter of the page.
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.wait_for_timeout(WARM_SECONDS * 1000)
    page.evaluate(COUNT)
    before = _spent(cdp)
    page.wait_for_timeout(seconds * 1000)
    after, seen = _spent(cdp), page.evaluate("window.updates")
    cdp.detach()
    facts = jobs * seconds / FACT_SECONDS
    # Of one fact the page may hear in several parts.
    assert seen > 0.9 * facts, f"Only {seen} of {facts:.0f} updates came."
    each = {part: (after[part] - before[part]) / facts * 1000 for part in after}
    parts = ", ".join(f"{part} {each[metric]:.2f}" for part, metric in PARTS.items())
    return at_most(f"an update of a bar, {name}", each[WORK], MOST, "ms", f"({parts})")


def _spent(cdp: CDPSession) -> dict[str, float]:
    """Give the seconds that the page has worked so far, in all and in parts."""
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in metrics if each["name"].endswith("Duration")}
