"""The start form of an export in a browser: columns, filters, sort; keys alone; no scripts."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from dashboard import create_app
from dashboard.jobs import tables
from tests import flights
from tests.browser.conftest import Desk, Visitor, at_desk
from tests.browser.long import FINISHED
from tests.browser.test_start_form import PAINTED, SHIFTS, beside

pytestmark = pytest.mark.browser

KIND = "export-flights-airports"
FORM = f"/new/{KIND}"
ALL = ["faa", "name", "lat", "lon", "alt", "tz", "dst", "tzone"]
NAME, ALT = 1, 4


def open_table(desk: Desk, name: str) -> None:
    """Open a table of the flights for export."""
    app = create_app(
        INSTANCE_PATH=desk.home,
        REDIS_URL=(desk.home / "redis_url").read_text().strip(),
        SOURCES={"flights": f"sqlite:///{desk.home / 'flights.db'}"},
    )
    with app.app_context():
        tables.open_table("flights", name, title=name.title(), by=None)


@pytest.fixture(scope="module")
def opened(sqlite_desk: Desk) -> Desk:
    """Open the airports for export."""
    open_table(sqlite_desk, "airports")
    return sqlite_desk


@pytest.fixture
def clerk(browser: Browser, opened: Desk) -> Iterator[Visitor]:
    """Give a colleague at the form."""
    with at_desk(browser, opened) as visitor:
        visitor.signs_in()
        visitor.opens(FORM)
        expect(visitor.page.get_by_role("button", name="Move faa down")).to_be_visible()
        yield visitor


def columns(page: Page) -> list[str]:
    """Give the columns of the list, in its order."""
    return page.locator("[data-column] bdi").all_inner_texts()


def condition(page: Page, column: str) -> Locator:
    """Give the filter on a column."""
    return page.get_by_role("group", name=column, exact=True)


def high_airports() -> list[list[str]]:
    """Give altitude and name of the airports above 7,000 feet, the highest first."""
    found = [[row[ALT], row[NAME]] for row in flights.rows("airports") if int(row[ALT]) >= 7000]
    return sorted(found, key=lambda row: -int(row[0]))


def written(page: Page, folder: Path) -> list[list[str]]:
    """Wait for the finished job and give what its CSV file holds."""
    expect(page.get_by_role("heading", name="1 file, ready")).to_be_visible(timeout=FINISHED)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(r"^CSV\b")).click()
    path = folder / "airports.csv"
    download.value.save_as(path)
    return list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))


def test_choices_are_made_in_place_and_a_worker_makes_that_file(
    clerk: Visitor, tmp_path: Path
) -> None:
    page = clerk.page
    page.get_by_role("button", name="None of the columns").click()
    expect(page.locator("[data-columns-count]")).to_have_text("0 of 8")
    page.get_by_role("checkbox", name="name text").check()
    page.get_by_role("checkbox", name="alt number").check()
    for _ in range(3):
        page.get_by_role("button", name="Move alt up").click()
    page.get_by_label("Column to filter by").select_option("alt")
    page.get_by_role("button", name="Add a filter").click()
    condition(page, "alt").get_by_label("Comparison").select_option("from")
    condition(page, "alt").get_by_label("Value").fill("7000")
    page.get_by_label("Sort by").select_option("alt")
    page.get_by_label("Direction").first.select_option("down")
    page.get_by_label("XLSX").uncheck()

    expect(page.locator("[data-columns-count]")).to_have_text("2 of 8")
    expect(beside(page, "Rows")).to_have_text(f"{len(high_airports())}")
    page.get_by_role("button", name="Export", exact=True).click()

    header, *rows = written(page, tmp_path)
    assert header == ["alt", "name"]
    assert [row[0] for row in rows] == [row[0] for row in high_airports()]
    assert sorted(rows) == sorted(high_airports())


def test_columns_are_moved_and_filters_removed_with_keys_alone(clerk: Visitor) -> None:
    page = clerk.page
    page.get_by_role("button", name="Move lat up").focus()
    page.keyboard.press("Enter")
    assert columns(page)[:3] == ["faa", "lat", "name"]
    page.keyboard.press("Enter")
    assert columns(page)[:3] == ["lat", "faa", "name"]
    # It cannot go further up: the other button has the focus now.
    page.keyboard.press("Enter")
    assert columns(page)[:3] == ["faa", "lat", "name"]
    expect(page.get_by_role("button", name="Move lat down")).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("lat: place 2")

    for column in ("faa", "alt"):
        page.get_by_label("Column to filter by").select_option(column)
        page.get_by_role("button", name="Add a filter").focus()
        page.keyboard.press("Enter")
        expect(condition(page, column).get_by_label("Comparison")).to_be_focused()
    condition(page, "faa").get_by_role("button", name="Remove this filter").focus()
    page.keyboard.press("Enter")
    expect(condition(page, "faa")).to_have_count(0)
    expect(condition(page, "alt").get_by_role("button", name="Remove")).to_be_focused()


def test_enter_in_a_field_starts_the_export_and_changes_no_choice(clerk: Visitor) -> None:
    page = clerk.page
    page.get_by_label("XLSX").uncheck()
    page.get_by_label("Rows at most").fill("5")
    page.get_by_label("Rows at most").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Airports, first 5 rows")


def test_what_was_chosen_in_place_survives_a_complaint(clerk: Visitor) -> None:
    page = clerk.page
    page.get_by_role("button", name="Move faa down").click()
    page.get_by_label("Column to filter by").select_option("alt")
    page.get_by_role("button", name="Add a filter").click()
    condition(page, "alt").get_by_label("Value").fill("high")
    page.get_by_role("button", name="Export", exact=True).click()

    alert = page.get_by_role("alert").filter(has_text="Nothing was started. 1 thing")
    expect(alert).to_be_focused()
    assert columns(page)[:2] == ["name", "faa"]
    expect(condition(page, "alt").get_by_label("Value")).to_have_value("high")
    expect(condition(page, "alt")).to_contain_text("must be a whole number")
    clerk.complaints[:] = [each for each in clerk.complaints if "422" not in each]


def test_only_what_can_be_used_is_shown(clerk: Visitor) -> None:
    page = clerk.page
    page.get_by_label("Column to filter by").select_option("name")
    page.get_by_role("button", name="Add a filter").click()
    row = condition(page, "name")
    expect(row.get_by_text("One value on each line.")).to_be_hidden()
    row.get_by_label("Comparison").select_option("one-of")
    expect(row.get_by_text("One value on each line.")).to_be_visible()
    row.get_by_label("Comparison").select_option("empty")
    expect(row.get_by_label("Value")).to_be_hidden()

    expect(page.get_by_label("Then by")).to_have_count(2)
    expect(page.get_by_label("Then by").first).to_be_hidden()
    page.get_by_label("Sort by").select_option("name")
    expect(page.get_by_label("Then by").first).to_be_visible()
    expect(page.get_by_label("Then by").last).to_be_hidden()

    expect(page.get_by_text("What is the CSV for?")).to_be_visible()
    page.locator('[name="formats"][value="csv"]').uncheck()
    expect(page.get_by_text("What is the CSV for?")).to_be_hidden()


def test_nothing_moves_when_the_scripts_come_late(clerk: Visitor) -> None:
    page = clerk.page
    held: list[Route] = []
    page.route("**/js/main.js", lambda route: held.append(route))
    page.goto(f"{clerk.desk.url}{FORM}?where=alt:from:1&sort=alt", wait_until="commit")
    page.wait_for_function(PAINTED)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for route in held:
        route.continue_()
    expect(page.locator("#stream")).to_have_text("Live")

    assert page.evaluate(SHIFTS) == []


def test_without_scripts_the_same_file_is_made(
    browser: Browser, opened: Desk, tmp_path: Path
) -> None:
    with at_desk(browser, opened, java_script_enabled=False) as visitor:
        visitor.signs_in()
        visitor.opens(FORM)
        page = visitor.page
        page.get_by_role("button", name="None of the columns").click()
        page.get_by_role("checkbox", name="name text").check()
        page.get_by_role("checkbox", name="alt number").check()
        page.get_by_label("Place of alt").fill("1")
        page.get_by_label("Column to filter by").select_option("alt")
        page.get_by_role("button", name="Add a filter").click()
        assert columns(page) == ["alt", *(name for name in ALL if name != "alt")]
        condition(page, "alt").get_by_label("Comparison").select_option("from")
        condition(page, "alt").get_by_label("Value").fill("7000")
        page.get_by_label("Sort by").select_option("alt")
        page.get_by_label("Direction").first.select_option("down")
        page.get_by_label("XLSX").uncheck()
        page.get_by_role("button", name="Check first").click()
        expect(beside(page, "Rows")).to_have_text(f"{len(high_airports())}")
        page.get_by_role("button", name="Export", exact=True).click()

        header, *rows = written(page, tmp_path)
        assert header == ["alt", "name"]
        assert sorted(rows) == sorted(high_airports())
