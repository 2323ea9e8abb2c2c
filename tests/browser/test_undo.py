"""The whole way of an undo in a browser: an import, what taking it back would mean, the undo."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from dashboard import create_app
from dashboard.jobs import targets
from tests.browser.conftest import Desk, at_desk, serve
from tests.browser.screens.look import HEIGHTS, faults, sideways

pytestmark = pytest.mark.browser

SECONDS = 30_000.0  # milliseconds, as Playwright counts
FILE = FilePayload(
    name="spring list.csv",
    mimeType="text/csv",
    buffer=(
        "Customer No,Name,Since\r\nC-1,Ada Lovelace,2020-01-01\r\nC-2,Bo Diddley,2021-01-01\r\n"
        + "".join(f"N-{at},Name {at},2026-02-28\r\n" for at in range(200))
    ).encode(),
)
LOOKS = (("light", 1280), ("dark", 1280), ("light", 390), ("dark", 320))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Run a desk whose customers are open for import."""
    home = tmp_path_factory.mktemp("undo")
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


def look_at(page: Page, shots: Path, name: str) -> None:
    """Look at a page in both themes and several widths."""
    for theme, width in LOOKS:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": HEIGHTS.get(width, 900)})
        page.screenshot(path=shots / f"{name}-{theme}-{width}.png", full_page=True)
        assert faults(page) == []
        assert sideways(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def test_an_import_is_looked_at_again_and_taken_back(
    browser: Browser, desk: Desk, tmp_path: Path
) -> None:
    shots = Path(os.environ.get("SHOTS", tmp_path))
    with at_desk(browser, desk) as visitor:
        page = visitor.page
        visitor.signs_in()
        page.get_by_role("link", name="Import customers").first.click()
        page.get_by_label("File", exact=True).set_input_files(FILE)
        expect(page.get_by_label("Where Customer No goes")).to_have_value(
            "customer_no", timeout=SECONDS
        )
        page.get_by_role("button", name="Check file").click()
        page.get_by_role("link", name="See what would happen").click(timeout=SECONDS)
        page.get_by_role("button", name="Import 202 rows").click()
        expect(page.get_by_text("202 rows are imported.")).to_be_visible(timeout=SECONDS)
        with closing(sqlite3.connect(desk.home / "shop.db")) as database, database:
            database.execute("UPDATE customers SET name = 'B. Diddley' WHERE customer_no = 'C-2'")
            database.execute("UPDATE customers SET name = 'Theirs' WHERE customer_no = 'N-7'")

        page.get_by_role("link", name="Undo this import").click()
        expect(page.get_by_role("heading", name="Undo this import")).to_be_visible()
        look_at(page, shots, "ask")
        page.get_by_role("button", name="Look what would be taken back").click()
        link = page.get_by_role("link", name="See what would be taken back")
        expect(link).to_be_visible(timeout=SECONDS)
        look_at(page, shots, "looked")
        link.click()
        expect(page.get_by_role("heading", name="Check before undoing")).to_be_visible()
        expect(page.get_by_text("2 rows were changed by somebody else")).to_be_visible()
        look_at(page, shots, "show")

        # One of theirs alone is restored, the rest of the import is taken back afterwards.
        page.get_by_label("Choose row 3", exact=True).check()
        page.get_by_label("Restore what was there before").check()
        page.get_by_role("button", name="Undo only the chosen rows").click()
        expect(page.get_by_text("1 row is taken back.")).to_be_visible(timeout=SECONDS)
        page.get_by_role("link", name="The import that was undone").click()
        page.get_by_role("button", name="Look what would be taken back").click()
        page.get_by_role("link", name="See what would be taken back").click(timeout=SECONDS)
        page.get_by_role("button", name="Undo: remove 199 rows, restore 1").click()
        expect(page.get_by_text("200 rows are taken back.")).to_be_visible(timeout=SECONDS)
        look_at(page, shots, "undone")
        page.get_by_role("link", name="The import that was undone").click()
        expect(page.get_by_text("It was undone").first).to_be_visible()
        look_at(page, shots, "asked")
        page.get_by_role("link", name="I-2", exact=True).click()
        expect(page.get_by_text("This import was undone")).to_be_visible()
        look_at(page, shots, "import")
        page.get_by_role("link", name="What the check found").click()
        expect(page.get_by_text("What was imported of this file was undone")).to_be_visible()
        look_at(page, shots, "check")
    with closing(sqlite3.connect(desk.home / "shop.db")) as database:
        assert database.execute("SELECT * FROM customers ORDER BY 1").fetchall() == [
            ("C-1", "Ada", "2020-01-01"),
            ("C-2", "Bo", None),
            ("N-7", "Theirs", "2026-02-28"),
        ]
