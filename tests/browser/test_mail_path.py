"""A mailing from the first word to the last recipient, as somebody does it for the first time."""

import email
import email.policy
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.long import FINISHED

pytestmark = [pytest.mark.browser, pytest.mark.main_path]

GUESTS = """email,First name,stand
ines.okafor@example.org,Ines,B 14
tomas.example.org,Tomás,A 02
INES.OKAFOR@example.org,Ines,B 14
li.wei@example.net,Li,C 31
"""


def test_from_the_first_word_to_the_last_recipient(mara: Visitor, tmp_path: Path) -> None:
    page = mara.page
    guests = tmp_path / "guests.csv"
    guests.write_text(GUESTS, encoding="utf-8")

    mara.opens("/senders")
    page.get_by_label("Name").fill("Fair office")
    page.get_by_label("Address").fill("fair.office@example.org")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("fair.office@example.org").first).to_be_visible()

    page.get_by_role("link", name="Mail", exact=True).first.click()
    page.get_by_role("button", name="New mailing").first.click()
    page.wait_for_url(re.compile(r"/mailings/\d+/edit"))
    page.get_by_label("Title").fill("Autumn fair")
    page.get_by_label("From", exact=True).select_option(
        label="Fair office <fair.office@example.org>"
    )
    page.get_by_label("Subject").fill("{{ first_name }}, you are invited")
    page.get_by_label("Message", exact=True).fill(
        "Dear {{ first_name }},\n\nyour stand is **{{ stand }}**."
    )
    expect(page.get_by_text("saved just now")).to_be_visible()

    page.get_by_role("button", name="Choose", exact=True).click()
    expect(page.get_by_role("heading", name="Choose recipients")).to_be_visible()
    page.get_by_label("File", exact=True).set_input_files(guests)
    page.get_by_role("button", name=re.compile("Check")).click()
    expect(page.get_by_role("heading", name="Check 4 recipients")).to_be_visible(timeout=FINISHED)
    counted = page.locator(".counter b").all_inner_texts()
    assert counted == ["2", "1", "1", "0"]
    expect(page.get_by_text("the @ is missing")).to_be_visible()

    page.get_by_role("button", name="Send 2 e-mails").click()
    page.wait_for_url(re.compile(r"/mailings/\d+$"))
    expect(page.locator(".state", has_text="Finished")).to_be_visible(timeout=FINISHED)
    expect(page.locator(".counter", has_text="kept")).to_contain_text("2")  # In the outbox.

    told = {}
    for path in (mara.desk.home / "outbox").glob("*.eml"):
        one = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = one.get_body(("plain",))
        if "fair.office" in str(one["From"]) and body is not None:
            told[str(one["To"])] = (str(one["Subject"]), body.get_content())
    assert set(told) == {"ines.okafor@example.org", "li.wei@example.net"}
    subject, text = told["li.wei@example.net"]
    assert subject == "Li, you are invited"
    assert "your stand is C 31." in text.replace("**", "")
