"""Errors in plain words: for people a calm page, for programs a problem; the rest is in the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from dashboard.extensions import db
from tests.people import Person, words
from tests.web.browsers import anybody, tries

SECRET = "the secret of the traceback"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let History have a fault that nobody foresaw."""

    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("dashboard.web.history.cut", fails)


@contextmanager
def ledger_away(app: Flask) -> Iterator[None]:
    """Let the ledger be away while the block runs."""
    with app.app_context():
        db.engine.dispose()
    ledger = Path(app.instance_path) / "ledger.db"
    elsewhere = ledger.with_name("elsewhere.db")
    ledger.rename(elsewhere)
    ledger.mkdir()
    try:
        yield
    finally:
        ledger.rmdir()
        elsewhere.rename(ledger)


def test_an_unforeseen_fault_is_a_calm_page_with_a_number(
    staff: Person, broken: None, caplog: pytest.LogCaptureFixture
) -> None:
    answer = staff.client.get("/jobs", headers={"X-Request-ID": "req-7"})

    assert answer.status_code == 500
    said = words(answer.text)
    assert "Something went wrong" in said
    assert "give the number req-7" in said
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert SECRET in caplog.text
    assert staff.opens("/").status_code == 200


def test_an_unforeseen_fault_of_the_api_is_a_problem(staff: Person, broken: None) -> None:
    answer = staff.calls("GET", "/jobs")

    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == 500
    assert SECRET not in answer.text


def test_while_the_ledger_is_away_the_page_says_so_and_no_longer(app: Flask, staff: Person) -> None:
    with ledger_away(app):
        for path in ("/", "/jobs", "/account", "/new/totals"):
            answer = staff.opens(path)
            assert answer.status_code == 503
            assert "database does not answer" in words(answer.text)
            assert "<title>Not ready" in answer.text
        assert anybody(app).get("/sign-in").status_code == 200

    assert staff.opens("/").status_code == 200


def test_while_the_ledger_is_away_nobody_signs_in(app: Flask, staff: Person) -> None:
    with ledger_away(app):
        assert tries(anybody(app), staff.email).status_code == 503

    assert tries(anybody(app), staff.email).status_code == 302


def test_while_the_ledger_is_away_programs_get_a_problem(app: Flask, staff: Person) -> None:
    headers = {"Authorization": f"Bearer {staff.token()}"}
    with ledger_away(app):
        answer = anybody(app).get("/api/v1/jobs", headers=headers)

    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"


def test_while_the_ledger_is_away_the_process_says_what_is_missing(app: Flask) -> None:
    with ledger_away(app):
        assert anybody(app).get("/healthz").status_code == 200
        assert anybody(app).get("/metrics").status_code == 503
        answer = anybody(app).get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "checks": {"database": False, "redis": True}}


@pytest.mark.parametrize(
    ("path", "code", "title"),
    [("/nowhere", 404, "Not found"), ("/sign-out", 405, "Not possible")],
)
def test_the_usual_errors_have_words_of_their_own(
    app: Flask, staff: Person, path: str, code: int, title: str
) -> None:
    for client in (staff.client, anybody(app)):
        answer = client.get(path)
        assert answer.status_code == code
        assert f"<title>{title}" in answer.text


def test_a_wrong_method_names_the_right_ones(app: Flask) -> None:
    allowed = anybody(app).get("/sign-out").headers["Allow"]

    assert set(allowed.split(", ")) == {"OPTIONS", "POST"}


def test_more_than_the_desk_takes_is_said_in_words(staff: Person) -> None:
    answer = staff.client.post("/sign-in", data={"email": "x" * 3_000_000})

    assert answer.status_code in (400, 413)
    assert "<title>" in answer.text


def test_an_address_in_a_page_of_errors_is_text(staff: Person) -> None:
    answer = staff.opens("/jobs/<script>alert(1)</script>")

    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


def test_somebody_elses_rights_are_explained(viewer: Person) -> None:
    said = words(viewer.opens("/new/totals").text)

    assert "You may look at what others share with you, but not start this." in said
