"""The headers of every answer: what it may load, who may frame it, who may keep it."""

import re

import pytest
from flask import Flask

from tests.people import Person
from tests.web.desk import Desk

PATHS = (
    "/sign-in",
    "/",
    "/jobs",
    "/account",
    "/users",
    "/tables",
    "/nowhere",
    "/outbox/nothing",
    "/healthz",
    "/readyz",
    "/metrics",
    "/live/summary",
    "/api/v1/jobs",
    "/api/v1/nowhere",
    "/api/v1/openapi.json",
    "/static/chevron.svg",
    "/static/nothing.js",
)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_safe(admin: Person, path: str) -> None:
    with admin.opens(path) as answer:
        headers = answer.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert not any("unsafe" in value or "*" in value for value in policy.values())
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith("/static/")])
def test_no_cache_keeps_what_a_person_sees(admin: Person, path: str) -> None:
    assert admin.opens(path).headers["Cache-Control"] == "no-store"


def test_no_cache_keeps_logs_and_provenance(desk: Desk, staff: Person) -> None:
    job_id = desk.succeeded(staff)

    for path in (f"/jobs/{job_id}/log.txt", f"/files/{desk.file(job_id)}/provenance.json"):
        assert staff.opens(path).headers["Cache-Control"] == "no-store"


def test_a_file_is_asked_for_again_each_time(desk: Desk, staff: Person) -> None:
    with staff.opens(f"/files/{desk.file(desk.succeeded(staff))}") as answer:
        kept = answer.headers["Cache-Control"]

    assert {"private", "no-cache"} <= set(kept.split(", "))
    assert "public" not in kept


def test_a_stream_is_neither_kept_nor_buffered(app: Flask) -> None:
    answer = app.test_client().get("/live")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert "Content-Security-Policy" in answer.headers


def test_static_files_of_a_page_are_kept_for_ever_under_their_version(staff: Person) -> None:
    found = re.search(r"/static/v-[0-9a-f]+/css/desk\.css", staff.opens("/").text)
    assert found is not None

    with (
        staff.client.get(found[0]) as named,
        staff.client.get("/static/css/desk.css") as bare,
        staff.client.get("/static/v-0123/css/desk.css") as earlier,
    ):
        assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert bare.headers["Cache-Control"] == earlier.headers["Cache-Control"] == "no-cache"
        assert named.data == bare.data == earlier.data


def test_a_request_id_cannot_forge_a_line_of_the_log(app: Flask, staff: Person, desk: Desk) -> None:
    wanted = "abc-1.2_3"
    for sent, kept in ((wanted, wanted), ("a b<\x1b[31m>|" + "x" * 100, "ab31m" + "x" * 59)):
        answer = staff.client.get("/jobs/nowhere", headers={"X-Request-ID": sent})
        assert f"<code>{kept}</code>" in answer.text
