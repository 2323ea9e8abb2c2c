"""History in a real browser: jobs are picked, changed together, and stay picked meanwhile."""

import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select, update

from dashboard import create_app
from dashboard.extensions import db
from dashboard.jobs.events import tell_of
from dashboard.models import Job, State, clock, transaction
from tests.browser.conftest import Desk, Visitor, at_desk
from tests.browser.test_access import LOOKS, faults
from tests.browser.test_refetch import reads
from tests.browser.written import written

pytestmark = pytest.mark.browser

WORD = "Penguins"
COUNT = 4
# Longer than a phone is wide, without a blank to break at.
TITLE = f"{WORD} " + "counted_" * 12
LIST = f"/jobs?q={WORD}"


@pytest.fixture
def listed(sqlite_desk: Desk) -> Iterator[list[str]]:
    """Give the ids of a few jobs, newest first: the odd ones wait, the even ones are cancelled."""
    app = create_app(INSTANCE_PATH=sqlite_desk.home)
    with app.app_context():
        jobs = [add(State.CANCELLED if number % 2 else State.WAITING) for number in range(COUNT)]
    yield jobs[::-1]
    with app.app_context():
        with transaction() as session:
            # No longer among what the next test finds, and nobody waits for them.
            ours = update(Job).where(Job.title.startswith(WORD))
            ended = {"state": State.CANCELLED, "finished_at": clock()}
            session.execute(ours.values(title="Old", version=Job.version + 1, **ended))
        db.engine.dispose()


def add(state: State) -> str:
    """Write a job into the ledger that no worker takes; gives its id."""
    with transaction() as session:
        now = clock()
        job = written(
            session,
            title=TITLE,
            created_at=now,
            finished_at=now if state == State.CANCELLED else None,
            state=state,
        )
        return str(job.id)


@pytest.fixture
def mara(browser: Browser, sqlite_desk: Desk, listed: list[str]) -> Iterator[Visitor]:
    """Give a person in front of the list."""
    with at_desk(browser, sqlite_desk) as visitor:
        visitor.signs_in()
        visitor.opens(LIST)
        yield visitor


def boxes(page: Page) -> Locator:
    """Give the boxes of the list."""
    return page.locator("tbody input[name=job]")


def button(page: Page, name: str) -> Locator:
    """Give a button of the bar."""
    return page.locator("#pick").get_by_role("button", name=name, exact=True)


@pytest.mark.parametrize(("colours", "width"), LOOKS)
def test_axe_finds_nothing_where_jobs_are_picked(
    browser: Browser, sqlite_desk: Desk, listed: list[str], colours: str, width: int
) -> None:
    look = {"color_scheme": colours, "viewport": {"width": width, "height": 900}}
    with at_desk(browser, sqlite_desk, **look) as visitor:
        visitor.signs_in()
        page = visitor.page
        visitor.opens(f"{LIST}&state=waiting&period=7")
        found = faults(page, "filtered")
        visitor.opens(LIST)
        for place in range(COUNT):
            boxes(page).nth(place).check()
        expect(button(page, "Cancel 2 jobs")).to_be_visible()
        found += faults(page, "picked")
        visitor.opens("/jobs?first=2026-01-01")
        expect(page.get_by_label("From", exact=True)).to_be_visible()
        found += faults(page, "other days")
        visitor.opens("/files")
        found += faults(page, "files")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert found == []


def test_the_buttons_count_what_each_would_change(mara: Visitor) -> None:
    page = mara.page
    expect(page.locator("#pick")).to_be_hidden()
    boxes(page).nth(0).check()
    expect(button(page, "Run 1 job again")).to_be_visible()
    expect(page.locator("#pick button:visible")).to_have_count(1)
    boxes(page).nth(1).check()
    expect(button(page, "Cancel 1 job")).to_be_visible()
    everything = page.get_by_label("Select all jobs on this page")
    assert everything.evaluate("(box) => box.indeterminate")
    everything.check()
    expect(button(page, "Cancel 2 jobs")).to_be_visible()
    expect(button(page, "Run 2 jobs again")).to_be_visible()
    everything.uncheck()
    expect(page.locator("#pick")).to_be_hidden()


@pytest.mark.parametrize("height", [740, 300])
def test_on_a_phone_the_bar_for_what_is_picked_is_never_under_the_navigation(
    mara: Visitor, height: int
) -> None:
    page = mara.page
    page.set_viewport_size({"width": 360, "height": height})
    boxes(page).nth(0).check()
    last = (
        page.locator(".list-foot").get_by_role("link").or_(page.locator(".list-foot button")).last
    )
    last.scroll_into_view_if_needed()

    on_top = last.evaluate(
        """node => {
          const { x, y, width, height } = node.getBoundingClientRect();
          return node.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        }"""
    )

    assert on_top


def test_what_is_picked_stays_picked_and_nothing_moves_when_a_row_changes(
    mara: Visitor, sqlite_desk: Desk, listed: list[str]
) -> None:
    page = mara.page
    expect(page.locator("#stream")).to_have_text("Live")
    waiting = listed[1]
    row = page.locator(f"#job-row-{waiting}")
    for place in (0, 1):
        boxes(page).nth(place).check()
    page.mouse.move(5, 5)
    expect(button(page, "Cancel 1 job")).to_be_visible()
    before = row.bounding_box()

    app = create_app(INSTANCE_PATH=sqlite_desk.home, REDIS_URL=redis_of(sqlite_desk))
    with app.app_context():
        with transaction() as session:
            job = session.scalars(select(Job).where(Job.id == uuid.UUID(waiting))).one()
            job.state, job.finished_at = State.CANCELLED, clock()
            job.version += 1
        tell_of(job)
        # Another job begins: the list must not move while something is picked of it.
        add(State.CANCELLED)
        db.engine.dispose()

    expect(row.locator(".state")).to_have_text("Cancelled")
    expect(boxes(page).nth(1)).to_be_checked()
    expect(page.locator("tbody input[name=job]:checked")).to_have_count(2)
    expect(button(page, "Run 2 jobs again")).to_be_visible()
    expect(boxes(page)).to_have_count(COUNT)
    assert row.bounding_box() == before

    reads(page)
    expect(boxes(page)).to_have_count(COUNT)
    assert row.bounding_box() == before
    page.get_by_label("Select all jobs on this page").check()
    page.get_by_label("Select all jobs on this page").uncheck()
    page.mouse.move(5, 5)
    page.evaluate("document.activeElement.blur()")
    expect(boxes(page)).to_have_count(COUNT + 1)


def redis_of(desk: Desk) -> str:
    """Give the address of the desk's own Valkey."""
    return (desk.home / "redis_url").read_text().strip()


def test_picked_by_keyboard_and_cancelled_together(mara: Visitor) -> None:
    page = mara.page
    for place in (1, 3):
        boxes(page).nth(place).focus()
        page.keyboard.press("Space")
    button(page, "Cancel 2 jobs").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 jobs are cancelled.")).to_be_visible()
    expect(page.locator("tbody .state[data-state=cancelled]")).to_have_count(COUNT)
    assert page.url.endswith(LIST)
    expect(page.locator("#pick")).to_be_hidden()


def test_a_filter_is_taken_away_by_its_chip(mara: Visitor) -> None:
    page = mara.page
    mara.opens(f"{LIST}&state=waiting")
    expect(boxes(page)).to_have_count(COUNT // 2)
    page.get_by_role("link", name="Without Waiting").click()
    expect(boxes(page)).to_have_count(COUNT)
    expect(page.get_by_label("State")).to_have_value("")


def test_all_of_it_works_without_scripts(
    browser: Browser, sqlite_desk: Desk, listed: list[str]
) -> None:
    with at_desk(browser, sqlite_desk, java_script_enabled=False) as visitor:
        visitor.signs_in()
        page = visitor.page
        visitor.opens(LIST)
        expect(page.get_by_label("Select all jobs on this page")).to_be_hidden()
        for place in (0, 1):
            boxes(page).nth(place).check()
        button(page, "Cancel the selected jobs").click()
        said = page.get_by_text("1 job is cancelled. 1 had ended already.")
        expect(said).to_be_visible()
        expect(page.locator("tbody .state[data-state=cancelled]")).to_have_count(COUNT - 1)
