"""The pages on PostgreSQL: what its SQL and its types do differently."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from dashboard import create_app
from tests.conftest import empty, let_go
from tests.people import Person, csrf_of, words
from tests.web.browsers import anybody, tries
from tests.web.conftest import REPORTS
from tests.web.desk import Desk
from tests.web.streams import Streams

pytestmark = pytest.mark.postgresql


@pytest.fixture
def app(tmp_path: Path, postgres_ledger: str, valkey_url: str, till: Path) -> Iterator[Flask]:
    """Give the desk with its ledger on PostgreSQL."""
    app = create_app(
        INSTANCE_PATH=tmp_path,
        REDIS_URL=valkey_url,
        SQLALCHEMY_DATABASE_URI=postgres_ledger,
        SOURCES={"till": f"sqlite:///{till}"},
        REPORTS_DIR=str(REPORTS),
        TESTING=True,
    )
    empty(app)
    yield app
    app.extensions["hub"].close()
    app.extensions["sources"]["till"].dispose()
    let_go(app)


def test_the_main_path_works(desk: Desk, staff: Person, streams: Streams) -> None:
    answer = staff.sends("/new/totals", formats="csv")
    job_id = (answer.location or "").removeprefix("/jobs/")
    assert "Place in line 1st of 1" in words(staff.opens(f"/jobs/{job_id}").text)
    page = streams.page(staff, "job", job_id)
    page.until("live")

    desk.works()

    assert page.rest()[-1].name == "done"
    with staff.opens(f"/files/{desk.file(job_id)}") as file:
        assert file.data == b"Region,Amount\nNorth,130\nSouth,80\n"
    for path in ("/", "/jobs", "/files", "/workers", "/metrics", "/readyz", f"/jobs/{job_id}"):
        assert staff.opens(path).status_code in (200, 503)
    assert staff.calls("GET", "/jobs").status_code == 200
    assert "Rows Usually 2" in words(staff.opens("/new/totals").text)


def test_home_offers_the_same_again_and_the_panel_the_same_file(desk: Desk, staff: Person) -> None:
    desk.succeeded(staff)
    token = {"csrf_token": csrf_of(staff.opens("/").text)}
    for _ in range(2):
        answer = staff.client.post("/favourites/totals?starred=1", data=token)
        assert answer.status_code == 303

    home = staff.opens("/").text
    panel = staff.client.post(
        "/new/totals/check", data={**token, "formats": "csv"}, headers={"X-Live": "1"}
    )

    assert 'aria-pressed="true"' in home
    assert "Same again Totals last run" in words(home)
    assert "You made the same file at" in words(panel.text)


def test_choices_are_saved_used_and_deleted(desk: Desk, staff: Person) -> None:
    sent = {"formats": "csv", "preset-name": "Für “alle” 100%", "preset-shared": "y"}
    saved = staff.sends("/new/totals/presets", "/new/totals", **sent)
    taken = staff.sends("/new/totals/presets", "/new/totals", **{**sent, "formats": "xlsx"})
    page = staff.client.get(saved.location or "").text

    assert (saved.status_code, taken.status_code) == (303, 422)
    assert "“Für “alle” 100%” is yours, and shared" in words(page)
    delete = re.findall(r'action="(/new/totals/presets/\d+/delete)"', page)[0]
    assert staff.sends(delete, "/new/totals").status_code == 303
    assert "Saved choices" not in staff.opens("/new/totals").text
    assert len(desk.audit("preset.delete")) == 1


def test_jobs_are_found_whatever_the_case_and_wildcards_are_letters(
    desk: Desk, staff: Person
) -> None:
    first = desk.queued(staff, "orders", name="Müller 100%")
    desk.queued(staff, "orders", name="Berg")

    for search in ("MÜLLER", "müller", "100%", "%", "R-1"):
        page = staff.opens("/jobs", q=search).text
        assert page.count('<tr id="job-row-') == 1
        assert first in page


@pytest.mark.parametrize(
    "query",
    [
        {"q": "R-" + "9" * 40},
        {"q": "R-999999999999999999"},
        {"person": "9" * 40, "before": "9" * 40},
        {"person": "999999999999999999", "before": "999999999999999999"},
        {"q": "x" * 10_000},
    ],
)
def test_numbers_and_words_of_any_length_are_looked_for(
    staff: Person, query: dict[str, str]
) -> None:
    assert staff.opens("/jobs", **query).status_code == 200


def test_a_letter_that_no_text_holds_is_not_understood(app: Flask, staff: Person) -> None:
    assert staff.opens("/jobs", kind="\0").status_code == 400
    assert staff.calls("GET", "/jobs", query_string={"kind": "\0"}).status_code == 400
    assert staff.opens("/jobs", q="\0").status_code == 200  # It is only looked for, and not found.
    assert tries(anybody(app), "a\0@example.org").status_code in (400, 422)
    assert staff.opens("/").status_code == 200
