"""A live page never gets into the way of whoever uses it, and tells everywhere what it tells."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk, Visitor, at_desk
from tests.browser.long import FINISHED, counting, start, wait_for_updates, wait_until_live

pytestmark = pytest.mark.browser

# What the tab has shown: every address of its sign, every title.
WATCH_TAB = """() => {
  const note = () => {
    const address = document.getElementById("icon").getAttribute("href");
    window.signs.add(address.replace(/.*?v=\\w+&?/, ""));
    window.titles.add(document.title);
  };
  [window.signs, window.titles] = [new Set(), new Set()];
  const all = {subtree: true, childList: true, attributes: true};
  new MutationObserver(note).observe(document.head, all);
  note();
}"""
WATCH_VOICES = """() => {
  window.said = [];
  for (const id of ["announcer", "alarm"]) {
    const region = document.getElementById(id);
    const note = () => window.said.push(region.textContent);
    new MutationObserver(note).observe(region, {childList: true});
  }
}"""
WATCH_SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) {
      const moved = shift.sources.map((one) => one.node?.outerHTML ?? one.node?.data);
      window.shifts.push([shift.value, ...moved]);
    }
  }).observe({type: "layout-shift"});
}"""
# What a figure shifts by that is aligned at its end and has grown by a digit; 0.1 is called good.
LEAST_SHIFT = 0.0005
PLACES = {"home": ".running h3 a", "history": "tbody th a", "job": "[data-acts] button"}


@pytest.fixture(scope="module")
def running(browser: Browser, sqlite_desk: Desk) -> Iterator[str]:
    """Give the path of a job that runs while the tests of this file look at it."""
    with at_desk(browser, sqlite_desk) as visitor:
        visitor.signs_in()
        with counting(visitor) as path:
            yield path


def opens(visitor: Visitor, view: str, running: str) -> Page:
    """Open a page that shows the running job, and wait until it is live."""
    visitor.opens({"home": "/", "history": "/jobs", "job": running}[view])
    wait_until_live(visitor.page)
    return visitor.page


def place(view: str, running: str) -> str:
    """Give the selector of something in the job's own part of a page that can have the focus."""
    if view == "job":
        return PLACES[view]
    return f'{PLACES[view]}[href="{running}"]'


@pytest.mark.parametrize("view", PLACES)
def test_the_focus_stays_where_it_is(mara: Visitor, running: str, view: str) -> None:
    page = opens(mara, view, running)
    focused = page.locator(place(view, running)).first
    focused.focus()
    handle = focused.element_handle()

    wait_for_updates(page, 5)

    assert page.evaluate("node => node === document.activeElement", handle)


@pytest.mark.parametrize("view", PLACES)
def test_what_is_selected_stays_selected(mara: Visitor, running: str, view: str) -> None:
    page = opens(mara, view, running)
    name = "h1" if view == "job" else place(view, running)
    page.locator(name).first.evaluate("node => getSelection().selectAllChildren(node)")

    wait_for_updates(page, 5)

    assert page.evaluate("getSelection().toString()") == page.locator(name).first.inner_text()


@pytest.mark.parametrize("view", PLACES)
def test_the_page_scrolls_for_its_reader_only(mara: Visitor, running: str, view: str) -> None:
    mara.page.set_viewport_size({"width": 700, "height": 300})
    page = opens(mara, view, running)
    page.evaluate("scrollTo(0, 120)")

    wait_for_updates(page, 5)

    assert page.evaluate("scrollY") == 120


def test_typed_text_stays_when_a_list_is_read_again(mara: Visitor, running: str) -> None:
    page = opens(mara, "history", running)
    field = page.get_by_label("Find", exact=True)
    field.press_sequentially("half a wo")

    # A job that is new to the list makes the page read itself again.
    other = page.context.new_page()
    path = start(other, mara.desk, 3)
    expect(other.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)
    other.close()
    expect(page.locator(f'tbody a[href="{path}"]').first).to_be_visible()

    expect(field).to_be_focused()
    expect(field).to_have_value("half a wo")
    assert page.evaluate("document.activeElement.selectionStart") == len("half a wo")


def test_the_focus_of_a_button_that_goes_is_never_that_of_another(mara: Visitor) -> None:
    page = mara.page
    path = start(page, mara.desk, 2_000_000)
    wait_until_live(page)
    page.get_by_role("button", name="Cancel job").focus()

    expect(page.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)

    around = page.evaluate("[document.activeElement.localName, document.activeElement.tabIndex]")
    assert around[0] not in ("body", "button", "a")
    assert around[1] == -1
    page.keyboard.press("Tab")  # It goes on from there.
    assert page.evaluate("document.getElementById('content').contains(document.activeElement)")
    assert page.url.endswith(path)


def test_the_tab_tells_how_far_a_job_is_and_how_it_ended(mara: Visitor) -> None:
    page = mara.page
    start(page, mara.desk, 1_500_000)
    wait_until_live(page)
    page.evaluate(WATCH_TAB)

    expect(page.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)
    expect(page).to_have_title("✓ Ready Counting · Bellhop")

    signs, titles = page.evaluate("[[...signs], [...titles]]")
    told = [sign for sign in signs if re.fullmatch(r"state=running&percent=[0-9]0?", sign)]
    assert len(told) > 2
    assert signs[-1] == "state=succeeded"
    assert any(re.match(r"\d+% Counting · Bellhop", title) for title in titles)


def test_the_tab_counts_what_runs_and_is_plain_again_when_nothing_does(mara: Visitor) -> None:
    page = mara.page
    mara.opens("/account")
    wait_until_live(page)
    before = sign(page)
    assert before in ("", "state=running")  # The job of the other tests may run.

    with counting(mara, 90_000_000):
        expect(page).to_have_title(re.compile(r"\(\d+\) "))
        assert sign(page) == "state=running"
        running = int(page.locator("[data-count=running] > span").first.inner_text())
    if running == 1:
        expect(page).to_have_title("Account · Bellhop")
        assert sign(page) == ""
    else:
        expect(page.locator("[data-count=running] > span").first).to_have_text(str(running - 1))


def sign(page: Page) -> str:
    """Give what the sign of the tab shows."""
    href = page.locator("#icon").get_attribute("href") or ""
    return href.partition("&")[2]


def test_every_sign_of_a_tab_is_a_picture_of_its_own(mara: Visitor) -> None:
    endings = ["", "state=succeeded", "state=failed", "state=running"]
    endings += [f"state=running&percent={tens}" for tens in range(0, 100, 10)]
    drawn = mara.page.evaluate(
        """async (endings) => Promise.all(endings.map(async (ending) => {
          const picture = new Image(32, 32);
          picture.src = `${document.documentElement.dataset.iconUrl}&${ending}`;
          await picture.decode();
          const canvas = new OffscreenCanvas(32, 32).getContext("2d");
          canvas.drawImage(picture, 0, 0, 32, 32);
          return canvas.getImageData(0, 0, 32, 32).data.join();
        }))""",
        endings,
    )
    assert len(set(drawn)) == len(endings)
    answer = mara.page.request.get(f"{mara.desk.url}/icon.svg?state=running&percent=60")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_what_is_said_aloud_are_quarters_and_the_end(mara: Visitor) -> None:
    page = mara.page
    start(page, mara.desk, 1_500_000)
    wait_until_live(page)
    page.evaluate(WATCH_VOICES)

    expect(page.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)
    page.wait_for_function("() => window.said.some((text) => text.includes('Counting is ready.'))")

    said = page.evaluate("window.said")
    assert len(said) <= 4
    for text in said:
        assert re.fullmatch(r"(\d\d percent done\.|Counting is ready\.| )+", text), said


def test_many_things_at_once_are_said_as_one(mara: Visitor) -> None:
    page = mara.page
    page.evaluate(WATCH_VOICES)
    page.evaluate(
        """async () => {
          const { src } = document.querySelector("script[type=module]");
          const voice = await import(src.replace("main", "voice"));
          for (let job = 1; job <= 40; job++) voice.say(`Job ${job} is ready.`);
          for (let job = 1; job <= 3; job++) voice.say(`Job ${job} is ready.`);
          voice.say("One failed.", "bad");
        }"""
    )
    page.wait_for_function("() => window.said.length === 2")

    assert sorted(page.evaluate("window.said")) == [
        "Job 1 is ready. Job 2 is ready. And 38 more.",
        "One failed.",
    ]


def test_a_job_that_ends_elsewhere_is_told_with_its_download(mara: Visitor, tmp_path: Path) -> None:
    page = mara.page
    mara.opens("/files")
    wait_until_live(page)
    other = page.context.new_page()
    start(other, mara.desk, 5)

    toast = page.locator(".toast", has_text="Counting is ready.")
    expect(toast).to_be_visible(timeout=FINISHED)
    with page.expect_download() as caught:
        toast.get_by_role("link", name="Download").click()
    other.close()

    path = tmp_path / "counted.csv"
    caught.value.save_as(path)
    assert len(path.read_text().splitlines()) == 6
    expect(toast).to_be_visible()  # It stays until it is closed.
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_be_hidden()


@pytest.mark.parametrize("view", PLACES)
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_about_while_figures_change(
    mara: Visitor, running: str, view: str, width: int
) -> None:
    mara.page.set_viewport_size({"width": width, "height": 900})
    page = opens(mara, view, running)
    wait_for_updates(page, 2)
    page.evaluate(WATCH_SHIFTS)

    wait_for_updates(page, 20)

    shifts = page.evaluate("window.shifts")
    assert sum(value for value, *_ in shifts) < LEAST_SHIFT, shifts


@pytest.mark.parametrize("view", PLACES)
def test_whoever_asked_for_less_motion_sees_none(
    browser: Browser, sqlite_desk: Desk, running: str, view: str
) -> None:
    options: dict[str, Any] = {"reduced_motion": "reduce"}
    with at_desk(browser, sqlite_desk, **options) as visitor:
        visitor.signs_in()
        page = opens(visitor, view, running)
        for _ in range(4):
            wait_for_updates(page, 1)
            assert page.evaluate("document.getAnimations().length") == 0


def test_the_reader_is_you_and_times_are_theirs_after_each_update(
    mara: Visitor, running: str
) -> None:
    page = opens(mara, "history", running)
    row = page.locator("tr", has=page.locator(f'a[href="{running}"]'))

    for _ in range(3):
        wait_for_updates(page, 1)
        expect(row.locator("[data-person]")).to_have_text("You")
        expect(row.locator("time").first).to_have_text(re.compile(r"just now|\d+ \w+ ago"))
