"""Needs attention in a real browser: picked, dismissed, run again, with and without scripts."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import APIResponse, Browser, Route, expect
from sqlalchemy import update

from dashboard import create_app
from dashboard.extensions import db
from dashboard.models import Attempt, DeadLetter, Outcome, State, clock, transaction
from tests.browser.conftest import Desk, Visitor, at_desk
from tests.browser.test_access import LOOKS, faults
from tests.browser.written import written

pytestmark = pytest.mark.browser

CAUSE = "The worker that did this stopped suddenly."
FAILED = 4
# The page asks how many jobs need attention, as where the stream says that it is time to.
LOOK = """async () => {
  const { src } = document.querySelector("script[type=module]");
  const { look } = await import(src.replace("main", "summary"));
  window.looked = look();
}"""
# Longer than a phone is wide, without a blank to break at.
TITLE = "Counting_" * 12


@pytest.fixture
def failed(sqlite_desk: Desk) -> Iterator[Desk]:
    """Give the desk with a few jobs whose worker died at every attempt."""
    app = create_app(INSTANCE_PATH=sqlite_desk.home)
    with app.app_context():
        for number in range(FAILED):
            fail(f"{TITLE}{number}")
    yield sqlite_desk
    with app.app_context():
        with transaction() as session:
            still_open = update(DeadLetter).where(DeadLetter.dismissed_at.is_(None))
            session.execute(still_open.values(dismissed_at=clock(), reason="The test is over."))
        db.engine.dispose()


def fail(title: str) -> None:
    """Write a job into the ledger that needs attention."""
    with transaction() as session:
        now = clock()
        job = written(
            session,
            title=title,
            created_at=now,
            started_at=now,
            finished_at=now,
            attempts_used=3,
            fence=3,
            state=State.FAILED,
            error={"what": CAUSE, "unchanged": "No file was made.", "next": "Tell somebody."},
        )
        session.add(DeadLetter.of(job, now))
        for number in (1, 2, 3):
            session.add(
                Attempt(
                    job_id=job.id,
                    number=number,
                    fence=number,
                    worker="a-worker-with-a-rather-long-name@a-host-with-a-rather-long-name",
                    started_at=now - timedelta(minutes=4 - number),
                    ended_at=now - timedelta(minutes=3 - number),
                    outcome=Outcome.LOST,
                    cause=CAUSE,
                )
            )


@pytest.fixture
def mara(browser: Browser, failed: Desk) -> Iterator[Visitor]:
    """Give an administrator in front of the list."""
    with at_desk(browser, failed) as visitor:
        visitor.signs_in()
        visitor.opens("/attention")
        yield visitor


@pytest.mark.parametrize(("colours", "width"), LOOKS)
def test_axe_finds_nothing_where_something_needs_attention(
    browser: Browser, failed: Desk, colours: str, width: int
) -> None:
    look = {"color_scheme": colours, "viewport": {"width": width, "height": 900}}
    with at_desk(browser, failed, **look) as visitor:
        visitor.signs_in()
        page = visitor.page
        visitor.opens("/attention")
        found = faults(page, "/attention")
        page.get_by_label("Select all").check()
        found += faults(page, "all selected")
        page.get_by_role("button", name=f"Dismiss {FAILED} jobs").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Dismiss {FAILED} jobs")
        page.get_by_role("button", name=f"Dismiss {FAILED} jobs").click()
        expect(page.get_by_role("alert").first).to_contain_text("Nothing was dismissed")
        found += faults(page, "no reason")
        visitor.opens("/attention")
        page.get_by_role("link", name=TITLE).first.click()
        expect(page.get_by_role("heading", name="Attempts")).to_be_visible()
        found += faults(page, "the job")
        visitor.complaints.clear()  # Chromium itself names every 422 in its console.
    assert found == []


def test_the_button_says_how_many_are_picked(mara: Visitor) -> None:
    page = mara.page
    button = page.locator("#pick button[value=dismiss]")
    boxes = page.locator("input[name=job]")
    expect(button).to_be_disabled()
    boxes.nth(0).check()
    expect(button).to_have_text("Dismiss 1 job")
    boxes.nth(1).check()
    expect(button).to_have_text("Dismiss 2 jobs")
    page.get_by_label("Select all").check()
    expect(button).to_have_text(f"Dismiss {FAILED} jobs")
    page.get_by_label("Select all").uncheck()
    expect(button).to_be_disabled()
    expect(button).to_have_text("Dismiss the selected jobs")


def test_what_is_picked_stays_picked_when_the_page_reads_itself_again(mara: Visitor) -> None:
    page = mara.page
    expect(page.locator("#stream")).to_have_text("Live")
    boxes = page.locator("input[name=job]")
    boxes.nth(1).check()
    page.evaluate(
        """new Promise((done) => {
            document.addEventListener("desk:morphed", done, { once: true });
            for (const name of ["offline", "online"]) window.dispatchEvent(new Event(name));
        })"""
    )
    expect(boxes.nth(1)).to_be_checked()
    expect(page.locator("input[name=job]:checked")).to_have_count(1)
    expect(page.locator("#pick button[value=dismiss]")).to_have_text("Dismiss 1 job")


def test_picked_by_keyboard_and_dismissed_with_one_reason(mara: Visitor) -> None:
    page = mara.page
    for place in (0, 1):
        page.locator("input[name=job]").nth(place).focus()
        page.keyboard.press("Space")
    page.locator("#pick button[value=dismiss]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dismiss 2 jobs")
    page.get_by_label("Reason").fill("The machine was replaced.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 jobs are dismissed.")).to_be_visible()
    expect(page.locator("input[name=job]")).to_have_count(FAILED - 2)
    counted = page.locator(".nav .count[data-tone=bad] [aria-hidden]")
    expect(counted).to_have_text(str(FAILED - 2))
    page.get_by_role("link", name="Dismissed", exact=True).click()
    expect(page.get_by_text("The machine was replaced.").first).to_be_visible()


def test_a_late_look_never_takes_the_number_back(mara: Visitor) -> None:
    page = mara.page
    kept: list[tuple[Route, APIResponse]] = []

    def keep(route: Route) -> None:
        kept.append((route, route.fetch()))

    page.route("**/live/summary?*", keep, times=1)
    with page.expect_request("**/live/summary?*"):
        page.evaluate(LOOK)
    page.get_by_role("link", name="Dismiss", exact=False).last.click()
    page.get_by_label("Reason").fill("The machine was replaced.")
    page.get_by_role("button", name="Dismiss 1 job").click()
    expect(page.get_by_text("is dismissed.")).to_be_visible()
    counted = page.locator(".nav .count[data-tone=bad] [aria-hidden]")
    expect(counted).to_have_text(str(FAILED - 1))

    route, answer = kept[0]
    route.fulfill(response=answer)

    page.evaluate("() => window.looked")
    expect(counted).to_have_text(str(FAILED - 1))


def test_run_again_does_the_work_and_settles_it(mara: Visitor) -> None:
    page = mara.page
    page.get_by_role("button", name="Run again").first.click()
    expect(page.get_by_text("1 file, ready")).to_be_visible(timeout=60_000)
    mara.opens("/attention")
    expect(page.locator("input[name=job]")).to_have_count(FAILED - 1)


def test_all_of_it_works_without_scripts(browser: Browser, failed: Desk) -> None:
    with at_desk(browser, failed, java_script_enabled=False) as visitor:
        visitor.signs_in()
        page = visitor.page
        page.get_by_role("navigation", name="Main").get_by_role("link", name="attention").click()
        expect(page.get_by_label("Select all")).to_be_hidden()
        for place in (0, 1, 2):
            page.locator("input[name=job]").nth(place).check()
        page.get_by_role("button", name="Dismiss the selected jobs").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Dismiss 3 jobs")
        page.get_by_role("button", name="Dismiss 3 jobs").click()
        expect(page).to_have_title("Error: Dismiss 3 jobs · Bellhop")
        page.get_by_label("Reason").fill("Known.")
        page.get_by_role("button", name="Dismiss 3 jobs").click()
        expect(page.get_by_text("3 jobs are dismissed.")).to_be_visible()
        expect(page.locator("input[name=job]")).to_have_count(FAILED - 3)
        page.get_by_role("link", name="Dismiss", exact=False).last.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Dismiss 1 job")
        visitor.complaints.clear()  # Chromium itself names every 422 in its console.
