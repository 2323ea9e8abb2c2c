"""Starting a job: what the form asks, keeps and refuses; pressing twice; the first rows."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any, NoReturn

import pytest
from flask import Flask

from dashboard.extensions import db
from dashboard.jobs import Family, Kind, Transient
from dashboard.models import Notice, User, transaction
from dashboard.web import launch
from dashboard.web.access import kind_or_404
from tests.people import TOKEN, Person, csrf_of, words
from tests.web.desk import Desk

# What a browser sends when nothing was changed: empty fields as well.
RIGHT = {
    "name": "",
    "region": "North",
    "least": "0",
    "period_from": "",
    "period_until": "",
    "formats": "csv",
}
AGAIN = re.compile(r'href="(/new/orders\?[^"]*least[^"]*)"')


def job_of(location: str | None) -> str:
    """Give the job that an answer leads to."""
    assert location is not None
    assert location.startswith("/jobs/")
    return location.removeprefix("/jobs/")


def test_the_form_starts_a_job_and_leads_to_its_page(staff: Person, desk: Desk) -> None:
    answer = staff.sends("/new/orders", **RIGHT)

    assert answer.status_code == 303
    fact = desk.fact(job_of(answer.location))
    assert (fact.state, fact.requested_by.name) == ("queued", "Mara Keller")
    assert fact.params["region"] == "North"
    assert fact.params["period_from"] is None
    assert staff.opens(answer.location or "").status_code == 200
    entry = desk.audit("job.start")[-1]
    assert (entry.user_id, str(entry.job_id), entry.address) == (staff.id, fact.id, "127.0.0.1")


def test_a_job_is_done_and_its_file_holds_what_was_asked_for(staff: Person, desk: Desk) -> None:
    answer = staff.sends("/new/orders", **{**RIGHT, "least": "10"})
    desk.works()

    fact = desk.fact(job_of(answer.location))
    assert fact.state == "succeeded", fact.error
    with staff.opens(f"/files/{fact.files[0].id}") as file:
        lines = file.data.decode().splitlines()
    assert lines[0] == "Number,Customer,Region,Day,Amount"
    assert lines[1:] == ["1,Müller & Söhne,North,2026-09-30,120.5"]


def test_the_address_fills_the_form_in(staff: Person) -> None:
    page = staff.opens(
        "/new/orders",
        name='Müller "&" Söhne',
        region="South",
        least="12.5",
        period_from="2026-01-01",
        period_until="2026-01-31",
        formats="pdf",
    ).text

    assert 'value="Müller &#34;&amp;&#34; Söhne"' in page
    assert '<option selected value="South">' in page
    for value in ("12.5", "2026-01-01", "2026-01-31"):
        assert f'value="{value}"' in page
    checked = [tag for tag in page.split("<input") if " checked" in tag.partition(">")[0]]
    assert [tag for tag in checked if 'name="formats"' in tag and 'value="pdf"' in tag]
    assert not [tag for tag in checked if 'name="formats"' in tag and 'value="csv"' in tag]


@pytest.mark.parametrize(
    "query",
    [
        {"region": "Atlantis", "least": "much", "period_from": "soon", "formats": "docx"},
        {"region": ["North", "South"], "least": ["1", "2"], "name": ["a", "b"]},
        {"token": "chosen-by-me", "csrf_token": "mine", "nonsense": "x", "start_anyway": "1"},
        {"period": "last-month", "period_until": "2026-01-01"},
        {"name": "x" * 5000},
        {"name": "\0", "least": "1e999"},
    ],
)
def test_an_address_with_nonsense_still_opens_the_form(
    staff: Person, query: dict[str, object]
) -> None:
    page = staff.opens("/new/orders", **query)

    assert page.status_code == 200
    assert "chosen-by-me" not in page.text
    assert 'value="mine"' not in page.text


def test_a_link_that_does_not_fit_any_more_says_what_of_it(staff: Person) -> None:
    query = {"region": "Atlantis", "least": "12.5", "period_from": "soon", "formats": "docx"}

    page = staff.opens("/new/orders", **query).text

    told = words(page).partition("This link does not fit any more: ")[2].partition(".")[0]
    assert told == "Region, Period, Formats"
    assert 'value="12.5"' in page
    assert "does not fit any more" not in staff.opens("/new/orders", region="South").text


def test_wrong_choices_come_back_named_and_kept(staff: Person, desk: Desk) -> None:
    wrong = {
        "name": "<b>Åsa</b>",
        "region": "Atlantis",
        "least": "much",
        "period_from": "2026-02-30",
        "period_until": "2026-01-01",
    }

    answer = staff.sends("/new/orders", **wrong)

    assert answer.status_code == 422
    assert "<title>Error: Orders" in answer.text
    said = words(answer.text)
    assert "“Atlantis” is not one of the choices for “Region”." in said
    assert "Amount of at least must be a number, such as 12.5." in said
    assert "2026-02-30 is no day of the calendar." in said
    assert "Choose at least one format." in said
    for field in ("region", "least", "period_from", "formats"):
        assert f'href="#{field}' in answer.text
    for kept in ("&lt;b&gt;Åsa&lt;/b&gt;", "much", "2026-02-30", "2026-01-01"):
        assert f'value="{kept}"' in answer.text
    assert "<b>Åsa" not in answer.text
    assert desk.count() == 0


def test_a_form_that_came_back_still_starts_one_job_only(staff: Person, desk: Desk) -> None:
    back = staff.sends("/new/orders", **{**RIGHT, "least": "much"}).text
    found = TOKEN.search(back)
    assert found is not None
    data = {"csrf_token": csrf_of(back), "token": found.group(1), **RIGHT}

    landed = {staff.client.post("/new/orders", data=data).location for _ in range(2)}

    assert len(landed) == 1
    assert desk.count() == 1


def test_an_unknown_report_is_not_found(staff: Person) -> None:
    for path in ("/new/unknown", "/new/unfinished", "/new/..", "/new/%3Cb%3E"):
        assert staff.opens(path).status_code == 404
    assert staff.sends("/new/unknown", "/account", **RIGHT).status_code == 404


def test_a_broken_report_is_shown_to_administrators_only(staff: Person, admin: Person) -> None:
    assert "unfinished.sql" in admin.opens("/").text
    assert "unfinished.sql" not in staff.opens("/").text


def test_pressing_twice_starts_one_job_and_lands_on_it(staff: Person, desk: Desk) -> None:
    page = staff.opens("/new/totals").text
    found = TOKEN.search(page)
    assert found is not None
    data = {"csrf_token": csrf_of(page), "token": found.group(1), "formats": "csv"}

    first = staff.client.post("/new/totals", data=data)
    second = staff.client.post("/new/totals", data=data)

    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert desk.count() == 1


def test_ten_presses_at_once_start_one_job(staff: Person, desk: Desk) -> None:
    page = staff.opens("/new/totals").text
    found = TOKEN.search(page)
    assert found is not None
    data = {"csrf_token": csrf_of(page), "token": found.group(1), "formats": "csv"}
    cookie = staff.client.get_cookie("bellhop_session")
    assert cookie is not None

    def press(number: int) -> str | None:
        client = staff.app.test_client()
        client.set_cookie("bellhop_session", cookie.value)
        return client.post("/new/totals", data=data).location

    with ThreadPoolExecutor(10) as pool:
        landed = set(pool.map(press, range(10)))

    assert len(landed) == 1
    assert job_of(landed.pop())
    assert desk.count() == 1


def test_each_form_starts_a_job_of_its_own(staff: Person, desk: Desk) -> None:
    staff.sends("/new/orders", **RIGHT)
    staff.sends("/new/orders", **{**RIGHT, "region": "South"})

    assert desk.count() == 2


def test_the_token_of_a_form_is_one_persons_own(
    staff: Person, colleague: Person, desk: Desk
) -> None:
    sent = {"formats": "csv", "token": "the same", "start_anyway": "1"}
    first = staff.sends("/new/totals", **sent)
    second = colleague.sends("/new/totals", **sent)

    assert first.location != second.location
    assert desk.count() == 2


def test_the_limit_of_a_person_is_said_and_holds_for_them_alone(
    app: Flask, staff: Person, colleague: Person, desk: Desk
) -> None:
    app.config["MAX_ACTIVE_JOBS"] = 1
    staff.sends("/new/orders", **RIGHT)

    answer = staff.sends("/new/orders", **{**RIGHT, "region": "South"})

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "You have 1 job that is not finished" in words(answer.text)
    assert "Nothing was started." in words(answer.text)
    assert '<option selected value="South">' in answer.text
    assert (desk.count(), len(desk.audit("job.start"))) == (1, 1)
    assert colleague.sends("/new/totals", formats="csv").status_code == 303


def test_the_first_rows_are_shown_and_nothing_is_started(staff: Person, desk: Desk) -> None:
    answer = staff.sends("/new/orders/preview", "/new/orders", **{**RIGHT, "region": "South"})

    assert answer.status_code == 200
    assert "Åsa &lt;b&gt;Bold&lt;/b&gt;" in answer.text
    assert "Müller" not in answer.text
    assert '<option selected value="South">' in answer.text
    assert desk.count() == 0


def test_no_first_rows_is_said_in_words(staff: Person) -> None:
    sent = {**RIGHT, "least": "1000000"}
    answer = staff.sends("/new/orders/preview", "/new/orders", **sent)

    assert "Nothing matches these choices." in words(answer.text)


def test_first_rows_of_wrong_choices_name_them(staff: Person) -> None:
    answer = staff.sends("/new/orders/preview", "/new/orders", **{**RIGHT, "least": "much"})

    assert answer.status_code == 422
    assert "must be a number" in words(answer.text)


def test_a_table_that_is_missing_is_a_sentence(staff: Person) -> None:
    answer = staff.sends("/new/missing/preview", "/new/missing", formats="csv")

    assert answer.status_code == 200
    assert "nowhere" in words(answer.text)
    assert "Traceback" not in answer.text
    assert "SELECT" not in answer.text


def test_a_source_that_is_away_is_a_sentence(staff: Person, till: Path) -> None:
    till.unlink()

    answer = staff.sends("/new/totals/preview", "/new/totals", formats="csv")

    assert answer.status_code == 200
    assert "Nothing was started." in words(answer.text)
    assert "till" in words(answer.text)
    assert "Traceback" not in answer.text
    assert str(till) not in answer.text


def test_a_person_is_told_by_mail_when_they_tick_the_box(
    app: Flask, staff: Person, desk: Desk
) -> None:
    for sent, told in (({"notify": "y"}, 1), ({}, 1)):
        answer = staff.sends("/new/orders", **RIGHT, start_anyway="1", **sent)
        desk.claims()
        desk.succeeds(job_of(answer.location))
        with app.app_context():
            assert db.session.query(Notice).count() == told


def test_the_box_begins_as_the_person_likes_it(app: Flask, staff: Person) -> None:
    def is_ticked() -> bool:
        tag = staff.opens("/new/totals").text.partition('name="notify"')
        around = tag[0].rpartition("<input")[2] + tag[2].partition(">")[0]
        return "checked" in around

    assert not is_ticked()
    with app.app_context(), transaction():
        db.session.get_one(User, staff.id).notify = True
    assert is_ticked()


def test_the_form_says_what_the_last_runs_took_and_offers_them_again(
    staff: Person, desk: Desk
) -> None:
    sent = {**RIGHT, "name": "a&b=c", "region": ""}
    answer = staff.sends("/new/orders", **sent)
    desk.works()
    assert desk.fact(job_of(answer.location)).state == "succeeded"

    page = staff.opens("/new/orders").text
    again = AGAIN.search(page)
    assert again is not None
    filled = staff.client.get(unescape(again.group(1))).text

    assert "Rows Usually 0" in words(page)
    assert 'value="a&amp;b=c"' in filled
    assert '<option selected value="">' in filled


def test_a_kind_whose_family_is_gone_leaves_its_jobs_readable(
    app: Flask, staff: Person, desk: Desk
) -> None:
    job_id = desk.succeeded(staff)
    app.extensions["families"] = (Family("others", "Others", "O", "hash", dict),)

    for path in ("/", "/jobs", f"/jobs/{job_id}", "/files"):
        assert staff.opens(path).status_code == 200
    staff.sends(f"/jobs/{job_id}/again", "/account", token="x")
    assert "does not exist any more" in words(staff.opens(f"/jobs/{job_id}").text)
    assert staff.calls("POST", f"/jobs/{job_id}/retry").status_code == 409


def test_a_page_of_the_past_with_other_choices_starts_nothing_and_then_one_more(
    desk: Desk, staff: Person
) -> None:
    page = staff.opens("/new/orders").text
    data = {"csrf_token": csrf_of(page), "formats": "csv", "least": "1"}
    first = {**data, "token": TOKEN.findall(page)[0]}
    staff.client.post("/new/orders", data=first)

    other = staff.client.post("/new/orders", data={**first, "least": "2"})
    token = TOKEN.findall(other.text)[0]
    again = staff.client.post("/new/orders", data={**data, "least": "2", "token": token})

    assert other.status_code == 409
    assert "This page was used for R-1 before, with other choices." in words(other.text)
    assert 'value="2"' in other.text
    assert again.status_code == 303
    assert desk.count() == 2


def test_whoever_looks_at_first_rows_holds_no_connection_to_the_ledger(
    app: Flask, staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    real = kind_or_404

    def slow(name: str) -> Kind:
        def preview(_: Mapping[str, Any]) -> NoReturn:
            held.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]
            raise Transient("The source is slow.")

        return replace(real(name), preview=preview)

    monkeypatch.setattr(launch, "kind_or_404", slow)

    page = staff.sends("/new/totals/preview", "/new/totals", formats="csv")

    assert held == [0]
    assert "The source is slow." in page.text
