"""People and their roles, as administrators see and change them."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.models import AuditEntry, User
from tests.people import Person, words
from tests.web.browsers import anybody, tries
from tests.web.desk import Desk
from tests.web.streams import Streams

SECRET = re.compile(r"<code[^>]*>([\w-]{16})</code>|value=\"([\w-]{16})\"")


def known(app: Flask, email: str) -> User | None:
    """Give the person as the ledger has them."""
    with app.app_context():
        return db.session.query(User).filter_by(email=email).one_or_none()


def secret_on(html: str) -> str:
    """Give the password that a page shows."""
    found = SECRET.search(html)
    assert found is not None
    return found.group(1) or found.group(2)


def test_a_new_person_gets_a_password_that_is_shown_once(
    app: Flask, admin: Person, desk: Desk
) -> None:
    app.config["TIME_ZONE"] = "Asia/Tokyo"
    new = {"email": " Nina@Example.org", "name": " Nina  Nowak", "role": "staff"}
    answer = admin.sends("/users", **new)
    assert answer.location == "/users"

    page = admin.opens("/users").text
    password = secret_on(page)
    assert "nina@example.org" in page
    assert password not in admin.opens("/users").text
    assert tries(anybody(app), "nina@example.org", password).status_code == 302
    user = known(app, "nina@example.org")
    assert user is not None
    assert (user.name, user.role, user.time_zone) == ("Nina Nowak", "staff", "Asia/Tokyo")
    assert desk.audit("user.add")[-1].user_id == admin.id


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "no address"},
        {"email": ""},
        {"email": "Ada.Admin@example.org"},
        {"name": "  "},
        {"role": "king"},
        {"role": ""},
    ],
)
def test_a_wrong_person_is_not_added_and_the_form_comes_back(
    app: Flask, admin: Person, wrong: dict[str, str]
) -> None:
    sent = {"email": "nina@example.org", "name": "Nina Nowak", "role": "staff", **wrong}

    answer = admin.sends("/users", **sent)

    assert answer.status_code == 422
    assert "<title>Error: People" in answer.text
    assert "Nobody was added" in words(answer.text)
    assert known(app, "nina@example.org") is None


def test_a_role_is_changed_and_written_down(
    app: Flask, admin: Person, staff: Person, desk: Desk
) -> None:
    admin.sends(f"/users/{staff.id}", "/users", act="role", role="viewer")

    user = known(app, staff.email)
    assert user is not None
    assert user.role == "viewer"
    entry = desk.audit("user.role")[-1]
    assert (entry.user_id, entry.detail) == (admin.id, {"user": staff.id})


def test_a_new_password_from_an_administrator_is_shown_once_and_works(
    app: Flask, admin: Person, staff: Person
) -> None:
    admin.sends(f"/users/{staff.id}", "/users", act="password")

    password = secret_on(admin.opens("/users").text)
    assert password not in admin.opens("/users").text
    assert tries(anybody(app), staff.email, password).status_code == 302


def test_nobody_locks_themselves_out(app: Flask, admin: Person) -> None:
    for act in ("switch", "role", "password"):
        admin.sends(f"/users/{admin.id}", "/users", act=act, role="viewer")

    user = known(app, admin.email)
    assert user is not None
    assert (user.role, user.active) == ("admin", True)
    assert admin.opens("/users").status_code == 200


@pytest.mark.parametrize("sent", [{"act": "role", "role": "king"}, {"act": "promote"}, {}])
def test_an_unknown_change_changes_nothing(
    app: Flask, admin: Person, staff: Person, desk: Desk, sent: dict[str, str]
) -> None:
    assert admin.sends(f"/users/{staff.id}", "/users", **sent).status_code == 400

    user = known(app, staff.email)
    assert user is not None
    assert user.role == "staff"
    assert [entry.action for entry in desk.audit("user.role")] == []


def test_a_person_that_is_not_there_is_not_found(admin: Person) -> None:
    assert admin.sends("/users/999", "/users", act="switch").status_code == 404


def test_names_are_shown_as_text(admin: Person) -> None:
    name = '<script>alert("x")</script>'
    admin.sends("/users", email="x@example.org", name=name, role="staff")

    page = admin.opens("/users").text

    assert name not in page
    assert "&lt;script&gt;" in page


def test_the_command_line_takes_roles_as_it_tells_them(app: Flask, staff: Person) -> None:
    add = ["users", "add", "vera@example.org", "--role", "viewer"]
    added = app.test_cli_runner().invoke(args=add)
    listed = app.test_cli_runner().invoke(args=["users", "list"])

    assert added.output.startswith("vera@example.org is added as viewer. Password: ")
    assert "vera@example.org\tviewer\tvera\n" in listed.output
    assert f"{staff.email}\tstaff\t" in listed.output


def test_a_password_from_the_command_line_ends_what_is_open(
    app: Flask, staff: Person, streams: Streams
) -> None:
    page = streams.page(staff, "page")
    page.until("live")

    made = app.test_cli_runner().invoke(args=["users", "password", staff.email])

    assert made.exit_code == 0, made.output
    page.until("signin")
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.detail) == ("account.password", {"email": staff.email})
