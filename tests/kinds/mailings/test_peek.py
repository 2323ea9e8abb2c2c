"""The fields of an audience, the column with its addresses, and a look at it before a check."""

import pytest
from flask import Flask

from dashboard.extensions import db
from dashboard.kinds.mailings.audience import peek as peeking
from dashboard.kinds.mailings.audience.column import email_column
from dashboard.kinds.mailings.audience.fields import field_name, field_names
from dashboard.kinds.mailings.audience.peek import fields_of, peek
from dashboard.mail.writing import Draft, compile as made_ready
from dashboard.models import User
from tests.kinds.mailings.chooser import Chooser
from tests.people import Person


@pytest.fixture
def chooser(app: Flask) -> Chooser:
    """Give somebody at a desk."""
    return Chooser(app, Person.joins(app, "Mara Keller"))


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("first_name", "first_name"),
        ("FirstName", "FirstName"),
        ("First name", "first_name"),
        ("E-Mail-Adresse", "e_mail_adresse"),
        ("Größe (cm)", "größe_cm"),
        ("2nd", "_2nd"),
        ("none", "none_"),
        ("!!", "field"),
        ("x" * 200, "x" * 80),
    ],
)
def test_a_column_is_called_as_a_message_can_call_it(column: str, field: str) -> None:
    assert field_name(column) == field
    assert made_ready(Draft("", f"{{{{ {field} }}}}")).needed == (field,)


def test_no_two_columns_fill_one_field() -> None:
    assert field_names(["a", "A b", "a b", "a", "a_2"]) == ("a", "a_b", "a_b_2", "a_2", "a_2_2")


@pytest.mark.parametrize(
    ("columns", "cells", "place"),
    [
        (("name", "E-Mail"), ("Ada", ""), 1),
        (("address", "contact"), ("1 High Street", "ada@example.org"), 1),
        (("address", "contact"), ("ada@example.org", "bo@example.org"), 0),
        (("email", "mail"), ("", "ada@example.org"), 1),
        (("name", "town"), ("Ada", "Paris"), None),
    ],
)
def test_the_column_with_the_addresses_is_recognised(
    columns: tuple[str, ...], cells: tuple[str, ...], place: int | None
) -> None:
    assert email_column(columns, [cells]) == place


def test_a_look_gives_the_rows_one_by_one(
    chooser: Chooser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peeking, "MOST", 3)
    few = chooser.upload("email,name\na@example.org,A\nb@example.org\n")
    many = chooser.upload("email\n" + "".join(f"p{at}@example.org\n" for at in range(9)))
    with chooser.app.app_context():
        second = peek(few, None, 2)
        assert second.row == {"email": "b@example.org", "name": ""}
        assert (second.fields, second.n, second.total) == (("email", "name"), 2, 2)
        last = peek(many, None, 100)
        assert (last.row, last.n, last.total) == ({"email": "p2@example.org"}, 3, None)
        assert fields_of(few, None) == ("email", "name")


def test_a_look_at_what_is_somebody_elses_says_why_not(chooser: Chooser) -> None:
    audience = chooser.upload("email\na@example.org\n")
    tomas = Person.joins(chooser.app, "Tomas Novak")
    with chooser.app.app_context():
        seen = peek(audience, db.session.get_one(User, tomas.id), 1)
    assert (seen.fields, seen.row) == ((), None)
    assert seen.trouble == "The file that was sent is not kept any more."
