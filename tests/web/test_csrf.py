"""No other site can press a button here."""

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.people import Person, csrf_of, words
from tests.web.desk import Desk

TOKENS = [None, "", "forged", "IjEi.aSCzQw.forged"]
# Who calls these has a key of their own: a token of the API, the signed link of an e-mail, or the
# secret of the mail services.
KEYED = ("/api/", "/unsubscribe/", "/hooks/")


def posts(app: Flask) -> list[str]:
    """Give the addresses of all forms."""
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith(KEYED)
    ]


@pytest.mark.parametrize("token", TOKENS)
def test_every_form_without_the_token_of_its_page_is_refused(
    app: Flask, desk: Desk, admin: Person, token: str | None
) -> None:
    job_id = desk.queued(admin)
    parts = {"<uuid:job_id>": job_id, "<name>": "totals"}
    data = {"formats": "csv"} if token is None else {"formats": "csv", "csrf_token": token}
    answers = {}
    for rule in posts(app):
        for part, value in parts.items():
            rule = rule.replace(part, value)
        path = re.sub(r"<int\(max=2147483647\):\w+>", "1", rule)
        answers[path] = admin.client.post(path, data=data).status_code

    assert len(answers) >= 14
    assert set(answers.values()) == {400}, answers
    assert desk.fact(job_id).state == "queued"
    assert admin.opens("/").status_code == 200


def test_the_token_of_another_session_does_not_do(staff: Person, colleague: Person) -> None:
    theirs = csrf_of(colleague.opens("/account").text)
    assert staff.opens("/account").status_code == 200

    answer = staff.client.post("/account/tokens", data={"csrf_token": theirs, "name": "x"})

    assert answer.status_code == 400


def test_a_page_that_was_open_too_long_says_what_to_do(app: Flask) -> None:
    answer = app.test_client().post("/sign-in", data={"email": "a@b.c", "password": "x"})

    assert answer.status_code == 400
    assert "This page was open too long. Load it again" in words(answer.text)


def test_the_api_takes_no_cookie_in_place_of_a_token(staff: Person, desk: Desk) -> None:
    answer = staff.client.post("/api/v1/jobs/totals", json={})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert desk.count() == 0


def test_no_page_of_a_form_leads_elsewhere(staff: Person) -> None:
    answer = staff.sends("/new/totals", formats="csv")

    assert urlsplit(answer.location).netloc == ""
