"""A person's own account: name, time zone, look, password, tokens."""

import re

import pytest
from flask import Flask

from dashboard.extensions import db
from dashboard.models import ApiToken, User
from tests.people import PASSWORD, Person, words
from tests.web.browsers import anybody
from tests.web.desk import Desk

TOKEN = re.compile(r"bh_[\w-]{43}")
PROFILE = {"name": "Mara Keller", "time_zone": "Europe/Berlin", "theme": "dark"}


def known(app: Flask, person: Person) -> User:
    """Give the person as the ledger has them."""
    with app.app_context():
        return db.session.get_one(User, person.id)


def makes_token(person: Person, name: str = "nightly export") -> str:
    """Make a token on the account page; gives it."""
    person.sends("/account/tokens", "/account", name=name)
    found = TOKEN.search(person.opens("/account").text)
    assert found is not None
    return found.group()


def calls(app: Flask, token: str) -> int:
    """Call the API with a token; gives the status."""
    headers = {"Authorization": f"Bearer {token}"}
    return anybody(app).get("/api/v1/jobs", headers=headers).status_code


def test_the_profile_is_saved_and_seen_at_once(app: Flask, staff: Person) -> None:
    sent = {**PROFILE, "name": "  Mara   Keller-Öz ", "notify": "y"}
    answer = staff.sends("/account/profile", "/account", **sent)

    assert answer.location == "/account"
    page = staff.opens("/").text
    assert 'data-theme="dark"' in page
    assert 'data-zone="Europe/Berlin"' in page
    assert "Mara Keller-Öz" in page
    assert known(app, staff).notify is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 121},
        {"time_zone": "Mars/Olympus"},
        {"theme": "rainbow"},
    ],
)
def test_a_wrong_profile_is_not_saved_and_comes_back(
    app: Flask, staff: Person, wrong: dict[str, str]
) -> None:
    answer = staff.sends("/account/profile", "/account", **{**PROFILE, **wrong})

    assert answer.status_code == 422
    assert "<title>Error: Account" in answer.text
    assert "Nothing was saved" in words(answer.text)
    assert known(app, staff).time_zone == "UTC"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"present": "not mine"}, "That is not your present password"),
        ({"present": ""}, "Enter your present password"),
        ({"password": "short", "again": "short"}, "Use at least 10 characters"),
        ({"again": "something else"}, "The two new passwords differ"),
    ],
)
def test_a_wrong_change_of_password_changes_nothing(
    app: Flask, staff: Person, wrong: dict[str, str], said: str
) -> None:
    before = known(app, staff).password_hash
    new = {"present": PASSWORD, "password": "a new password", "again": "a new password"}

    answer = staff.sends("/account/password", "/account", **{**new, **wrong})

    assert answer.status_code == 422
    assert said in words(answer.text)
    assert "a new password" not in answer.text
    assert known(app, staff).password_hash == before


def test_a_token_is_shown_once_and_only_its_digest_is_kept(
    app: Flask, staff: Person, desk: Desk
) -> None:
    token = makes_token(staff)

    page = staff.opens("/account").text
    assert token not in page
    assert "nightly export" in page
    assert f"…{token[-4:]}" in page
    with app.app_context():
        kept = db.session.query(ApiToken).one()
        assert token not in (kept.digest, kept.hint)
    assert calls(app, token) == 200
    assert [entry.user_id for entry in desk.audit("token.make")] == [staff.id]


def test_a_revoked_token_is_refused_at_once(app: Flask, staff: Person, desk: Desk) -> None:
    token = makes_token(staff)
    other = makes_token(staff, "another")
    assert calls(app, token) == 200

    staff.sends("/account/tokens/1/revoke", "/account")

    assert calls(app, token) == 401
    assert calls(app, other) == 200
    assert "The token “nightly export” no longer works." in words(staff.opens("/account").text)
    assert "nightly export" not in staff.opens("/account").text
    assert [entry.detail for entry in desk.audit("token.revoke")] == [{"id": 1}]


def test_nobody_revokes_the_token_of_another(
    app: Flask, staff: Person, colleague: Person, admin: Person
) -> None:
    token = makes_token(staff)

    for person in (colleague, admin):
        assert person.sends("/account/tokens/1/revoke", "/account").status_code == 404
    assert calls(app, token) == 200


@pytest.mark.parametrize("token", ["", "bh_nothing", "ümlaut", "x" * 5000, "bh_ bh_"])
def test_a_token_that_was_never_made_is_refused(app: Flask, staff: Person, token: str) -> None:
    assert calls(app, token) == 401


def test_the_token_of_somebody_who_was_switched_off_is_refused(
    app: Flask, admin: Person, staff: Person
) -> None:
    token = makes_token(staff)

    admin.sends(f"/users/{staff.id}", "/users", act="switch")

    assert calls(app, token) == 401


def test_a_token_without_a_purpose_is_not_made(app: Flask, staff: Person) -> None:
    assert staff.sends("/account/tokens", "/account", name=" ").status_code == 422
    with app.app_context():
        assert db.session.query(ApiToken).count() == 0


def test_the_use_of_a_token_is_noted(app: Flask, staff: Person) -> None:
    token = makes_token(staff)
    assert "never" in words(staff.opens("/account").text)

    calls(app, token)

    assert "never" not in words(staff.opens("/account").text)


def test_the_title_counts_what_runs_unless_something_is_wrong(desk: Desk, staff: Person) -> None:
    desk.running(staff)

    assert "<title>(1) Account" in staff.opens("/account").text
    wrong = staff.sends("/account/profile", "/account", **{**PROFILE, "name": ""})
    assert "<title>Error: Account" in wrong.text
