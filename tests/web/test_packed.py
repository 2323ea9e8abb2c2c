"""Pages are packed on their way, unless a stranger could have words of their own in them."""

import gzip

import pytest
from flask import Flask

from tests.people import Person
from tests.web.browsers import anybody

PACKED = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("path", ["/", "/jobs", "/account", "/workers"])
def test_a_page_is_packed_for_whoever_takes_it(staff: Person, path: str) -> None:
    plain = staff.client.get(path)
    packed = staff.client.get(path, headers=PACKED)

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data).startswith(b"<!doctype html>")
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in packed.vary


def test_the_sign_in_page_is_packed_too(app: Flask) -> None:
    assert anybody(app).get("/sign-in", headers=PACKED).headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("path", ["/jobs?q=guess", "/?q=guess", "/sign-in?next=/guess", "/nowhere"])
def test_a_page_that_may_repeat_what_it_was_asked_goes_as_it_is(staff: Person, path: str) -> None:
    assert "Content-Encoding" not in staff.client.get(path, headers=PACKED).headers


def test_the_answer_to_a_form_goes_as_it_is(staff: Person) -> None:
    sent = {"name": "", "time_zone": "UTC", "theme": "dark"}
    staff.client.environ_base["HTTP_ACCEPT_ENCODING"] = "gzip"
    page = gzip.decompress(staff.client.get("/account").data).decode()
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]

    answer = staff.client.post("/account/profile", data={**sent, "csrf_token": token})

    assert answer.status_code == 422
    assert "Content-Encoding" not in answer.headers


def test_streams_files_and_figures_are_left_alone(staff: Person) -> None:
    for path in ("/live/summary", "/api/v1/openapi.json", "/icon.svg", "/healthz"):
        assert "Content-Encoding" not in staff.client.get(path, headers=PACKED).headers
