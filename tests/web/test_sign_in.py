"""Signing in: who comes in, who does not, and where to."""

import hashlib
import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.security import generate_password_hash

from dashboard.extensions import db
from dashboard.models import Throttle, User, clock, transaction
from dashboard.web import auth
from tests.people import PASSWORD, Person, csrf_of, words
from tests.web.browsers import anybody, elsewhere, tries
from tests.web.desk import Desk

WRONG = "That e-mail and password do not match."


def let_time_pass(app: Flask, **more: int) -> None:
    """Let every pause after wrong passwords be over; *more* is what else to write down."""
    with app.app_context(), transaction() as session:
        past = clock() - timedelta(seconds=1)
        mails = Throttle.key.startswith("email:")
        session.execute(update(Throttle).where(mails).values(blocked_until=past, **more))


def test_the_right_password_leads_home(staff: Person, desk: Desk) -> None:
    answer = elsewhere(staff).signs_in()

    assert (answer.status_code, answer.location) == (302, "/")
    assert desk.audit("sign-in")[-1].user_id == staff.id
    assert desk.audit("sign-in")[-1].address == "127.0.0.1"


def test_the_e_mail_may_be_written_in_any_case_and_with_blanks(app: Flask, staff: Person) -> None:
    assert tries(anybody(app), f"  {staff.email.upper()} ").status_code == 302


def test_a_wrong_password_keeps_the_e_mail_and_says_no_more_than_it_must(
    app: Flask, staff: Person, desk: Desk
) -> None:
    wrong = tries(anybody(app), staff.email, "not the password")
    unknown = tries(anybody(app), "nobody@example.org", "not the password")

    assert wrong.status_code == unknown.status_code == 422
    assert WRONG in words(wrong.text)
    assert f'value="{staff.email}"' in wrong.text
    assert "<title>Error: " in wrong.text
    assert "not the password" not in wrong.text
    # But for the e-mail and the form's own token both answers are the same.
    strip = {staff.email: "", "nobody@example.org": "", csrf_of(wrong.text): ""}
    told = [wrong.text, unknown.text.replace(csrf_of(unknown.text), "")]
    for old, new in strip.items():
        told = [text.replace(old, new) for text in told]
    assert told[0] == told[1]
    assert [entry.detail["email"] for entry in desk.audit("sign-in.failed")] == [
        staff.email,
        "nobody@example.org",
    ]


@pytest.mark.parametrize(
    "missing", [{"email": ""}, {"password": ""}, {"email": "a" * 300 + "@example.org"}]
)
def test_an_empty_or_endless_field_is_a_wrong_try(
    app: Flask, staff: Person, desk: Desk, missing: dict[str, str]
) -> None:
    sent = {"email": staff.email, "password": PASSWORD, **missing}

    answer = tries(anybody(app), sent["email"], sent["password"])

    assert answer.status_code == 422
    assert desk.audit("sign-in.failed") == []


def test_an_unknown_person_costs_as_much_work_as_a_known_one(
    app: Flask, staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "generate_password_hash", generate_password_hash)
    with app.app_context(), transaction() as session:
        costly = generate_password_hash(PASSWORD)
        session.execute(update(User).where(User.id == staff.id).values(password_hash=costly))
    real, done = hashlib.scrypt, []

    def scrypt(password: bytes, *, salt: bytes, n: int, r: int, p: int, maxmem: int) -> bytes:
        done.append((n, r, p))
        return real(password, salt=salt, n=n, r=r, p=p, maxmem=maxmem)

    monkeypatch.setattr(hashlib, "scrypt", scrypt)

    assert tries(anybody(app), staff.email, "not the password").status_code == 422
    assert tries(anybody(app), "nobody@example.org", "not the password").status_code == 422

    known, unknown = done
    assert known == unknown


def test_after_five_wrong_tries_the_page_says_how_long_to_wait(app: Flask, staff: Person) -> None:
    began = time.monotonic()
    for _ in range(5):
        assert tries(anybody(app), staff.email, "wrong").status_code == 422

    answer = tries(anybody(app), staff.email)

    passed = time.monotonic() - began
    assert answer.status_code == 429
    assert 59 - passed <= int(answer.headers["Retry-After"]) <= 61
    assert "Wait 1 min" in words(answer.text)
    assert f'value="{staff.email}"' in answer.text


def test_the_right_password_counts_again_after_the_pause(app: Flask, staff: Person) -> None:
    for _ in range(5):
        tries(anybody(app), staff.email, "wrong")
    let_time_pass(app)

    assert tries(anybody(app), staff.email).status_code == 302
    assert tries(anybody(app), staff.email, "wrong").status_code == 422
    assert tries(anybody(app), staff.email).status_code == 302


def test_each_wrong_try_after_a_pause_doubles_it_up_to_a_quarter_of_an_hour(
    app: Flask, staff: Person
) -> None:
    tries(anybody(app), staff.email, "wrong")
    minutes = []
    for failures in (4, 5, 6, 7, 8, 9, 50, 1000):
        let_time_pass(app, failures=failures)
        assert tries(anybody(app), staff.email, "wrong").status_code == 422
        wait = int(tries(anybody(app), staff.email).headers["Retry-After"])
        minutes.append(round(wait / 60))

    assert minutes == [1, 2, 4, 8, 15, 15, 15, 15]


def test_one_person_who_forgot_does_not_lock_out_the_office(app: Flask, staff: Person) -> None:
    for number in range(7):
        tries(anybody(app), f"guess{number}@example.org", "wrong")

    assert tries(anybody(app), staff.email).status_code == 302


def test_an_address_that_tries_many_e_mails_has_to_wait(app: Flask, staff: Person) -> None:
    app.config["SIGN_IN_TRIES"] = 1
    for number in range(10):
        tries(anybody(app), f"guess{number}@example.org", "wrong")

    assert tries(anybody(app), staff.email).status_code == 429


def test_nothing_of_the_session_from_before_survives(app: Flask, staff: Person) -> None:
    client = anybody(app)
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        planted_token = session["csrf_token"]

    assert tries(client, staff.email).status_code == 302

    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != planted_token
        assert session["_user_id"].startswith(f"{staff.id}:")


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "http:evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/\t/evil.example",
        "/\r\nSet-Cookie: a=b",
        "/\n//evil.example",
        " //evil.example",
        "@evil.example",
    ],
)
def test_a_sign_in_never_leads_to_another_host(app: Flask, staff: Person, target: str) -> None:
    answer = tries(anybody(app), staff.email, to=target)
    again = staff.opens("/sign-in", next=target)

    for each in (answer, again):
        assert (each.status_code, each.location) == (302, "/")
        assert "a=b" not in str(each.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize("target", ["/jobs?state=failed&q=a%20b", "/account", "/new/totals?x=%2F"])
def test_a_sign_in_leads_to_the_page_first_asked_for(
    app: Flask, staff: Person, target: str
) -> None:
    client = anybody(app)
    asked = client.get(target)
    assert asked.status_code == 302
    assert asked.location.startswith("/sign-in?next=")
    page = client.get(asked.location)
    data = {"email": staff.email, "password": PASSWORD, "csrf_token": csrf_of(page.text)}

    assert client.post(asked.location, data=data).location == target


def test_whoever_is_signed_in_needs_no_form(staff: Person) -> None:
    assert staff.opens("/sign-in").location == "/"


def test_a_part_of_a_page_gets_no_sign_in_form(app: Flask) -> None:
    live = anybody(app).get("/", headers={"X-Live": "1"})
    boosted = anybody(app).get("/jobs", headers={"HX-Request": "true"})

    assert (live.status_code, live.text) == (401, "")
    assert (boosted.text, boosted.headers["HX-Redirect"]) == ("", "/sign-in?next=/jobs")


def test_a_person_who_was_switched_off_cannot_sign_in(app: Flask, staff: Person) -> None:
    with app.app_context(), transaction():
        db.session.get_one(User, staff.id).active = False

    answer = tries(anybody(app), staff.email)

    assert answer.status_code == 422
    assert WRONG in words(answer.text)
