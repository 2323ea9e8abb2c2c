"""The list of jobs as a file: its form, its rows, and that it shows no more than may be seen."""

import csv
import io
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from dashboard import create_app
from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of, find, same_under_way
from dashboard.jobs.task import run
from dashboard.kinds.desk import work
from dashboard.models import Job, Role, State, User, clock, transaction
from tests.people import Person, words

HEAD = [column.label for column in work.COLUMNS]


@pytest.fixture
def app(tmp_path: Path, sqlite_ledger: Path, valkey_url: str) -> Flask:
    """Give a desk with an empty ledger."""
    (tmp_path / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    return create_app(INSTANCE_PATH=tmp_path, REDIS_URL=valkey_url, TESTING=True)


def add(app: Flask, owner: Person, title: str, **more: Any) -> uuid.UUID:
    """Write a job into the ledger; gives its id."""
    with app.app_context(), transaction() as session:
        values: dict[str, Any] = {
            "id": uuid.uuid4(),
            "prefix": "R",
            "kind": "sales",
            "family": "reports",
            "title": title,
            "params": {},
            "choice_hash": "",
            "idempotency_key": uuid.uuid4().hex,
            "requested_by_id": owner.id,
            "queue": "mail",
            "created_at": clock(),
            "state": State.CANCELLED,
            **more,
        }
        session.add(Job(**values))
        given: uuid.UUID = values["id"]
        return given


def start(by: Person, **choices: Any) -> str:
    """Send the start form; gives the job's id."""
    answer = by.sends("/new/job-list", **{"formats": ["csv"], **choices})
    assert answer.status_code == 303, words(answer.text)
    return (answer.location or "").removeprefix("/jobs/")


def done(app: Flask, job_id: str) -> Fact:
    """Let a worker do what is in line; gives the job."""
    with app.app_context():
        run.apply(args=["reports"], throw=True).get()
    with app.app_context():
        return fact_of(db.session.scalars(select(Job).where(Job.id == uuid.UUID(job_id))).one())


def table(person: Person, fact: Fact, extension: str = "csv") -> list[dict[str, Any]]:
    """Give the rows of a finished list, by the labels of their columns."""
    assert fact.state == "succeeded", fact.error
    (file,) = [file for file in fact.files if file.format == extension]
    with person.opens(f"/files/{file.id}") as answer:
        data = answer.data
    if extension == "csv":
        return list(csv.DictReader(io.StringIO(data.decode())))
    sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    tables = [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in sheets]
    ((_, *rows),) = [rows for rows in tables if rows[0] == HEAD]
    return [dict(zip(HEAD, row, strict=True)) for row in rows]


def listed(app: Flask, by: Person, **choices: Any) -> list[str]:
    """Give the titles that a list holds, beside those of earlier lists."""
    fact = done(app, start(by, **choices))
    return [row["Title"] for row in table(by, fact) if row["Kind"] != "List of jobs"]


def test_a_list_holds_what_history_shows_and_says_all_that_is_known(
    app: Flask, staff: Person, colleague: Person
) -> None:
    now = datetime(2026, 11, 20, 9, 41, tzinfo=None).astimezone()
    add(
        app,
        staff,
        "=Sales",
        state=State.FAILED,
        error={"what": "No table."},
        started_at=now,
        finished_at=now + timedelta(seconds=90),
    )
    add(app, colleague, "Not for Mara")

    fact = done(app, start(staff, formats=["csv", "xlsx"]))

    (row,) = table(staff, fact)
    assert list(row) == HEAD
    assert (row["Number"], row["Title"], row["Kind"]) == ("R-1", "'=Sales", "sales")
    assert (row["State"], row["Started by"]) == ("Failed", "Mara Keller")
    assert (row["Took (seconds)"], row["Why it failed"]) == ("90", "No table.")
    assert fact.number.startswith("D-")
    assert [each["Title"] for each in table(staff, fact, "xlsx")] == ["=Sales"]
    page = words(staff.opens(f"/jobs/{fact.id}").text)
    assert "2 files, ready" in page
    assert fact.result["rows"] == 1
    assert fact.result["preview"]["rows"][0][1] == "=Sales"


def test_each_filter_narrows_the_list(
    app: Flask, staff: Person, colleague: Person, admin: Person
) -> None:
    with app.app_context():
        long_ago = clock() - timedelta(days=20)
    add(app, staff, "Old", created_at=long_ago)
    add(app, staff, "Failed", state=State.FAILED)
    add(app, colleague, "Theirs", kind="gone")
    today = datetime.now().astimezone().date()

    assert listed(app, admin) == ["Theirs", "Failed", "Old"]
    assert listed(app, admin, state="failed") == ["Failed"]
    assert listed(app, admin, kind="gone") == ["Theirs"]
    assert listed(app, admin, person=str(staff.id)) == ["Failed", "Old"]
    assert listed(app, admin, q="old") == ["Old"]
    week = {"first": today - timedelta(days=7), "last": today + timedelta(days=1)}
    assert listed(app, admin, **week) == ["Theirs", "Failed"]
    before = {"last": today - timedelta(days=10)}
    assert listed(app, admin, **before) == ["Old"]


def test_an_empty_list_is_a_file_with_a_head(app: Flask, staff: Person) -> None:
    fact = done(app, start(staff, q="zebra", formats=["csv", "xlsx"]))

    assert table(staff, fact) == []
    assert fact.result["rows"] == 0
    assert any("No job fits" in line.text for line in fact.lines)


def test_a_list_is_read_a_batch_at_a_time_and_has_each_job_once(
    app: Flask, staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH", 7)
    titles = [f"Job {number}" for number in range(30)]
    for title in titles:
        add(app, staff, title)

    assert listed(app, staff) == titles[::-1]


def test_nobody_gets_more_than_they_may_see_when_the_list_is_made(
    app: Flask, staff: Person, admin: Person, colleague: Person
) -> None:
    add(app, colleague, "Theirs")
    job_id = start(admin)
    with app.app_context(), transaction() as session:
        session.get_one(User, admin.id).role = Role.STAFF

    fact = done(app, job_id)

    assert table(admin, fact) == []


def test_rights_that_end_while_the_list_is_read_end_it_there(
    app: Flask, admin: Person, colleague: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        add(app, colleague, f"Theirs {number}")
    monkeypatch.setattr(work, "BATCH", 2)
    batches = work._batches

    def and_then(running: Any) -> Iterator[Any]:
        for number, batch in enumerate(batches(running)):
            yield batch
            if number == 0:
                with transaction() as session:
                    session.get_one(User, admin.id).role = Role.STAFF

    monkeypatch.setattr(work, "_batches", and_then)

    assert listed(app, admin) == ["Theirs 3", "Theirs 2"]


def test_whoever_runs_the_list_of_another_again_makes_the_others_list(
    app: Flask, staff: Person, colleague: Person, admin: Person
) -> None:
    add(app, colleague, "Theirs")
    add(app, staff, "Mine")
    first = done(app, start(staff))

    answer = admin.sends(f"/jobs/{first.id}/again", f"/jobs/{first.id}")
    again = done(app, (answer.location or "").removeprefix("/jobs/"))

    # The member of staff follows the new job, and may see no more in it than before.
    assert staff.opens(f"/jobs/{again.id}").status_code == 200
    titles = [row["Title"] for row in table(staff, again)]
    assert "Mine" in titles
    assert "Theirs" not in titles


def test_the_same_list_of_two_people_is_not_the_same(
    app: Flask, staff: Person, admin: Person
) -> None:
    job_id = start(admin)

    page = staff.sends("/new/job-list", formats=["csv"])

    assert page.status_code == 303
    assert page.location != f"/jobs/{job_id}"
    refused = staff.sends(f"/new/job-list/join/{job_id}", "/new/job-list", formats=["csv"])
    assert staff.opens(f"/jobs/{job_id}").status_code == 404
    assert refused.status_code in (200, 303)
    with app.app_context():
        kind = find("job-list")
        assert kind is not None
        mine = db.session.scalars(select(Job).where(Job.requested_by_id == staff.id)).one()
        assert same_under_way(kind, mine.params) == mine


def test_a_program_may_send_the_choices_of_an_earlier_list_again(app: Flask, staff: Person) -> None:
    first = staff.calls("POST", "/jobs/job-list", json={"params": {}, "formats": ["csv"]})
    assert first.json is not None
    shown = staff.calls("GET", f"/jobs/{first.json['id']}").json
    assert shown is not None
    params = {name: value for name, value in shown["params"].items() if name != "formats"}
    assert "seen_by" not in params

    again = staff.calls("POST", "/jobs/job-list", json={"params": params, "formats": ["csv"]})

    assert again.status_code == 202


def test_a_program_cannot_ask_for_the_sight_of_another(
    app: Flask, staff: Person, admin: Person
) -> None:
    sent = {"params": {"seen_by": admin.id}, "formats": ["csv"]}
    answer = staff.calls("POST", "/jobs/job-list", json=sent)
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"] == [{"field": "seen_by", "message": "There is no such choice."}]

    given = staff.calls("POST", "/jobs/job-list", json={"params": {"days": "last-7-days"}})
    assert given.status_code == 202
    assert given.json is not None
    with app.app_context():
        assert db.session.scalars(select(Job)).one().params["seen_by"] == staff.id
    assert given.json["params"]["first"] < given.json["params"]["last"]


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"first": "2026-11-02", "last": "2026-11-01"}, "The last day lies before the first."),
        ({"state": "dead"}, "Not a valid choice."),
        ({"kind": "never"}, "Not a valid choice."),
        ({"formats": []}, "Choose at least one format."),
        ({"q": "x" * 201}, "Use at most 200 characters."),
        ({"days": "soon"}, "“soon” names no days that are known here."),
    ],
)
def test_a_wrong_choice_is_named(staff: Person, choices: dict[str, Any], sentence: str) -> None:
    answer = staff.sends("/new/job-list", **{"formats": ["csv"], **choices})

    assert answer.status_code == 422
    assert sentence in words(answer.text)


def test_the_title_says_what_the_list_was_narrowed_to(app: Flask, staff: Person) -> None:
    choices = {"state": "failed", "q": "sales", "first": "2026-11-01", "last": "2026-11-07"}
    fact = done(app, start(staff, person=str(staff.id), **choices))

    what = "“sales”, Failed, Mara Keller, 1 November 2026 to 7 November 2026"
    assert fact.title == f"List of jobs, {what}"
    assert [value for _, value in fact.choices][-1] == "CSV"


def test_the_form_is_filled_from_its_address(staff: Person) -> None:
    page = staff.opens("/new/job-list", state="failed", first="2026-11-01", last="soon").text

    assert '<option selected value="failed">' in page
    assert 'value="2026-11-01"' in page
    assert staff.opens("/new/job-list", days="last-7-days").status_code == 200
    assert staff.opens("/new/job-list", kind="nonsense", person="²").status_code == 200


def test_the_size_is_known_before_the_start(app: Flask, staff: Person, colleague: Person) -> None:
    for owner in (staff, staff, colleague):
        add(app, owner, "Sales")

    with app.app_context():
        assert work.count({"seen_by": staff.id}) == 2
        assert work.count({"seen_by": staff.id, "q": "zebra"}) == 0
        assert work.count({"seen_by": 999}) == 0


def test_a_viewer_cannot_export(app: Flask) -> None:
    viewer = Person.joins(app, "Vera Viewer", role="viewer")

    assert viewer.opens("/new/job-list").status_code == 403


def test_a_time_zone_that_is_gone_is_that_of_the_desk(app: Flask, staff: Person) -> None:
    app.config["TIME_ZONE"] = "Asia/Tokyo"
    with app.app_context(), transaction() as session:
        session.get_one(User, staff.id).time_zone = "Mars/Olympus"
    before = datetime.now(UTC) - timedelta(days=5)
    midnight = before.replace(hour=15, minute=0)  # in Tokyo
    add(app, staff, "Yesterday", created_at=midnight - timedelta(minutes=1))
    add(app, staff, "Today", created_at=midnight + timedelta(minutes=1))
    that_day = (before + timedelta(days=1)).date().isoformat()
    day = {"first": that_day, "last": that_day}

    assert "Days are those of Asia/Tokyo." in words(staff.opens("/new/job-list").text)
    with app.app_context():
        assert work.count({"seen_by": staff.id, **day}) == 1
    assert listed(app, staff, **day) == ["Today"]
