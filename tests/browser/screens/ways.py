"""Ways from a page that was just opened to the state to be looked at."""

import re
import uuid

from playwright.sync_api import Page, expect

from tests.browser.long import hears_nothing_new

MUCH = 15_000  # milliseconds; what is awaited takes a few


def unfold(page: Page) -> None:
    """Open everything that is folded away."""
    page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true })")


def offline(page: Page) -> None:
    """Pull the plug."""
    live(page)
    page.context.set_offline(True)
    expect(page.locator("#stream")).to_have_text("Offline", timeout=MUCH)


def reconnecting(page: Page) -> None:
    """Let the stream break off and not come back."""
    live(page)
    page.route("**/live?*", lambda route: route.abort())
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#stream")).to_have_text("Reconnecting", timeout=MUCH)


def signed_out(page: Page) -> None:
    """Let the session end while the page is open."""
    live(page)
    page.context.clear_cookies()
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#stream")).to_have_text("Signed out", timeout=MUCH)


def live(page: Page) -> None:
    """Wait until the page is live."""
    expect(page.locator("#stream")).to_have_text("Live", timeout=MUCH)


def keys(page: Page) -> None:
    """Open the list of keys."""
    live(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def wrong_form(page: Page) -> None:
    """Send the form with values that cannot be."""
    page.get_by_label("How many customers").fill("")
    for box in (
        page.get_by_role("checkbox", name="CSV")
        .or_(page.get_by_role("checkbox", name="XLSX"))
        .all()
    ):
        box.uncheck()
    page.get_by_role("button", name="Generate report").click()
    expect(page).to_have_title(re.compile("^Error: "), timeout=MUCH)


def start(page: Page) -> None:
    """Ask for a file that a colleague's job is about to make: the form comes back and says so."""
    page.get_by_role("button", name="Generate report").click()
    expect(page.locator("#content")).to_contain_text("Join that one", timeout=MUCH)


def first_rows(page: Page) -> None:
    """Look at the first rows."""
    page.get_by_role("button", name="First rows").click()
    expect(page.get_by_role("heading", name="First rows")).to_be_visible(timeout=MUCH)


def choose(page: Page) -> None:
    """Choose the first two jobs of a list."""
    for box in page.locator("main input[type=checkbox][name=job]").all()[:2]:
        box.check()


def dismiss(page: Page) -> None:
    """Ask to dismiss two jobs: the desk asks why."""
    choose(page)
    page.get_by_role("button", name="Dismiss").first.click()
    expect(page.get_by_label("Reason")).to_be_visible(timeout=MUCH)


def wrong_password(page: Page) -> None:
    """Ask for a new password and give a wrong present one."""
    page.get_by_label("Present password").fill("not the one")
    page.get_by_label("New password").first.fill("short")
    page.get_by_role("button", name="Change password").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible(timeout=MUCH)


def wrong_person(page: Page) -> None:
    """Add a person without a name."""
    page.get_by_label("Work e-mail").fill("nobody")
    page.get_by_role("button", name="Add").first.click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible(timeout=MUCH)


def wrong_sender(page: Page) -> None:
    """Add a sender whose address is none."""
    page.get_by_label("Name").fill("Events team")
    page.get_by_label("Address", exact=True).fill("events")
    page.get_by_label("E-mails a minute").fill("0")
    page.get_by_role("button", name="Add").first.click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible(timeout=MUCH)


def wrong_addresses(page: Page) -> None:
    """Add addresses, two of which are none, without a reason."""
    page.get_by_label("E-mail addresses").fill("ada@example.org\nbo\n\nada@bo@example.org")
    page.get_by_role("button", name="Send nothing more").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible(timeout=MUCH)


def wrong_table(page: Page) -> None:
    """Open a table without a title."""
    page.get_by_label("Title").fill("")
    page.get_by_role("button", name="Open for export").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible(timeout=MUCH)


def wrong_import(page: Page) -> None:
    """Check a file two columns of which go to the same place, and one that is needed nowhere."""
    page.get_by_label("Where Name goes").select_option("since")
    page.get_by_role("button", name="Check file").click()
    expect(page).to_have_title(re.compile("^Error: "), timeout=MUCH)


def wrong_export(page: Page) -> None:
    """Ask for an export with a filter that nothing can fit, and for no row at all."""
    live(page)
    page.get_by_label("Value").nth(1).fill("")
    page.get_by_label("Rows at most").fill("0")
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page).to_have_title(re.compile("^Error: "), timeout=MUCH)


def wrong_preset(page: Page) -> None:
    """Save choices under a name that is taken."""
    live(page)
    page.get_by_text("Save these choices").click()
    page.get_by_label("Name").fill("Everything as JSON lines")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title(re.compile("^Error: "), timeout=MUCH)


def find_columns(page: Page) -> None:
    """Look for some of very many columns."""
    live(page)
    page.get_by_label("Find a column").fill("humidity")
    expect(page.locator("[data-columns-count]")).to_contain_text("found", timeout=MUCH)


def wrong_email(page: Page) -> None:
    """Send an e-mail to nobody."""
    page.get_by_label("To", exact=True).fill("ada at example.org")
    page.get_by_label("Subject").fill("Your invoice")
    page.get_by_role("button", name="Send e-mail").click()
    expect(page).to_have_title(re.compile("^Error: "), timeout=MUCH)


def wrong_sending(page: Page) -> None:
    """Type a wrong number, and choose a day without a time."""
    unfold(page)
    page.get_by_label("Day").fill("2026-11-27")
    page.get_by_label(re.compile("^Type")).fill("1213")
    page.get_by_role("button", name=re.compile("^Send 1,231")).click()
    expect(page).to_have_title(re.compile("^Error: "), timeout=MUCH)


def unsubscribe(page: Page) -> None:
    """Press the only button."""
    page.get_by_role("button", name="Stop these e-mails").click()
    expect(page.get_by_role("heading", name="No more e-mails")).to_be_visible(timeout=MUCH)


def letter(page: Page) -> None:
    """Read the newest letter."""
    page.locator("main table a, main li a").first.click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Outbox", timeout=MUCH)


def wrong_sign_in(page: Page) -> None:
    """Sign in with a wrong password."""
    page.get_by_label("Work e-mail").fill("grace@showcase.example")
    page.get_by_label("Password").fill("not the one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible(timeout=MUCH)


def both_write(page: Page) -> None:
    """Let somebody else save other words while this page is open."""
    live(page)
    hears_nothing_new(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Subject", exact=True).fill(f"We look forward to you {uuid.uuid4().hex[:4]}")
    expect(other.locator("#preview dd b")).to_contain_text("look forward", timeout=MUCH)
    other.close()
    page.get_by_label("Subject", exact=True).fill("Come to the autumn fair")
    expect(page.locator("#draft-conflict [role=alert]")).to_be_visible(timeout=MUCH)


def no_title(page: Page) -> None:
    """Save a mailing without a title."""
    page.get_by_label("Title", exact=True).fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_title(re.compile("^Error: "), timeout=MUCH)
