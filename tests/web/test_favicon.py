"""The sign of a tab: what it shows of a job, and that everybody may have it."""

import re

import pytest
from flask import Flask

from dashboard.web.favicon import sign_of
from tests.people import Person
from tests.web.browsers import anybody
from tests.web.desk import Desk

HREF = re.compile(r'<link rel="icon" href="([^"]+)"')


def shown(person: Person, path: str) -> str:
    """Give what the sign of a page shows, the same in its head and for its scripts."""
    page = person.opens(path).text
    found = HREF.search(page)
    assert found is not None
    sign = found[1].replace("&amp;", "&").partition("&")[2]
    assert f'data-sign="{sign.replace("&", "&amp;")}"' in page
    return sign


@pytest.mark.parametrize(
    ("state", "sign"),
    [
        ("queued", "state=running"),
        ("waiting", "state=running"),
        ("running", "state=running"),
        ("stopping", "state=running"),
        ("succeeded", "state=succeeded"),
        ("failed", "state=failed"),
        ("cancelled", ""),
        ("deleted", "state=succeeded"),
    ],
)
def test_the_page_of_a_job_shows_its_state(
    desk: Desk, staff: Person, state: str, sign: str
) -> None:
    assert shown(staff, f"/jobs/{getattr(desk, state)(staff)}") == sign


@pytest.mark.parametrize(("done", "percent"), [(0, 0), (9, 0), (19, 10), (60, 60), (100, 90)])
def test_a_percent_is_told_in_tens_and_never_as_all(
    desk: Desk, staff: Person, done: int, percent: int
) -> None:
    fact = desk.counts(desk.running(staff), done, 100)

    assert sign_of(fact) == f"state=running&percent={percent}"


def test_other_pages_show_whether_anything_runs(desk: Desk, staff: Person) -> None:
    assert shown(staff, "/") == shown(staff, "/account") == ""
    job_id = desk.running(staff)
    assert shown(staff, "/") == shown(staff, "/account") == "state=running"
    desk.succeeds(job_id)
    assert shown(staff, "/") == ""


@pytest.mark.parametrize(
    "query",
    ["", "state=running", "state=running&percent=60", "state=x", "state=running&percent=x"],
)
def test_a_sign_is_a_small_picture_that_may_be_kept(app: Flask, query: str) -> None:
    answer = anybody(app).get(f"/icon.svg?{query}")

    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.text.startswith("<svg")
    assert len(answer.data) < 1000
    assert "style" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_nothing_but_the_known_signs_is_drawn(app: Flask) -> None:
    client = anybody(app)
    plain = client.get("/icon.svg").text

    assert client.get("/icon.svg?state=<script>&percent=1e9").text == plain
    assert client.get("/icon.svg?state=running&percent=400").text == (
        client.get("/icon.svg?state=running&percent=100").text
    )
