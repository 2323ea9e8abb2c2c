"""To whom nothing goes: once said, for good, until somebody lets them off."""

from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.contacts.address import NotAnAddress
from dashboard.kinds.mailings.suppressions import find, let_off, suppress
from dashboard.models import AuditEntry, Cause, Role, Suppression, User
from dashboard.web.users import add_user


@pytest.fixture
def mara(any_app: Flask) -> int:
    """Give the id of an administrator."""
    with any_app.app_context():
        return add_user("mara@example.org", "Mara", Role.ADMIN, "secret secret").id


def test_an_address_stands_there_once_however_it_is_written(any_app: Flask) -> None:
    with any_app.app_context():
        assert suppress(" Ada@BÜCHER.example.org ", Cause.BOUNCED, note="5.1.1")
        assert not suppress("ada@xn--bcher-kva.example.org", Cause.COMPLAINED)

        (one,) = find().found
        assert (one.address, one.cause, one.note) == (
            "ada@xn--bcher-kva.example.org",
            "bounced",
            "5.1.1",
        )


def test_what_is_no_address_is_refused(any_app: Flask) -> None:
    with any_app.app_context(), pytest.raises(NotAnAddress):
        suppress("ada", Cause.BY_HAND)


def test_many_who_ask_at_once_are_all_heard(any_app: Flask) -> None:
    def ask() -> None:
        with any_app.app_context():
            suppress("ada@example.org", Cause.UNSUBSCRIBED)

    people = [Thread(target=ask) for _ in range(6)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    with any_app.app_context():
        assert len(db.session.scalars(select(Suppression)).all()) == 1


def test_who_is_let_off_gets_mail_again_and_it_is_written_down_why(
    any_app: Flask, mara: int
) -> None:
    with any_app.app_context():
        by = db.session.get_one(User, mara)
        suppress("ada@example.org", Cause.BY_HAND, by=by)

        assert let_off("ADA@example.org", by=by, reason="She asked for it.")

        assert not let_off("ada@example.org", by=by, reason="Again.")
        assert find().found == []
        acts = db.session.execute(
            select(AuditEntry.action, AuditEntry.detail)
            .where(AuditEntry.action.startswith("suppression"))
            .order_by(AuditEntry.id)
        ).all()
        assert [tuple(act) for act in acts] == [
            ("suppression.add", {"address": "ada@example.org", "cause": "by_hand"}),
            ("suppression.remove", {"address": "ada@example.org", "reason": "She asked for it."}),
        ]


def test_the_list_is_searched_and_read_page_by_page(any_app: Flask) -> None:
    with any_app.app_context():
        for name in ("zoe", "ada", "adam", "a%b", "bo"):
            suppress(f"{name}@example.org", Cause.BOUNCED)

        assert [one.address[:3] for one in find("AD").found] == ["ada", "ada"]
        assert [one.address for one in find("a%").found] == ["a%b@example.org"]
        first = find(limit=3)
        rest = find(limit=3, after=first.after or "")
        assert [one.address[0] for one in first.found + rest.found] == list("aaabz")
        assert rest.after is None
