"""From the click to the file: sign in, generate a report, watch it, download what is right."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests import flights
from tests.browser.conftest import Desk, Visitor, at_desk

pytestmark = [pytest.mark.browser, pytest.mark.main_path]

CARRIER, FLOWN_ON, DEP_TIME, ORIGIN, DEST = 9, 19, 3, 12, 13
FINISHED = 60_000  # milliseconds
# Notes where the bar stands, each time that something changes.
WATCH = """() => {
  window.seen = [];
  new MutationObserver(() => {
    const bar = document.querySelector("progress[value]");
    if (bar) window.seen.push(bar.value);
  }).observe(document, { attributes: true, childList: true, subtree: true });
}"""


def press_generate(page: Page) -> None:
    """Press the one main button of the form."""
    page.get_by_role("button", name="Generate report").click()


def download(page: Page, label: str, folder: Path) -> Path:
    """Press a file's download button; gives where it was saved."""
    with page.expect_download() as caught:
        page.get_by_role("link", name=label).first.click()
    path = folder / caught.value.suggested_filename
    caught.value.save_as(path)
    return path


def test_punctuality_from_the_click_to_three_right_files(
    browser: Browser, each_desk: Desk, tmp_path: Path
) -> None:
    with at_desk(browser, each_desk) as visitor:
        visitor.signs_in(by_form=True)
        page = visitor.page
        page.get_by_role("link", name="Punctuality", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Punctuality")
        for name in ("CSV", "XLSX", "PDF"):
            page.get_by_label(name).first.check()
        press_generate(page)
        expect(page.get_by_text("3 files, ready")).to_be_visible(timeout=FINISHED)
        expect(page).to_have_title("✓ Ready Punctuality, 2013 · Bellhop")
        expect(page.locator("svg.chart").first).to_be_visible()
        files = {name: download(page, name, tmp_path) for name in ("CSV", "XLSX", "PDF")}

    wanted = {(row[CARRIER], row[FLOWN_ON][:7]) for row in flights.rows("flights")}
    with files["CSV"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["Carrier"], row["Month"]) for row in rows} == wanted
    assert sum(int(row["Flights"]) for row in rows) == flights.FLIGHTS
    cancelled = sum(row[DEP_TIME] == "NA" for row in flights.rows("flights"))
    assert sum(int(row["Cancelled"]) for row in rows) == cancelled

    book = load_workbook(files["XLSX"], read_only=True)
    sheet = book[book.sheetnames[-1]]
    assert sheet.max_row == len(rows) + 1
    book.close()
    text = "".join(page.extract_text() for page in PdfReader(files["PDF"]).pages)
    assert "Punctuality" in text
    assert f"{flights.FLIGHTS:,}" in text


def test_all_flights_of_a_route(browser: Browser, each_desk: Desk, tmp_path: Path) -> None:
    with at_desk(browser, each_desk) as visitor:
        visitor.signs_in(by_form=True)
        visitor.opens("/new/route?origin=JFK&dest=LAX&formats=csv")
        press_generate(visitor.page)
        expect(visitor.page.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)
        path = download(visitor.page, "CSV", tmp_path)
    wanted = sum(row[ORIGIN] == "JFK" and row[DEST] == "LAX" for row in flights.rows("flights"))
    with path.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == wanted


def test_the_bar_moves_and_ends_without_a_reload(mara: Visitor) -> None:
    page = mara.page
    mara.opens("/new/counting?rows=6000000&formats=csv")
    press_generate(page)
    expect(page.locator("#stream")).to_have_text("Live")
    page.evaluate("window.stayed = true")
    page.evaluate(WATCH)
    expect(page.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)
    seen: list[float] = page.evaluate("window.seen")
    assert page.evaluate("window.stayed") is True
    assert seen == sorted(seen)
    assert len(set(seen)) > 2
    expect(page).to_have_title("✓ Ready Counting · Bellhop")


def test_a_running_job_is_cancelled_on_its_page(mara: Visitor) -> None:
    mara.opens("/new/counting?rows=50000000&formats=csv")
    press_generate(mara.page)
    expect(mara.page.locator("progress").first).to_have_attribute("value", "0", timeout=FINISHED)
    mara.page.get_by_role("button", name="Cancel job").click()
    expect(mara.page.get_by_text("This job was cancelled")).to_be_visible(timeout=FINISHED)
    expect(mara.page.get_by_role("button", name="Run again")).to_be_visible()


def test_everything_works_without_javascript(browser: Browser, sqlite_desk: Desk) -> None:
    with at_desk(browser, sqlite_desk, java_script_enabled=False) as visitor:
        visitor.signs_in(by_form=True)
        page = visitor.page
        page.locator("[data-start]", has_text="Counting").click()
        page.get_by_label("Rows", exact=True).fill("7")
        press_generate(page)
        # The page of a running job reloads by itself every 5 seconds.
        expect(page.get_by_text("ready").first).to_be_visible(timeout=FINISHED)
        page.get_by_role("navigation", name="Main").get_by_role("link", name="History").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("History")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_wrong_choice_is_named_and_kept(mara: Visitor) -> None:
    page = mara.page
    mara.opens("/new/counting")
    page.get_by_label("Rows", exact=True).fill("-3")
    press_generate(page)
    expect(page.get_by_role("alert").first).to_contain_text("put right")
    expect(page.get_by_label("Rows", exact=True)).to_have_value("-3")
    expect(page).to_have_title("Error: Counting · Bellhop")
    mara.complaints.clear()  # Chromium itself names every 422 in its console.


def test_two_presses_start_one_job(mara: Visitor) -> None:
    page = mara.page

    def listed() -> int:
        """Give how many such jobs there are, as the foot of the list says."""
        mara.opens("/jobs?q=Counting")
        foot = page.locator(".pager > span").first
        return int(foot.inner_text().split()[-1]) if foot.count() else 0

    before = listed()
    mara.opens("/new/counting?rows=4&formats=csv")
    page.get_by_role("button", name="Generate report").dblclick()
    expect(page.get_by_text("1 file, ready")).to_be_visible(timeout=FINISHED)
    path = page.url.removeprefix(mara.desk.url)
    assert listed() == before + 1
    expect(page.locator("tbody th a").first).to_have_attribute("href", path)
