"""Senders: added, changed, retired and brought back, by administrators only."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.kinds.mailings import senders
from dashboard.kinds.mailings.sight import senders_for
from dashboard.models import AuditEntry, Sender, User
from tests.people import Person, words

FORM = {
    "name": "Events team",
    "address": "events@example.org",
    "reply_to": "",
    "who": "staff",
    "a_minute": "",
}


def known(app: Flask) -> list[Sender]:
    """Give the senders as the ledger has them."""
    with app.app_context():
        return list(db.session.scalars(select(Sender).order_by(Sender.id)))


def acts(app: Flask) -> list[tuple[str, Any]]:
    """Give what is written down about senders."""
    with app.app_context():
        query = select(AuditEntry).where(AuditEntry.action.startswith("sender"))
        return [(each.action, each.detail) for each in db.session.scalars(query)]


def seen_on(page: str) -> str:
    """Give the version that a form has read."""
    return page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]


def changes(person: Person, sender_id: int, **more: str) -> Any:
    """Change a sender by its page, as it is now."""
    path = f"/senders/{sender_id}"
    seen = more.pop("seen", None) or seen_on(person.opens(path).text)
    return person.sends(path, **{**FORM, "seen": seen, **more})


def test_a_sender_is_added_as_it_is_compared_and_shown(app: Flask, admin: Person) -> None:
    answer = admin.sends(
        "/senders",
        **{
            **FORM,
            "name": " Events  team ",
            "address": " Events@BÜCHER.example.org ",
            "reply_to": "Desk@example.org",
            "a_minute": "60",
        },
    )

    assert (answer.status_code, answer.location) == (303, "/senders")
    (sender,) = known(app)
    assert (sender.name, sender.address, sender.reply_to, sender.a_minute) == (
        "Events team",
        "events@xn--bcher-kva.example.org",
        "desk@example.org",
        60,
    )
    assert (sender.roles, sender.made_by_id) == (["admin", "staff"], admin.id)
    page = words(admin.opens("/senders").text)
    assert (
        "Events team events@xn--bcher-kva.example.org · answers to desk@example.org"
        " · 60 e-mails a minute Staff"
    ) in page
    assert acts(app) == [("sender.add", {"sender": sender.id})]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Enter a name"),
        ("name", " ", "Enter a name"),
        ("name", "A\u2028B", "It has a line end"),
        ("name", "Events\r\nBcc: all@example.org", "It has a line end"),
        ("name", "Ev\0ents", "It has a line end"),
        ("name", "x" * 81, "Use at most 80 characters"),
        ("address", "", "Enter an e-mail address"),
        ("address", "events", "the @ is missing"),
        ("address", "events@localhost", "there is no dot behind the @"),
        ("address", "events@example.org\nBcc: all@example.org", "It has a line end"),
        ("address", "Events <events@example.org>", "it has a space in it"),
        ("address", "évents@example.org", "letters that not every mail server takes"),
        ("reply_to", "nobody", "the @ is missing"),
        ("reply_to", "a@example.org\r\nX: y", "It has a line end"),
        ("a_minute", "0", "Use a whole number from 1 to 100,000"),
        ("a_minute", "many", "Use a whole number from 1 to 100,000"),
        ("who", "viewer", "Not a valid choice."),
    ],
)
def test_what_cannot_be_sent_from_is_refused_beside_its_field(
    app: Flask, admin: Person, field: str, value: str, sentence: str
) -> None:
    answer = admin.sends("/senders", **{**FORM, field: value})

    assert answer.status_code == 422
    assert "<title>Error: Senders" in answer.text
    page = words(answer.text)
    assert "No sender was added." in page
    assert sentence in page
    assert known(app) == []


def test_an_address_is_a_senders_once(app: Flask, admin: Person) -> None:
    admin.sends("/senders", **FORM)
    admin.sends("/senders/1/retire", "/senders/1")

    answer = admin.sends("/senders", **{**FORM, "address": "EVENTS@example.org"})

    assert answer.status_code == 422
    assert "There is a sender with this address already." in words(answer.text)
    assert len(known(app)) == 1


def test_a_sender_is_changed_and_what_was_changed_is_written_down(
    app: Flask, admin: Person
) -> None:
    admin.sends("/senders", **FORM)

    answer = changes(admin, 1, name="Fairs", who="admin")

    assert answer.status_code == 303
    (sender,) = known(app)
    assert (sender.name, sender.address, sender.roles) == ("Fairs", "events@example.org", ["admin"])
    assert acts(app)[-1] == ("sender.change", {"sender": 1, "what": ["name", "roles"]})
    changes(admin, 1, name="Fairs", who="admin")
    assert len(acts(app)) == 2


def test_what_somebody_else_has_changed_meanwhile_is_not_written_over(
    app: Flask, admin: Person
) -> None:
    admin.sends("/senders", **FORM)
    seen = seen_on(admin.opens("/senders/1").text)
    changes(admin, 1, name="Fairs")

    answer = changes(admin, 1, name="Concerts", seen=seen)

    assert answer.status_code == 409
    assert "Somebody else has changed this meanwhile" in words(answer.text)
    assert known(app)[0].name == "Fairs"


def test_a_sender_cannot_take_the_address_of_another(app: Flask, admin: Person) -> None:
    admin.sends("/senders", **FORM)
    admin.sends("/senders", **{**FORM, "address": "fairs@example.org"})

    answer = changes(admin, 2)

    assert answer.status_code == 422
    assert "There is a sender with this address already." in words(answer.text)
    assert known(app)[1].address == "fairs@example.org"


def test_nobody_sends_from_a_retired_one_until_it_is_brought_back(
    app: Flask, admin: Person, staff: Person
) -> None:
    def theirs() -> list[str]:
        with app.app_context():
            person = db.session.get_one(User, staff.id)
            return [sender.name for sender in senders_for(person)]

    admin.sends("/senders", **FORM)
    assert theirs() == ["Events team"]
    for _ in range(2):
        assert admin.sends("/senders/1/retire", "/senders/1").status_code == 303
    assert theirs() == []
    assert "Retired" in words(admin.opens("/senders").text)

    admin.sends("/senders/1/bring-back", "/senders/1")
    assert theirs() == ["Events team"]
    assert [act for act, _ in acts(app)] == ["sender.add", "sender.retire", "sender.bring-back"]


def test_a_sender_for_administrators_is_not_for_staff(app: Flask, admin: Person) -> None:
    admin.sends("/senders", **{**FORM, "who": "admin"})

    assert known(app)[0].roles == ["admin"]
    assert "Administrators" in words(admin.opens("/senders").text)


def test_the_ledger_itself_refuses_what_no_header_can_hold(any_app: Flask) -> None:
    with any_app.app_context():
        for name, address in (("A\nB", "a@example.org"), ("A", "a@example.org\nBcc: b@c.org")):
            with pytest.raises(senders.Unfit):
                senders.add(name, address)
        senders.add("A", "a@example.org", roles=["viewer"])
        with pytest.raises(senders.Taken):
            senders.add("B", "A@example.org")
        # Viewers may start nothing, and administrators everything.
        assert db.session.scalars(select(Sender.roles)).all() == [["admin"]]


def test_senders_are_added_and_listed_by_command(app: Flask) -> None:
    run = app.test_cli_runner().invoke

    added = run(args=["senders", "add", "Events@example.org", "--name", "Events team"])
    assert added.output == "E-mails may come from Events team <events@example.org> now.\n"
    run(args=["senders", "add", "a@example.org", "--name", "A", "--admins-only", "--a-minute", "9"])
    assert run(args=["senders", "list"]).output == (
        "a@example.org\tA\tadmins\nevents@example.org\tEvents team\tstaff\n"
    )
    again = run(args=["senders", "add", "events@example.org", "--name", "B"])
    assert (again.exit_code, again.output) == (
        1,
        "Error: There is a sender events@example.org already.\n",
    )
    wrong = run(args=["senders", "add", "events", "--name", "B"])
    assert wrong.output == "Error: Not an e-mail address: the @ is missing.\n"


def test_the_pages_of_mail_lead_to_one_another_and_to_senders_for_administrators_only(
    staff: Person, admin: Person
) -> None:
    everybodys = ["/mailings", "/letters", "/suppressions"]

    for person, expected in ((staff, everybodys), (admin, [*everybodys, "/senders"])):
        for path in expected:
            tabs = person.opens(path).text.partition("mail-tabs")[2].partition("</nav>")[0]
            assert re.findall('href="([^"]*)"', tabs) == expected
            assert f'href="{path}" aria-current="true"' in tabs
