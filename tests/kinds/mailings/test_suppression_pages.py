"""The addresses to which nothing goes, as people search, add and let them off."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.kinds.mailings.suppressions import find, suppress
from dashboard.kinds.mailings.suppressions.pasted import MOST, pasted
from dashboard.models import AuditEntry, Cause, Suppression
from tests.kinds.mailings.conftest import MakeMailing
from tests.kinds.mailings.watching import made
from tests.people import Person, words
from tests.web.test_queries import counted


def there(app: Flask) -> dict[str, Suppression]:
    """Give the list as the ledger has it."""
    with app.app_context():
        rows = db.session.scalars(select(Suppression).order_by(Suppression.address))
        return {row.address: row for row in rows}


def adds(person: Person, addresses: str, reason: str = "Asked by telephone") -> Any:
    """Add addresses by the page."""
    return person.sends("/suppressions/add", addresses=addresses, reason=reason)


def fill(app: Flask, count: int) -> None:
    """Put so many addresses on the list."""
    with app.app_context():
        for number in range(count):
            suppress(f"p{number:03}@example.org", Cause.BOUNCED)


def test_staff_add_an_address_with_a_reason_and_all_see_it(
    app: Flask, staff: Person, colleague: Person
) -> None:
    answer = adds(staff, " Ada@BÜCHER.example.org ", " Asked  by\ttelephone ")

    assert (answer.status_code, answer.location) == (303, "/suppressions")
    (one,) = there(app).values()
    assert (one.address, one.cause, one.note, one.added_by_id) == (
        "ada@xn--bcher-kva.example.org",
        "by_hand",
        "Asked by telephone",
        staff.id,
    )
    page = words(colleague.opens("/suppressions").text)
    assert "ada@xn--bcher-kva.example.org Added by hand Asked by telephone" in page
    assert "Mara Keller" in page
    assert "Let off" not in page


def test_many_are_pasted_at_once_and_each_counts_once(app: Flask, staff: Person) -> None:
    adds(staff, "bo@example.org")

    adds(staff, "ada@example.org,\r\n\r\nADA@example.org;\r\nbo@example.org\r\n")

    assert list(there(app)) == ["ada@example.org", "bo@example.org"]
    page = words(staff.opens("/suppressions").text)
    assert "1 address is added. 1 stands there already." in page


@pytest.mark.parametrize(
    ("addresses", "reason", "sentence"),
    [
        ("", "Because", "Enter an e-mail address"),
        ("ada@example.org", " ", "Say why in a few words"),
        ("ada@example.org", "x" * 301, "Use at most 300 characters"),
        ("ada@example.org\nbo", "Because", "Line 2: Not an e-mail address: the @ is missing."),
        (
            "ada@example.org\n\n\na@b@example.org",
            "Because",
            "Line 4: Not an e-mail address: it has",
        ),
        ("no\n" * 25, "Because", "5 more lines are none."),
        ("a@example.org\n" * (MOST + 1), "Because", "These are 1,001 lines: add at most 1,000"),
        ("a\0@example.org", "Because", "Line 1: Not an e-mail address."),
    ],
)
def test_what_is_wrong_is_said_by_line_and_then_nobody_is_added(
    app: Flask, staff: Person, addresses: str, reason: str, sentence: str
) -> None:
    answer = adds(staff, addresses, reason)

    assert answer.status_code == 422
    assert "<title>Error: Add addresses" in answer.text
    page = words(answer.text)
    assert "No address was added." in page
    assert sentence in page
    assert there(app) == {}


def test_as_many_as_are_allowed_are_added_in_one_go(app: Flask, staff: Person) -> None:
    adds(staff, "\r\n".join(f"p{number}@example.org" for number in range(MOST)))

    assert len(there(app)) == MOST


def test_an_administrator_lets_somebody_off_and_says_why(app: Flask, admin: Person) -> None:
    adds(admin, "ada+news@example.org")
    path = "/suppressions/let-off?address=ada%2Bnews@example.org"
    assert "address=ada%2Bnews@example.org" in admin.opens("/suppressions").text

    assert admin.sends(path, reason=" ").status_code == 422
    assert len(there(app)) == 1
    assert admin.sends(path, reason="She asked\nfor it").status_code == 303

    assert there(app) == {}
    assert "Mailings may go to ada+news@example.org again." in words(
        admin.opens("/suppressions").text
    )
    with app.app_context():
        query = select(AuditEntry).where(AuditEntry.action == "suppression.remove")
        (entry,) = db.session.scalars(query)
        assert entry.detail == {"address": "ada+news@example.org", "reason": "She asked for it"}
        assert (entry.user_id, entry.address) == (admin.id, "127.0.0.1")
    assert admin.opens("/suppressions/let-off", address="ada+news@example.org").status_code == 404


@pytest.mark.parametrize(
    ("cause", "warns"),
    [("unsubscribed", True), ("complained", True), ("bounced", False), ("by_hand", False)],
)
def test_what_a_person_has_said_themselves_is_not_taken_back_lightly(
    app: Flask, admin: Person, cause: str, warns: bool
) -> None:
    with app.app_context():
        suppress("ada@example.org", Cause(cause))

    page = words(admin.opens("/suppressions/let-off", address="ada@example.org").text)

    assert ("only where they have asked you for it" in page) is warns


def test_the_list_is_searched_by_how_an_address_begins(app: Flask, staff: Person) -> None:
    with app.app_context():
        for name in ("ada", "adam", "bo", "a%b"):
            suppress(f"{name}@bücher.example.org", Cause.BOUNCED)

    def found(q: str) -> list[str]:
        page = staff.opens("/suppressions", q=q).text
        return [name for name in ("ada@", "adam@", "bo@", "a%b@") if f"<bdi>{name}" in page]

    assert found(" AD") == ["ada@", "adam@"]
    assert found("a%") == ["a%b@"]
    assert found("Bo@Bücher.example.org") == ["bo@"]
    assert found("nobody") == []
    assert "No address begins like this" in staff.opens("/suppressions", q="nobody").text


def test_the_list_is_read_page_by_page_in_both_directions(any_app: Flask) -> None:
    fill(any_app, 7)
    with any_app.app_context():

        def numbers(**where: str) -> tuple[list[int], str | None, str | None]:
            page = find(limit=3, **where)
            return [int(one.address[1:4]) for one in page.found], page.before, page.after

        def at(number: int) -> str:
            return f"p{number:03}@example.org"

        assert numbers() == ([0, 1, 2], None, at(2))
        assert numbers(after=at(2)) == ([3, 4, 5], at(3), at(5))
        assert numbers(after=at(5)) == ([6], at(6), None)
        assert numbers(before=at(6)) == ([3, 4, 5], at(3), at(5))
        assert numbers(before=at(3)) == ([0, 1, 2], None, at(2))
        assert numbers(before=at(0)) == ([], None, None)
        assert numbers(after="\0") == ([0, 1, 2], None, at(2))


def test_the_page_leads_to_the_next_one_and_back(app: Flask, staff: Person) -> None:
    fill(app, 60)

    first = staff.opens("/suppressions", q="p").text
    assert "p049@" in first
    assert "p050@" not in first
    assert "/suppressions?after=p049@example.org&amp;q=p" in first
    second = staff.opens("/suppressions", q="p", after="p049@example.org").text
    assert "10 addresses on this page" in words(second)
    assert "/suppressions?before=p050@example.org&amp;q=p" in second
    assert "Nothing more" in staff.opens("/suppressions", after="zoe@example.org").text


def test_an_empty_list_says_how_it_is_filled(staff: Person) -> None:
    assert "Nobody is on this list yet" in words(staff.opens("/suppressions").text)


def test_a_mailing_is_named_and_led_to_for_those_only_who_may_see_it(
    any_app: Flask, made_mailing: MakeMailing
) -> None:
    mailing_id = made_mailing(1)
    with any_app.app_context():
        suppress("p1@example.org", Cause.UNSUBSCRIBED, mailing_id=mailing_id)
    admin = Person.joins(any_app, "Ada Admin", role="admin")
    other = Person.joins(any_app, "Jo")

    assert f'href="/mailings/{mailing_id}"><bdi>Autumn fair' in admin.opens("/suppressions").text
    page = other.opens("/suppressions").text
    assert "p1@example.org" in page
    assert "Autumn fair" not in page


def test_the_page_asks_as_often_for_many_mailings_as_for_one(any_app: Flask) -> None:
    mara, asked = Person.joins(any_app, "Mara"), []
    for number in range(1, 11):
        mailing_id = made(any_app, mara.id, {})
        with any_app.app_context():
            suppress(f"p{number}@example.org", Cause.UNSUBSCRIBED, mailing_id=mailing_id)
        mara.opens("/suppressions")
        with counted(any_app) as statements:
            page = mara.opens("/suppressions").text
        assert page.count("Autumn fair") == number
        asked.append(len(statements))

    assert len(set(asked)) == 1


def test_pasted_lines_are_read_as_people_write_them() -> None:
    found = pasted("A@example.org ;\n\t\nb@example.org,\n<c@example.org>\na@example.org")

    assert found.addresses == ["a@example.org", "b@example.org"]
    assert [fault.line for fault in found.faults] == [4]
    assert found.lines == 4
