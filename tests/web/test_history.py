"""Home and History: what is found, what is counted, and at what cost."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, update

from dashboard.extensions import db
from dashboard.models import Job, State, clock, transaction
from tests.people import Person, words
from tests.web.desk import Desk

ROW = re.compile(r'id="job-row-([0-9a-f-]{36})"')


def many(app: Flask, person: Person, count: int, **more: Any) -> None:
    """Write *count* jobs into the ledger at once, as old starts would have."""
    with app.app_context(), transaction() as session:
        now = clock()
        for number in range(count):
            values: dict[str, Any] = {
                "prefix": "R",
                "kind": "totals",
                "family": "reports",
                "title": f"Totals {number}",
                "params": {},
                "choice_hash": "",
                "idempotency_key": uuid.uuid4().hex,
                "requested_by_id": person.id,
                "queue": "mail",
                "created_at": now,
                "state": State.QUEUED,
                **more,
            }
            session.add(Job(**values))


def rows(reader: Person, **query: Any) -> list[str]:
    """Give the ids of the jobs on a page of History, in its order."""
    page = reader.opens("/jobs", **query)
    assert page.status_code == 200
    return ROW.findall(page.text)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Give the statements that the ledger is asked while the block runs."""
    asked: list[str] = []

    def ask(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", ask)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", ask)


def test_nothing_yet_and_nothing_that_matches_read_differently(staff: Person) -> None:
    assert "No jobs yet" in words(staff.opens("/jobs").text)
    assert "No jobs match" in words(staff.opens("/jobs", q="nothing").text)


def test_each_filter_narrows_the_list(
    app: Flask, desk: Desk, staff: Person, colleague: Person, admin: Person
) -> None:
    failed = desk.failed(staff)
    done = desk.succeeded(colleague)
    running = desk.running(staff, "orders", name="Åsa")
    queued = desk.queued(staff, "orders", name="Bo")
    old = desk.cancelled(staff)
    with app.app_context(), transaction() as session:
        long_ago = clock() - timedelta(days=20)
        session.execute(update(Job).where(Job.id == uuid.UUID(old)).values(created_at=long_ago))

    everything = [old, queued, running, done, failed]
    assert rows(admin) == everything
    assert rows(admin, state="failed") == [failed]
    assert rows(admin, state="waiting") == [queued]
    assert rows(admin, kind="orders") == [queued, running]
    assert rows(admin, person=colleague.id) == [done]
    assert rows(admin, period="7") == everything[1:]
    assert rows(admin, period="30") == everything
    assert rows(admin, kind="orders", state="running", period="1") == [running]
    assert rows(staff) == [old, queued, running, failed]
    assert rows(staff, person=colleague.id) == []


@pytest.mark.parametrize(
    "query",
    [
        {"state": "dead", "period": "forever", "kind": "none"},
        {"person": "²", "before": "²", "after": "x"},
        {"person": "9" * 40, "before": "9" * 40},
        {"q": "R-" + "9" * 40},
        {"q": "R-²"},
        {"q": "\0"},
        {"q": "x" * 10_000},
        {"before": "-1"},
        {"before": "1e3", "after": "0x10"},
        {"q": ["a", "b"]},
    ],
)
def test_an_address_with_nonsense_is_a_page_all_the_same(
    desk: Desk, staff: Person, query: dict[str, Any]
) -> None:
    desk.queued(staff)

    assert staff.opens("/jobs", **query).status_code == 200


def test_a_job_is_found_by_number_name_and_person(
    desk: Desk, staff: Person, colleague: Person, admin: Person
) -> None:
    first = desk.queued(staff, "orders", name="Müller Å")
    second = desk.queued(colleague, "orders", name="Berg 100%")
    third = desk.queued(colleague, "orders", name="a_b\\c")
    number = desk.fact(second).number

    assert rows(admin, q=number) == [second]
    assert rows(admin, q=f" {number.lower()} ") == [second]
    for spelling in ("Müller", "MÜLLER", "müller å", "Å", "å"):
        assert rows(admin, q=spelling) == [first]
    assert rows(admin, q="MARA kel") == [first]
    assert rows(admin, q="jonas") == [third, second]
    assert rows(staff, q=number) == []
    assert rows(staff, q="R-") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("100%", [1]), ("%", [1]), ("_", [2]), ("a_b", [2]), ("\\", [2]), ("axb", []), ("'", [])],
)
def test_wildcards_in_a_search_are_letters(
    desk: Desk, staff: Person, text: str, found: list[int]
) -> None:
    names = ("Müller", "Berg 100%", "a_b\\c")
    jobs = [desk.queued(staff, "orders", name=name) for name in names]

    assert rows(staff, q=text) == [jobs[number] for number in found]


def test_pages_go_on_without_a_gap_and_back_again(app: Flask, staff: Person) -> None:
    many(app, staff, 60)
    seen: list[str] = []
    page = staff.opens("/jobs", state="waiting").text
    while True:
        seen += ROW.findall(page)
        older = re.search(r'href="([^"]*[?&](?:amp;)?before=\d+[^"]*)"', page)
        if older is None:
            break
        assert "state=waiting" in older.group(1)
        page = staff.client.get(older.group(1).replace("&amp;", "&")).text

    assert len(seen) == len(set(seen)) == 60
    newer = re.search(r'href="([^"]*[?&](?:amp;)?after=\d+[^"]*)"', page)
    assert newer is not None
    back = staff.client.get(newer.group(1).replace("&amp;", "&")).text
    assert ROW.findall(back) == seen[25:50]


def test_new_jobs_do_not_move_what_the_next_page_shows(app: Flask, staff: Person) -> None:
    many(app, staff, 30)
    first = staff.opens("/jobs").text
    cursor = re.search(r"before=(\d+)", first)
    assert cursor is not None
    expected = rows(staff, before=cursor.group(1))

    many(app, staff, 10)

    assert rows(staff, before=cursor.group(1)) == expected
    assert len(expected) == 5


@pytest.mark.parametrize("path", ["/", "/jobs", "/files", "/api/v1/jobs"])
def test_a_page_asks_the_ledger_as_often_for_50_jobs_as_for_5(
    app: Flask, desk: Desk, admin: Person, colleague: Person, path: str
) -> None:
    def asks() -> int:
        token = admin.token()
        with counted(app) as asked:
            headers = {"Authorization": f"Bearer {token}"}
            answer = admin.client.get(path, headers=headers)
        assert answer.status_code == 200
        return len(asked)

    def more(count: int) -> None:
        many(app, admin, count)
        many(app, colleague, count)
        now = {"started_at": None, "finished_at": None}
        many(app, admin, count, state=State.FAILED, error={"what": "No."}, **now)

    more(5)
    desk.succeeded(admin)
    asks()
    few = asks()
    more(50)
    desk.succeeded(admin)

    assert asks() == few
    assert few < 25


def test_home_shows_five_jobs_and_counts_them_all(app: Flask, staff: Person) -> None:
    many(app, staff, 130)

    page = staff.opens("/")

    assert page.text.count('id="job-card-') - page.text.count('id="job-card-name-') == 5
    assert "130 jobs are under way" in words(page.text)
    assert "125 more" in words(page.text)
    assert "<title>(130) Home" in page.text


def test_home_finds_reports_by_name_and_family(staff: Person) -> None:
    everything = staff.opens("/").text
    assert "/new/orders" in everything
    assert "/new/totals" in everything

    found = staff.opens("/", q="CUSTOMER").text
    assert "/new/orders" in found
    assert "/new/totals" not in found
    assert "Nothing matches" in words(staff.opens("/", q="<b>zebra").text)
    assert "<b>zebra" not in staff.opens("/", q="<b>zebra").text
    assert "/new/orders" not in staff.opens("/", family="mailings").text


def test_home_lists_the_files_that_are_still_there(desk: Desk, staff: Person) -> None:
    kept, gone = desk.succeeded(staff), desk.deleted(staff)

    page = staff.opens("/").text

    assert f"/files/{desk.file(kept)}" in page
    assert f"/files/{desk.file(gone)}" not in page


def test_a_viewer_has_nothing_to_start(viewer: Person) -> None:
    page = viewer.opens("/").text

    assert "/new/" not in page
    assert "Nothing to start" in words(page)
