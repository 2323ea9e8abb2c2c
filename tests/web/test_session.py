"""A session: how it is kept, and what ends it."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from dashboard import create_app
from dashboard.extensions import db
from tests.people import Person, csrf_of, words
from tests.web.browsers import anybody, cookie, elsewhere, tries
from tests.web.desk import Desk

NEW = "another long password"


@pytest.fixture
def https_app(app: Flask) -> Iterator[Flask]:
    """Give the same desk, told to send its cookies over HTTPS only."""
    state = app.instance_path
    secure = create_app(INSTANCE_PATH=state, SESSION_COOKIE_SECURE=True, TESTING=True)
    yield secure
    with secure.app_context():
        db.engine.dispose()


def is_in(person: Person) -> bool:
    """Whether the person's browser is signed in."""
    return person.opens("/").status_code == 200


def change_password(person: Person, present: str = "a long enough password") -> int:
    """Choose a new password on the account page; gives the status."""
    data = {"present": present, "password": NEW, "again": NEW}
    return person.sends("/account/password", "/account", **data).status_code


def test_a_sign_out_ends_the_session_and_is_written_down(staff: Person, desk: Desk) -> None:
    answer = staff.sends("/sign-out", "/account")

    assert answer.location == "/sign-in"
    assert not is_in(staff)
    assert [entry.user_id for entry in desk.audit("sign-out")] == [staff.id]


def test_a_link_cannot_sign_anybody_out(staff: Person) -> None:
    assert staff.opens("/sign-out").status_code == 405
    assert is_in(staff)


def test_a_person_who_is_switched_off_is_out_at_once_and_back_when_switched_on(
    admin: Person, staff: Person
) -> None:
    admin.sends(f"/users/{staff.id}", "/users", act="switch")
    assert not is_in(staff)

    admin.sends(f"/users/{staff.id}", "/users", act="switch")
    assert is_in(staff)


def test_a_new_password_ends_every_session_but_this_one(staff: Person) -> None:
    other = elsewhere(staff)
    other.signs_in()
    assert is_in(other)

    assert change_password(staff) == 302

    assert is_in(staff)
    assert not is_in(other)
    assert other.signs_in().status_code == 422
    assert other.signs_in(NEW).status_code == 302


def test_a_password_set_by_an_administrator_ends_every_session(
    admin: Person, staff: Person
) -> None:
    admin.sends(f"/users/{staff.id}", "/users", act="password")

    assert not is_in(staff)


def test_a_cookie_of_another_person_cannot_be_made_up(app: Flask, staff: Person) -> None:
    stranger = anybody(app)
    for forged in (f"{staff.id}:", f'{{"_user_id":"{staff.id}"}}', "eyJfdXNlcl9pZCI6IjEifQ.x.y"):
        stranger.set_cookie("bellhop_session", forged)
        stranger.set_cookie("bellhop_remember", f"{staff.id}|{forged}")
        assert stranger.get("/").status_code == 302


def test_a_remembered_browser_needs_no_password_until_it_changes(app: Flask, staff: Person) -> None:
    client = anybody(app)
    answer = tries(client, staff.email, remember="y")
    kept = cookie(answer, "bellhop_remember")
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"
    client.delete_cookie("bellhop_session")
    assert client.get("/").status_code == 200

    change_password(staff)

    client.delete_cookie("bellhop_session")
    assert client.get("/").status_code == 302


def test_without_the_tick_nothing_is_remembered(app: Flask, staff: Person) -> None:
    client = anybody(app)
    tries(client, staff.email)
    client.delete_cookie("bellhop_session")

    assert client.get("/").status_code == 302


def test_a_remembered_browser_stays_so_when_its_own_person_changes_the_password(
    staff: Person,
) -> None:
    person = elsewhere(staff)
    tries(person.client, person.email, remember="y")

    assert change_password(person) == 302

    person.client.delete_cookie("bellhop_session")
    assert is_in(person)


def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(
    app: Flask, staff: Person
) -> None:
    kept = cookie(tries(anybody(app), staff.email), "bellhop_session")

    assert kept["httponly"]
    assert kept["samesite"] == "Lax"
    assert kept["path"] == "/"
    assert not kept["domain"]
    assert not kept["secure"]


def test_on_https_every_cookie_is_secure(https_app: Flask, staff: Person) -> None:
    client = https_app.test_client()
    page = client.get("/sign-in", base_url="https://localhost").text
    token = page.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]
    data = {"email": staff.email, "password": "a long enough password", "remember": "y"}
    answer = client.post(
        "/sign-in",
        base_url="https://localhost",
        headers={"Referer": "https://localhost/sign-in"},
        data={**data, "csrf_token": token},
    )

    assert answer.status_code == 302, answer.text
    assert cookie(answer, "bellhop_session")["secure"]
    assert cookie(answer, "bellhop_remember")["secure"]


def test_a_form_that_is_sent_after_the_session_says_so_and_changes_nothing(
    desk: Desk, staff: Person
) -> None:
    job_id = desk.running(staff)
    token = csrf_of(staff.opens(f"/jobs/{job_id}").text)
    staff.client.delete_cookie("bellhop_session")

    answer = staff.client.post(f"/jobs/{job_id}/cancel", data={"csrf_token": token})

    assert answer.status_code == 400
    assert "Your session has ended, so nothing was changed." in words(answer.text)
    assert desk.fact(job_id).cancel_requested_at is None


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("http://localhost/jobs?state=failed", "/jobs?state=failed"),
        ("http://elsewhere.example/jobs", "/"),
        ("", "/"),
    ],
)
def test_whoever_was_switched_off_and_on_comes_back_to_the_page_of_the_form(
    desk: Desk, staff: Person, admin: Person, referrer: str, back: str
) -> None:
    job_id = desk.running(staff)
    token = csrf_of(staff.opens(f"/jobs/{job_id}").text)
    admin.sends(f"/users/{staff.id}", "/users", act="switch")

    answer = staff.client.post(
        f"/jobs/{job_id}/cancel", data={"csrf_token": token}, headers={"Referer": referrer}
    )

    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.location or "").query) == {"next": [back]}
    assert desk.fact(job_id).cancel_requested_at is None
