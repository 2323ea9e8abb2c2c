"""Home and History: what is found and what is counted."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from dashboard.models import Job, State, User, clock, transaction
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


def test_days_that_are_the_wrong_way_round_are_turned(desk: Desk, staff: Person) -> None:
    job_id = desk.cancelled(staff)
    now = datetime.now(UTC)
    yesterday, tomorrow = ((now + timedelta(days=n)).date().isoformat() for n in (-1, 1))

    assert rows(staff, first=tomorrow, last=yesterday) == [job_id]


def chips(page: str) -> dict[str, str]:
    """Give the filters that are on: their words, and where each leads."""
    found = re.findall(r'<a class="chip" href="([^"]*)">(.*?)</a>', page, re.S)
    return {words(text).removeprefix("Without "): unescape(url) for url, text in found}


def test_each_filter_that_is_on_can_be_taken_away_by_itself(desk: Desk, staff: Person) -> None:
    failed, done = desk.failed(staff), desk.succeeded(staff)
    page = staff.opens("/jobs", q="totals", state="failed", kind="totals", period="7").text

    assert ROW.findall(page) == [failed]
    on = chips(page)
    assert list(on) == ["“totals”", "Totals", "Failed", "7 days"]
    assert on["Failed"] == "/jobs?q=totals&kind=totals&period=7"
    assert ROW.findall(staff.client.get(on["Failed"]).text) == [done, failed]
    assert "Clear all" in words(page)
    assert chips(staff.opens("/jobs").text) == {}
    assert "Clear all" not in words(staff.opens("/jobs", q="totals").text)


def test_days_of_ones_own_choice_are_those_of_the_persons_zone(
    app: Flask, desk: Desk, staff: Person
) -> None:
    jobs = [desk.queued(staff) for _ in range(3)]
    moments = ["2026-10-01T22:30", "2026-10-02T10:00", "2026-10-02T22:30"]
    with app.app_context(), transaction() as session:
        app.config["KEEP_JOBS_DAYS"] = 10_000
        session.get_one(User, staff.id).time_zone = "Europe/Berlin"
        for job, moment in zip(jobs, moments, strict=True):
            at = datetime.fromisoformat(f"{moment}+00:00")
            session.execute(update(Job).where(Job.id == uuid.UUID(job)).values(created_at=at))

    def on(first: str, last: str) -> list[str]:
        return rows(staff, first=first, last=last)

    assert on("2026-10-02", "2026-10-02") == [jobs[1], jobs[0]]
    assert on("2026-10-03", "") == [jobs[2]]
    assert on("", "2026-10-02") == [jobs[1], jobs[0]]
    assert on("2026-10-04", "2026-10-01") == jobs[::-1]
    page = staff.opens("/jobs", first="2026-10-02", last="2026-10-03").text
    assert list(chips(page)) == ["2 October 2026 to 3 October 2026"]
    assert 'value="2026-10-02"' in page


@pytest.mark.parametrize(
    "days", [{"first": "soon"}, {"last": "0001-01-01"}, {"first": "9999-12-31", "period": "days"}]
)
def test_days_that_are_none_narrow_nothing(desk: Desk, staff: Person, days: dict[str, str]) -> None:
    job = desk.queued(staff)

    assert rows(staff, **days) == [job]


def test_files_deleted_and_no_rows_are_told_apart(desk: Desk, staff: Person) -> None:
    gone, empty, done = desk.deleted(staff), desk.succeeded(staff, rows=0), desk.succeeded(staff)

    assert rows(staff, state="deleted") == [gone]
    assert rows(staff, state="succeeded") == [done, empty, gone]
    page = words(staff.opens("/jobs").text)
    assert "Finished, no rows" in page
    assert "Files deleted" in page


def test_a_kind_that_was_removed_can_still_be_asked_for(
    app: Flask, desk: Desk, staff: Person, colleague: Person
) -> None:
    job = desk.succeeded(staff)
    with app.app_context(), transaction() as session:
        session.execute(update(Job).values(kind="sales-of-old"))

    page = staff.opens("/jobs", kind="sales-of-old").text
    assert ROW.findall(page) == [job]
    assert '<option value="sales-of-old" selected>Sales of old (removed)</option>' in page
    assert "(removed)" not in colleague.opens("/jobs", q="x").text


def test_a_member_of_staff_may_choose_among_those_whose_jobs_they_joined(
    app: Flask, desk: Desk, staff: Person, colleague: Person
) -> None:
    own, theirs = desk.queued(staff), desk.queued(colleague)
    assert 'name="person"' not in staff.opens("/jobs").text
    desk.joined(theirs, staff)

    assert 'name="person"' in staff.opens("/jobs").text
    assert rows(staff, person=colleague.id) == [theirs]
    assert rows(staff, person=staff.id) == [own]


def test_the_list_is_exported_with_its_filters(desk: Desk, staff: Person, viewer: Person) -> None:
    desk.failed(staff)

    page = staff.opens("/jobs", state="failed", q="Totals", period="1").text
    link = re.search(r'href="(/new/job-list[^"]*)"', page)
    assert link is not None
    form = staff.client.get(unescape(link.group(1))).text
    today = datetime.now(UTC).date().isoformat()
    assert '<option selected value="failed">' in form
    for value in ("Totals", today):
        assert f'value="{value}"' in form
    assert "/new/job-list" not in viewer.opens("/jobs").text


def test_a_number_alone_finds_its_job_too(desk: Desk, staff: Person) -> None:
    jobs = [desk.queued(staff) for _ in range(3)]

    assert rows(staff, q=desk.fact(jobs[1]).number.partition("-")[2]) == [jobs[1]]


def test_beyond_the_last_page_is_the_first(app: Flask, staff: Person) -> None:
    many(app, staff, 30)
    first = rows(staff)

    assert rows(staff, before=1) == first
    assert rows(staff, after=999_999) == first
    assert rows(staff, after=1, q="nothing") == []


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


@pytest.mark.parametrize(
    "asked", [{"state": "bogus"}, {"person": "nobody"}, {"period": "14"}, {"period": "days"}]
)
def test_what_narrows_nothing_is_not_told_as_if_it_did(
    desk: Desk, staff: Person, asked: dict[str, str]
) -> None:
    desk.cancelled(staff)

    page = staff.opens("/jobs", **asked).text

    assert chips(page) == {}
    assert "Totals" in page
