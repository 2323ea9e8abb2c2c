"""The whole way of an import in a browser: a file, its check, what would happen, the import."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from dashboard import create_app
from dashboard.jobs import targets
from tests.browser.conftest import Desk, at_desk, serve
from tests.browser.screens.look import DESKTOP, HEIGHTS, PHONE, SMALLEST, Theme, faults, sideways

pytestmark = pytest.mark.browser

SECONDS = 30_000.0  # milliseconds, as Playwright counts
FILE = FilePayload(
    name="spring list.csv",
    mimeType="text/csv",
    buffer=(
        "Customer No;Name;Since\r\nC-1;Ada;2020-01-01\r\nC-2;Bo Diddley;\r\n"
        ";Ekström AB;2021-04-01\r\nC-20771;Baker & Sons;31/02/2026\r\n"
        + "".join(f"N-{at};Name {at};2026-02-28\r\n" for at in range(200))
    ).encode(),
)
LOOKS: tuple[tuple[Theme, int], ...] = (
    ("light", DESKTOP),
    ("dark", DESKTOP),
    ("light", PHONE),
    ("dark", SMALLEST),
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Run a desk whose customers are open for import."""
    home = tmp_path_factory.mktemp("imports")
    shop = home / "shop.db"
    with closing(sqlite3.connect(shop)) as database:
        database.executescript(
            "CREATE TABLE customers (customer_no TEXT PRIMARY KEY, name TEXT NOT NULL, since DATE);"
            "INSERT INTO customers VALUES ('C-1', 'Ada', '2020-01-01'), ('C-2', 'Bo', NULL);"
        )
    url = json.dumps({"shop": f"sqlite:///{shop}"})
    for desk in serve(home, FLASK_SOURCES=url, FLASK_WRITING_SOURCES=url):
        app = create_app(INSTANCE_PATH=home, WRITING_SOURCES=json.loads(url))
        with app.app_context():
            targets.target("shop").prepare()
            targets.open_target("shop", "customers", title="Import customers", by=None)
        yield desk


def looks_well(page: Page) -> None:
    """Look at the page in each theme, from the widest screen to the smallest."""
    for theme, width in LOOKS:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        assert faults(page) == []
        assert sideways(page) == []
    page.set_viewport_size({"width": DESKTOP, "height": HEIGHTS[DESKTOP]})


def sends(page: Page, file: FilePayload) -> None:
    """Choose *file* on the start page of the import, and wait until it is there."""
    page.get_by_label("File", exact=True).set_input_files(file)
    expect(page.get_by_label("Where Customer No goes")).to_have_value(
        "customer_no", timeout=SECONDS
    )


def checks(page: Page) -> None:
    """Let the file on the start page be checked."""
    page.get_by_role("button", name="Check file").click()
    expect(page.get_by_role("link", name="See what would happen")).to_be_visible(timeout=SECONDS)


def test_a_file_is_sent_checked_looked_at_and_imported(browser: Browser, desk: Desk) -> None:
    with at_desk(browser, desk) as visitor:
        page = visitor.page
        visitor.signs_in()
        page.get_by_role("link", name="Import customers").first.click()
        expect(page.get_by_role("heading", name="Import customers")).to_be_visible()
        sends(page, FILE)
        looks_well(page)
        checks(page)
        assert faults(page) == []
        page.get_by_role("link", name="See what would happen").click()
        expect(page.get_by_role("heading", name="Check before importing")).to_be_visible()
        expect(page.get_by_text("2 of 204 rows cannot be imported.")).to_be_visible()
        looks_well(page)
        page.get_by_role("link", name=re.compile("1 changed")).click()
        expect(page.get_by_text("Bo Diddley")).to_be_visible()
        page.get_by_role("button", name="Import 201 rows, skip 2").click()
        expect(page.get_by_text("201 rows are imported.")).to_be_visible(timeout=SECONDS)
        assert faults(page) == []
        page.get_by_role("link", name="What the check found").click()
        expect(page.get_by_text("This file is imported")).to_be_visible()
    with closing(sqlite3.connect(desk.home / "shop.db")) as database:
        assert database.execute("SELECT count(*) FROM customers").fetchone() == (202,)


def test_a_file_with_faults_comes_back_with_what_to_fix_and_is_sent_again(
    browser: Browser, desk: Desk
) -> None:
    wrong = b"Customer No;Name;Since\r\nM-1;Mo;31/02/2026\r\nM-2;;2026-03-01\r\n"
    sent = FilePayload(name="march.csv", mimeType="text/csv", buffer=wrong)
    with at_desk(browser, desk) as visitor:
        page = visitor.page
        visitor.signs_in()
        visitor.opens("/new/check-shop-customers")
        sends(page, sent)
        checks(page)
        page.get_by_role("link", name="See what would happen").click()
        expect(page.get_by_role("link", name="Only these rows, as CSV")).to_be_visible()
        page.get_by_role("button", name="Your file with what to fix").click()
        download = page.get_by_role("link", name=re.compile("CSV.*download"))
        expect(download).to_be_visible(timeout=SECONDS)
        looks_well(page)
        with page.expect_download() as waiting:
            download.click()
        text = waiting.value.path().read_bytes()
        assert waiting.value.suggested_filename == "march-what-to-fix.csv"
        header, first, second = text.decode().splitlines()
        assert header == "Customer No;Name;Since;What to fix"
        assert first.startswith("M-1;Mo;31/02/2026;since: No day of the calendar")
        assert second == "M-2;;2026-03-01;name: Missing"
        visitor.opens("/new/check-shop-customers")
        text = text.replace(b"31/02/2026", b"2026-02-28").replace(b"M-2;;", b"M-2;Mi;")
        sends(page, FilePayload(name="march.csv", mimeType="text/csv", buffer=text))
        expect(page.get_by_label("Where What to fix goes")).to_have_value("")
        checks(page)
        expect(page.get_by_text("All 2 rows can be imported.")).to_be_visible()
