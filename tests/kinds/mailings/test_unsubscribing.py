"""The link “Stop these e-mails”: without an account, with one click, and nobody else's."""

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.kinds.mailings.unsubscribing import token_of
from dashboard.models import Delivery, Suppression
from tests.kinds.mailings.conftest import MakeMailing
from tests.people import words


@pytest.fixture
def link(any_app: Flask, made_mailing: MakeMailing) -> str:
    """Give the link of the first of two people."""
    made_mailing(2)
    with any_app.app_context():
        return f"/unsubscribe/{token_of(db.session.scalars(select(Delivery.id)).first() or 0)}"


def stopped(app: Flask) -> list[tuple[str, str, int | None]]:
    """Give to whom nothing goes."""
    with app.app_context():
        rows = db.session.scalars(select(Suppression))
        return [(row.address, row.cause, row.mailing_id) for row in rows]


def test_looking_at_the_link_stops_nothing(any_app: Flask, link: str) -> None:
    page = any_app.test_client().get(link)

    assert page.status_code == 200
    assert "They come to P1@example.org ; the last one was “ Autumn fair ”." in words(page.text)
    assert stopped(any_app) == []


def test_one_click_of_a_mail_program_stops_them(any_app: Flask, link: str) -> None:
    client = any_app.test_client()
    for _ in range(2):  # It may ask again, and hears the same.
        answer = client.post(link, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "Nothing more is sent to P1@example.org" in words(answer.text)

    assert stopped(any_app) == [("p1@example.org", "unsubscribed", 1)]


@pytest.mark.parametrize("change", [lambda link: link[:-1], lambda link: link + "x"])
def test_a_link_that_is_not_whole_stops_nobody(any_app: Flask, link: str, change: object) -> None:
    broken = change(link)  # type: ignore[operator]  # A function.
    for answer in (any_app.test_client().get(broken), any_app.test_client().post(broken)):
        assert answer.status_code == 404
        assert "This link is not whole." in answer.text
    assert stopped(any_app) == []


def test_a_link_of_another_desk_stops_nobody(any_app: Flask, link: str) -> None:
    any_app.config["SECRET_KEY"] = "another"

    assert any_app.test_client().post(link).status_code == 404


def test_the_link_says_no_address(link: str) -> None:
    assert "example" not in link
    assert len(link) < 60
