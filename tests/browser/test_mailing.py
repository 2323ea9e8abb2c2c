"""The page of a mailing while a real worker sends it into the outbox: true, still, and in reach."""

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from dashboard import create_app, jobs
from dashboard.extensions import db
from dashboard.jobs import find
from dashboard.models import Delivery, Fate, Mailing, Sender, User, clock, transaction
from dashboard.models.mailing import MailingState
from tests.browser.conftest import EMAIL, Desk, Visitor, at_desk
from tests.browser.long import FINISHED, wait_for_updates, wait_until_live
from tests.browser.test_live_page import LEAST_SHIFT, WATCH_SHIFTS

pytestmark = pytest.mark.browser

FAST, SLOW = 900, 240  # e-mails a minute
SENT = ".counter[data-sort=sent] b"


@pytest.fixture(scope="module")
def app(sqlite_desk: Desk) -> Flask:
    """Give one more of the desk in this process, on the same ledger."""
    home = sqlite_desk.home
    return create_app(INSTANCE_PATH=home, REDIS_URL=(home / "redis_url").read_text().strip())


def send(app: Flask, people: int, a_minute: int) -> int:
    """Send a mailing to so many people, so fast; gives its id."""
    with app.app_context():
        with transaction() as session:
            by = session.scalars(select(User).where(User.email == EMAIL)).one()
            now = clock()
            key = uuid.uuid4()
            sender = Sender(
                name="Events", address=f"{key.hex}@example.org", roles=["admin"], made_at=now
            )
            session.add(sender)
            session.flush()
            mailing = Mailing(
                key=key,
                title="Autumn fair",
                subject="{{ name }}, come",
                body="Dear {{ name }}",
                state=MailingState.SENDING,
                sender_id=sender.id,
                a_minute=a_minute,
                made_by_id=by.id,
                made_at=now,
                changed_at=now,
                frozen_at=now,
                started_at=now,
            )
            session.add(mailing)
            session.flush()
            session.add_all(
                Delivery(
                    mailing_id=mailing.id,
                    place=place,
                    address=f"p{place}@example.org",
                    email=f"p{place}@example.org",
                    values={"name": f"Person {place}"},
                    message_id=f"<{key.hex}.{place}@example.org>",
                    state=Fate.QUEUED,
                )
                for place in range(1, people + 1)
            )
            mailing_id = mailing.id
        kind = find("mailing")
        assert kind is not None
        params = {"mailing": mailing_id, "title": "Autumn fair", "subject": "Come"}
        by = db.session.scalars(select(User).where(User.email == EMAIL)).one()
        job_id = jobs.start(kind, params, by=by, key=f"mailing:{mailing_id}").job.id
        with transaction() as session:
            session.execute(update(Mailing).where(Mailing.id == mailing_id).values(job_id=job_id))
    return mailing_id


def sent(page: Page) -> int:
    """Give to how many it was sent, as the page says it."""
    return int(page.locator(SENT).inner_text().replace(",", ""))


def wait_for_sent(page: Page, least: int) -> None:
    """Wait until the page says that it was sent to so many."""
    has = "([counter, least]) => Number(document.querySelector(counter).textContent) >= least"
    page.wait_for_function(has, arg=[SENT, least], timeout=FINISHED)


@pytest.fixture
def slow(app: Flask, browser: Browser, sqlite_desk: Desk) -> Iterator[Page]:
    """Give the live page of a mailing that is sent for as long as the test needs it."""
    mailing_id = send(app, 5_000, SLOW)
    with at_desk(browser, sqlite_desk) as visitor:
        visitor.signs_in()
        visitor.opens(f"/mailings/{mailing_id}")
        wait_until_live(visitor.page)
        wait_for_sent(visitor.page, 1)
        yield visitor.page
        visitor.opens(f"/mailings/{mailing_id}/stop")
        visitor.page.get_by_role("button", name="Stop before the last").click()
        expect(visitor.page.get_by_text("This mailing was stopped.")).to_be_visible()


def test_the_counters_rise_to_the_end(app: Flask, mara: Visitor) -> None:
    mailing_id = send(app, 150, FAST)
    page = mara.page
    mara.opens(f"/mailings/{mailing_id}")
    wait_until_live(page)

    seen = []
    for least in (1, 40, 80):
        wait_for_sent(page, least)
        seen.append(sent(page))

    expect(page.get_by_text("All 150 e-mails were written.")).to_be_visible(timeout=FINISHED)
    assert seen == sorted(seen)
    assert sent(page) == 150
    expect(page.locator("output")).to_have_text("100%")
    assert page.locator("#content").get_attribute("data-again") is None


def test_it_pauses_and_goes_on_by_buttons(slow: Page) -> None:
    slow.get_by_role("button", name="Pause").click()
    expect(slow.get_by_text("has paused the mailing.").first).to_be_visible()
    expect(slow.locator(".title-line .state")).to_have_text("Paused")
    # What was in the hands of the mail server is waited for; then nothing leaves any more.
    expect(slow.locator(".counter[data-sort=left] b")).not_to_have_text("0")
    before = sent(slow)

    slow.get_by_role("button", name="Resume").click()

    expect(slow.locator(".title-line .state")).to_have_text("Sending", timeout=FINISHED)
    wait_for_sent(slow, before + 3)


@pytest.mark.parametrize("which", [".counter[data-sort=failed]", "button[form=act-pause]"])
def test_the_focus_stays_where_it_is(slow: Page, which: str) -> None:
    focused = slow.locator(which)
    focused.focus()
    handle = focused.element_handle()

    wait_for_updates(slow, 3)

    assert slow.evaluate("node => node === document.activeElement", handle)


def test_nothing_jumps_while_the_numbers_rise(slow: Page) -> None:
    slow.evaluate(WATCH_SHIFTS)

    wait_for_updates(slow, 6)

    assert [shift for shift in slow.evaluate("window.shifts") if shift[0] > LEAST_SHIFT] == []


def test_a_filter_is_a_link_that_the_counters_keep_true(slow: Page) -> None:
    slow.get_by_role("link", name="still to send").click()

    expect(slow.locator("#rows")).to_have_text("To send")
    expect(slow.locator(".counter[aria-current=true]")).to_have_attribute("data-sort", "left")
    before = sent(slow)
    wait_for_sent(slow, before + 1)
