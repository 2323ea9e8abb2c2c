"""The API by its contract: kinds, starts, lists, jobs, cancel, retry, files, and every error."""

import json
import uuid
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from dashboard.extensions import db
from dashboard.jobs import people
from dashboard.models import User
from tests.people import Person
from tests.web.browsers import anybody
from tests.web.desk import BYTES, Desk

NOBODY = "00000000-0000-4000-8000-000000000000"
JOB_KEYS = {
    *("id", "number", "kind", "family", "title", "state", "attempt", "progress", "params", "files"),
    *("warnings", "error", "requested_by", "created_at", "started_at", "finished_at"),
    *("cancel_requested_at", "place", "url", "page"),
}


def body(answer: TestResponse) -> Any:
    """Give the JSON of an answer."""
    assert answer.is_json, answer.text
    return answer.json


def problem(answer: TestResponse, status: int) -> Any:
    """Give the problem that an answer tells, which must be one (RFC 9457)."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    told = json.loads(answer.text)
    assert told["status"] == status
    assert told["title"]
    assert "<html" not in answer.text
    return told


def wrong(answer: TestResponse) -> dict[str, str]:
    """Give what is said of each wrong field."""
    told = problem(answer, 422)
    return {error["field"]: error["message"] for error in told["errors"]}


def starts(person: Person, kind: str = "totals", key: str | None = None, **sent: Any) -> Any:
    """Start a job; gives it."""
    headers = {"Idempotency-Key": key} if key else {}
    answer = person.calls("POST", f"/jobs/{kind}", json=sent, headers=headers)
    assert answer.status_code == 202, answer.text
    return body(answer)


def test_the_kinds_are_those_that_the_person_may_start(
    staff: Person, admin: Person, viewer: Person
) -> None:
    def names(person: Person) -> list[str]:
        told = body(person.calls("GET", "/kinds"))
        assert told["next"] is None
        return [kind["name"] for kind in told["items"]]

    assert sorted(names(staff)) == ["email", "job-list", "missing", "orders", "totals"]
    assert sorted(names(admin)) == [
        "email",
        "job-list",
        "missing",
        "orders",
        "salaries",
        "totals",
    ]
    assert names(viewer) == []


def test_a_kind_says_what_it_asks(staff: Person) -> None:
    kind = body(staff.calls("GET", "/kinds/orders"))

    assert kind.keys() == {"name", "title", "family", "summary", "params", "formats"}
    assert (kind["name"], kind["title"], kind["family"]) == ("orders", "Orders", "reports")
    assert kind["formats"] == ["csv", "xlsx", "pdf"]
    params = {param["name"]: param for param in kind["params"]}
    assert params["region"]["choices"] == ["North", "South"]
    assert params["region"]["default"] == "North"
    assert params["least"]["required"] is True
    assert params["period"]["fields"] == ["period_from", "period_until"]
    assert params["period"]["presets"] == ["last-month", "this-year"]


def test_a_job_starts_with_its_defaults_and_is_told_whole(
    app: Flask, staff: Person, desk: Desk
) -> None:
    answer = staff.calls("POST", "/jobs/orders", json={"params": {"period_from": ""}})

    assert answer.status_code == 202
    job = body(answer)
    assert job.keys() == JOB_KEYS
    assert job["url"] == f"/api/v1/jobs/{job['id']}" == answer.headers["Location"]
    assert job["page"] == f"/jobs/{job['id']}"
    assert (job["state"], job["number"], job["kind"]) == ("queued", "R-1", "orders")
    assert job["params"]["region"] == "North"
    assert job["params"]["least"] == 0
    assert job["params"]["formats"] == ["csv", "xlsx"]
    assert job["progress"].keys() == {"done", "total", "phase", "percent", "unit"}
    assert job["requested_by"] == {"id": staff.id, "name": "Mara Keller"}
    assert job["files"] == []
    assert (job["started_at"], job["finished_at"], job["error"]) == (None, None, None)
    assert job["created_at"].endswith("Z")
    in_line = {**job, "place": {"place": 1, "of": 1}}
    assert body(staff.calls("GET", f"/jobs/{job['id']}")) == in_line


def test_a_body_without_params_takes_every_default(staff: Person) -> None:
    assert starts(staff)["params"] == {"formats": ["csv", "xlsx"]}
    assert starts(staff, "orders", params={})["params"]["least"] == 0


def test_formats_may_stand_beside_or_among_the_params(staff: Person) -> None:
    for sent in ({"formats": ["pdf"]}, {"params": {"formats": ["pdf"]}}):
        assert starts(staff, **sent)["params"]["formats"] == ["pdf"]


def test_each_wrong_choice_is_named(staff: Person, desk: Desk) -> None:
    params = {
        "name": ["a", "b"],
        "region": "Atlantis",
        "least": "much",
        "period_from": "2026-02-30",
        "regoin": "North",
        "<b>": 1,
    }

    told = wrong(staff.calls("POST", "/jobs/orders", json={"params": params, "formats": ["docx"]}))

    assert told.keys() == {*params, "formats"}
    assert told["least"] == "Amount of at least must be a number, such as 12.5."
    assert told["regoin"] == "There is no such choice."
    assert told["formats"] == "“docx” is no format of this report."
    assert desk.count() == 0


@pytest.mark.parametrize(
    "least", [True, {}, [1, 2], "1e999", "NaN", 10**400, "1" * 5000, "−1", "0x10", " ", "1_0"]
)
def test_a_number_is_a_number(staff: Person, least: object) -> None:
    answer = staff.calls("POST", "/jobs/orders", json={"params": {"least": least}})

    assert "least" in wrong(answer)


def test_not_a_number_in_the_json_itself_is_refused(staff: Person) -> None:
    for text in ("NaN", "Infinity", "-Infinity", "1e999"):
        data = f'{{"params": {{"least": {text}}}}}'
        answer = staff.calls("POST", "/jobs/orders", data=data, content_type="application/json")
        assert "least" in wrong(answer)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        ("{", "application/json"),
        ("", "application/json"),
        ("[]", "application/json"),
        ("null", "application/json"),
        ('"params"', "application/json"),
        ('{"params": []}', "application/json"),
        ('{"params": "x"}', "application/json"),
        ('{"params": null}', "application/json"),
        ("{}", "text/plain"),
        ("params=1", "application/x-www-form-urlencoded"),
        (b'{"params": {"name": "\xff"}}', "application/json"),
        ("[" * 100_000, "application/json"),
        ('{"params":' * 5_000, "application/json"),
    ],
)
def test_what_is_no_json_object_is_not_understood(
    staff: Person, data: str | bytes, content_type: str
) -> None:
    answer = staff.calls("POST", "/jobs/totals", data=data, content_type=content_type)

    problem(answer, 400)


def test_more_than_two_megabytes_are_too_large(staff: Person) -> None:
    answer = staff.calls(
        "POST", "/jobs/totals", data=b" " * 3_000_000, content_type="application/json"
    )

    assert answer.status_code in (400, 413)
    problem(answer, answer.status_code)


def test_the_same_key_gives_the_same_job_to_the_same_person(
    staff: Person, colleague: Person, desk: Desk
) -> None:
    first = starts(staff, key="night-1")

    assert starts(staff, key="night-1")["id"] == first["id"]
    assert starts(staff, "orders", key="night-1")["id"] == first["id"]
    assert starts(staff, key="night-2")["id"] != first["id"]
    assert starts(colleague, key="night-1")["id"] != first["id"]
    assert desk.count() == 3


def test_without_a_key_every_call_is_a_new_job(staff: Person, desk: Desk) -> None:
    assert starts(staff)["id"] != starts(staff)["id"]
    assert desk.count() == 2


def test_a_key_has_a_length(staff: Person) -> None:
    headers = {"Idempotency-Key": "x" * 121}
    problem(staff.calls("POST", "/jobs/totals", json={}, headers=headers), 400)

    assert starts(staff, key="x" * 120)["id"]


def test_too_many_jobs_are_refused_with_when_to_come_back(
    app: Flask, staff: Person, desk: Desk
) -> None:
    app.config["MAX_ACTIVE_JOBS"] = 1
    first = starts(staff, key="k")

    answer = staff.calls("POST", "/jobs/totals", json={})

    assert "You have 1 job that is not finished" in problem(answer, 429)["detail"]
    assert answer.headers["Retry-After"] == "30"
    assert (desk.count(), len(desk.audit("job.start"))) == (1, 1)
    assert starts(staff, key="k")["id"] == first["id"]
    desk.claims()
    desk.fails(first["id"])
    app.config["MAX_ACTIVE_JOBS"] = 0
    assert staff.calls("POST", f"/jobs/{first['id']}/retry").status_code == 429


def test_when_to_come_back_is_what_the_desk_has_shown_of_late(
    app: Flask, staff: Person, desk: Desk
) -> None:
    for _ in range(4):
        desk.succeeded(staff)
    app.config["MAX_ACTIVE_JOBS"] = 0

    answer = staff.calls("POST", "/jobs/totals", json={})

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "15")


def test_a_queued_job_tells_its_place_in_line(staff: Person, colleague: Person, desk: Desk) -> None:
    mine = [desk.queued(staff) for _ in range(3)]
    theirs = desk.queued(colleague)

    assert body(staff.calls("GET", f"/jobs/{mine[2]}"))["place"] == {"place": 4, "of": 4}
    assert body(colleague.calls("GET", f"/jobs/{theirs}"))["place"] == {"place": 2, "of": 4}
    desk.claims()
    assert body(staff.calls("GET", f"/jobs/{mine[0]}"))["place"] is None


def test_jobs_are_listed_newest_first_page_by_page(staff: Person, desk: Desk) -> None:
    ids = [desk.queued(staff) for _ in range(27)]
    told = body(staff.calls("GET", "/jobs?state=queued"))
    assert [job["id"] for job in told["items"]] == ids[:1:-1]
    assert told["items"][0].keys() == JOB_KEYS

    assert told["next"].startswith("/api/v1/jobs?")
    last = body(staff.calls("GET", told["next"].removeprefix("/api/v1")))

    assert [job["id"] for job in last["items"]] == [ids[1], ids[0]]
    assert last["next"] is None


def test_a_list_is_narrowed_by_state_kind_and_words(
    staff: Person, colleague: Person, desk: Desk
) -> None:
    failed, waiting = desk.failed(staff), desk.waiting(staff)
    queued = desk.queued(staff, "orders", name="Åsa")
    desk.queued(colleague)

    def listed(**query: Any) -> list[str]:
        answer = staff.calls("GET", "/jobs", query_string=query)
        return [job["id"] for job in body(answer)["items"]]

    assert listed() == [queued, waiting, failed]
    assert listed(state="queued") == [queued]
    assert listed(state="waiting") == [waiting]
    assert listed(kind="totals", state="failed") == [failed]
    assert listed(q="Åsa") == [queued]
    assert listed(q="R-1") == [failed]


@pytest.mark.parametrize(
    ("query", "field"),
    [({"state": "dead"}, "state"), ({"before": "x"}, "before"), ({"before": "9" * 30}, "before")],
)
def test_a_wrong_filter_is_named(staff: Person, query: dict[str, str], field: str) -> None:
    assert list(wrong(staff.calls("GET", "/jobs", query_string=query))) == [field]


def test_what_else_is_in_the_address_does_not_come_back(staff: Person, desk: Desk) -> None:
    for _ in range(26):
        desk.queued(staff)
    query = {"_scheme": "javascript", "_external": "1", "endpoint": "x", "_anchor": "a", "q": ""}

    told = body(staff.calls("GET", "/jobs", query_string=query))

    assert told["next"].startswith("/api/v1/jobs?before=")


@pytest.mark.parametrize("job_id", [NOBODY, "1", "R-1", "pending", "%00", "x" * 300])
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("GET", "/events"), ("POST", "/cancel"), ("POST", "/retry")],
)
def test_an_unknown_job_is_not_found(staff: Person, method: str, path: str, job_id: str) -> None:
    problem(staff.calls(method, f"/jobs/{job_id}{path}"), 404)


def test_the_job_of_another_is_not_found_either(
    staff: Person, colleague: Person, desk: Desk
) -> None:
    job_id = desk.succeeded(staff)

    theirs = problem(colleague.calls("GET", f"/jobs/{job_id}"), 404)

    assert theirs == problem(colleague.calls("GET", f"/jobs/{NOBODY}"), 404)


def test_a_finished_job_names_its_files_and_they_are_given(staff: Person, desk: Desk) -> None:
    job_id = desk.succeeded(staff, formats=("csv", "xlsx"))

    job = body(staff.calls("GET", f"/jobs/{job_id}"))

    assert (job["state"], job["progress"]["percent"], job["attempt"]) == ("succeeded", 100, 1)
    assert [file["format"] for file in job["files"]] == ["csv", "xlsx"]
    for file in job["files"]:
        assert file.keys() == {
            *("id", "name", "format", "size", "sha256", "rows", "media_type", "url", "expires_at"),
            "damaged_at",
        }
        with staff.calls("GET", file["url"].removeprefix("/api/v1")) as answer:
            assert answer.data == BYTES[file["format"]]
            assert answer.headers["ETag"] == f'"{file["sha256"]}"'
        part = {"Range": "bytes=2-4"}
        with staff.calls("GET", file["url"].removeprefix("/api/v1"), headers=part) as answer:
            assert (answer.status_code, answer.data) == (206, BYTES[file["format"]][2:5])
    desk.expires(job_id)
    assert body(staff.calls("GET", f"/jobs/{job_id}"))["files"] == []


def test_a_failed_job_says_why(staff: Person, desk: Desk) -> None:
    job = body(staff.calls("GET", f"/jobs/{desk.failed(staff)}"))

    assert job["error"] == {
        "what": "The table is gone.",
        "unchanged": "No file was made and no data was changed.",
        "next": "Tell somebody.",
        "change": False,
    }
    assert "Traceback" not in json.dumps(job)


def test_a_job_is_cancelled_and_an_ended_one_stays_as_it_is(staff: Person, desk: Desk) -> None:
    done = desk.succeeded(staff)
    running = desk.running(staff)
    queued = desk.queued(staff)

    def cancelled(job_id: str) -> Any:
        answer = staff.calls("POST", f"/jobs/{job_id}/cancel")
        assert answer.status_code == 202
        assert answer.headers["Location"] == f"/api/v1/jobs/{job_id}"
        return body(answer)

    assert cancelled(queued)["state"] == "cancelled"
    assert cancelled(running)["cancel_requested_at"] is not None
    assert cancelled(running)["state"] == "running"
    assert cancelled(done)["state"] == "succeeded"
    assert len(desk.audit("job.cancel")) == 2


def test_an_ended_job_is_run_again_once_for_each_key(
    staff: Person, admin: Person, desk: Desk
) -> None:
    failed = desk.failed(staff)

    def again(person: Person, key: str | None = None) -> str:
        headers = {"Idempotency-Key": key} if key else {}
        answer = person.calls("POST", f"/jobs/{failed}/retry", headers=headers)
        assert answer.status_code == 202
        return str(body(answer)["id"])

    first = again(staff)
    assert first != failed
    assert again(staff) == first
    assert again(staff, "second") != first
    assert again(admin) not in (first, failed)
    assert desk.fact(first).params == desk.fact(failed).params


def test_a_key_shows_no_job_that_is_somebody_elses_by_now(
    app: Flask, staff: Person, colleague: Person
) -> None:
    job_id = starts(staff, key="k1", params={"formats": ["csv"]})["id"]
    assert starts(staff, key="k1", params={"formats": ["csv"]})["id"] == job_id
    with app.app_context():
        mara, jonas = (db.session.get_one(User, each.id) for each in (staff, colleague))
        people.hand_over(uuid.UUID(job_id), to=jonas, by=mara)
        people.unfollow(uuid.UUID(job_id), person=mara, by=jonas)

    again = staff.calls(
        "POST",
        "/jobs/totals",
        json={"params": {"formats": ["csv"]}},
        headers={"Idempotency-Key": "k1"},
    )

    assert job_id not in again.text
    problem(again, 404)


def test_what_has_not_ended_cannot_be_run_again(staff: Person, desk: Desk) -> None:
    told = problem(staff.calls("POST", f"/jobs/{desk.running(staff)}/retry"), 409)

    assert told["detail"] == "R-1 is still running."


@pytest.mark.parametrize("path", ["/nowhere", "/jobs/x/y/z", "/files/x", f"/files/{NOBODY}", "/"])
def test_an_address_that_is_not_there_is_a_problem(staff: Person, path: str) -> None:
    problem(staff.calls("GET", path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/jobs", "GET"),
        ("PUT", "/jobs/totals", "POST"),
        ("POST", "/kinds", "GET"),
        ("GET", f"/jobs/{NOBODY}/cancel", "POST"),
    ],
)
def test_a_method_that_is_not_there_is_a_problem(
    staff: Person, method: str, path: str, allowed: str
) -> None:
    answer = staff.calls(method, path)

    problem(answer, 405)
    assert allowed in answer.headers["Allow"]


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic eDp5", "bh_x", "Bearer ü"]
)
def test_without_a_token_nobody_is_answered(app: Flask, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    for path in ("/kinds", "/jobs", f"/jobs/{NOBODY}", f"/jobs/{NOBODY}/events"):
        answer = anybody(app).get(f"/api/v1{path}", headers=headers)
        problem(answer, 401)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_scheme_of_the_token_may_be_written_in_any_case(app: Flask, staff: Person) -> None:
    for scheme in ("bearer", "BEARER"):
        headers = {"Authorization": f"{scheme}  {staff.token()} "}
        assert anybody(app).get("/api/v1/jobs", headers=headers).status_code == 200


def test_a_cookie_does_not_lend_its_rights_to_a_token(admin: Person, staff: Person) -> None:
    headers = {"Authorization": f"Bearer {staff.token()}"}

    assert admin.client.get("/api/v1/kinds/salaries", headers=headers).status_code == 403


def test_an_unknown_kind_is_not_found(staff: Person) -> None:
    problem(staff.calls("GET", "/kinds/unknown"), 404)
    problem(staff.calls("POST", "/jobs/unknown", json={}), 404)
    problem(staff.calls("POST", "/jobs/salaries", json={}), 403)
