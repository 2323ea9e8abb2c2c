"""The pages on which a mailing is sent, asked for and approved."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard.extensions import db
from dashboard.kinds.mailings import release
from dashboard.models import Job, Mailing, MailingState, Sender, User, clock, transaction
from tests.kinds.mailings.made import check, make_draft
from tests.people import Person, csrf_of, words


@pytest.fixture
def draft(app: Flask, staff: Person) -> int:
    """Give a draft of Mara's to 1,231 people."""
    with app.app_context():
        return make_draft(staff.id, 1231)


def address(mailing_id: int, page: str = "send") -> str:
    """Give the address of a page."""
    return f"/mailings/{mailing_id}/{page}"


def presses(person: Person, mailing_id: int, act: str = "send", **data: Any) -> Any:
    """Send the form of the page as it stands."""
    return person.client.post(address(mailing_id, act), data={**read(person, mailing_id), **data})


HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def read(person: Person, mailing_id: int) -> dict[str, str]:
    """Give the hidden fields of the page."""
    return dict(HIDDEN.findall(person.opens(address(mailing_id)).text))


def mailing(app: Flask, mailing_id: int) -> Mailing:
    """Give the mailing as it is in the ledger."""
    with app.app_context():
        return db.session.get_one(Mailing, mailing_id)


def jobs(app: Flask) -> int:
    """Give how many jobs send mailings."""
    with app.app_context():
        return len(list(db.session.scalars(select(Job.id).where(Job.kind == "mailing"))))


def test_the_card_says_what_will_happen_and_the_button_names_the_number(
    app: Flask, staff: Person, draft: int
) -> None:
    app.config["MAIL_A_MINUTE"] = 600

    page = words(staff.opens(address(draft)).text)

    assert "When Now Speed 600 a minute Takes about 2 min From Events team" in page
    assert "Send 1,231 e-mails" in page
    assert "E-mails already sent cannot be taken back." in page
    assert "Type 1,231 to send" in page


def test_the_number_is_in_the_manner_of_the_reader(app: Flask, staff: Person, draft: int) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(User, staff.id).locale = "en-DE"

    page = words(staff.opens(address(draft)).text)

    assert "Type 1.231 to send" in page
    assert presses(staff, draft, typed="1.231").status_code == 303
    assert mailing(app, draft).state == MailingState.SENDING


def test_a_wrong_number_is_told_at_its_field_and_what_was_chosen_is_kept(
    app: Flask, staff: Person, draft: int
) -> None:
    answer = presses(staff, draft, typed="1213", a_minute="90")

    assert answer.status_code == 422
    assert "<title>Error: Send" in answer.text
    assert 'href="#typed"' in answer.text
    assert 'value="90"' in answer.text
    assert mailing(app, draft).state == MailingState.DRAFT


def test_few_are_sent_without_a_number(app: Flask, staff: Person) -> None:
    with app.app_context():
        few = make_draft(staff.id, 2)
    assert "to send" not in words(staff.opens(address(few)).text)

    answer = presses(staff, few)

    assert (answer.status_code, answer.location) == (303, f"/mailings/{few}")
    assert staff.opens(address(few)).location == f"/mailings/{few}"


def test_who_presses_twice_sends_once(app: Flask, staff: Person, colleague: Person) -> None:
    with app.app_context():
        few = make_draft(staff.id, 2)
    shown = {who.name: read(who, few) for who in (staff, colleague)}

    for who in (staff, staff, colleague):
        answer = who.client.post(address(few, "send"), data=shown[who.name])
        assert (answer.status_code, answer.location) == (303, f"/mailings/{few}")

    assert jobs(app) == 1


def test_what_was_changed_since_is_shown_again_instead_of_sent(app: Flask, staff: Person) -> None:
    with app.app_context():
        few = make_draft(staff.id, 2)
    shown = read(staff, few)
    with app.app_context():
        check(few, 3)

    answer = staff.client.post(address(few), data=shown, follow_redirects=True)

    assert "What you have seen is not what would be sent now." in words(answer.text)
    assert "Send 3 e-mails" in words(answer.text)
    assert jobs(app) == 0


def berlin(app: Flask, person: Person) -> None:
    """Let somebody live in Berlin."""
    with app.app_context(), transaction() as session:
        session.get_one(User, person.id).time_zone = "Europe/Berlin"


def test_a_time_is_meant_by_the_clock_of_whoever_chooses_it(app: Flask, staff: Person) -> None:
    berlin(app, staff)
    with app.app_context():
        few = make_draft(staff.id, 2)
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    assert "By the clock in Europe/Berlin." in words(staff.opens(address(few)).text)

    answer = presses(staff, few, day=day.isoformat(), hour="09:00", a_minute="1,200")

    assert answer.status_code == 303
    sent = mailing(app, few)
    assert sent.send_at is not None
    assert sent.send_at.date() == day
    assert sent.send_at.hour in (7, 8)
    assert sent.a_minute == 1200


def left_out() -> str:
    """Give the next day on which clocks in Berlin go forward."""
    now = datetime.now(UTC)
    for year in (now.year, now.year + 1):
        last = datetime(year, 3, 31, tzinfo=UTC)
        sunday = last - timedelta(days=(last.weekday() + 1) % 7)
        if sunday > now:
            return sunday.date().isoformat()
    raise AssertionError


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"day": "2020-01-01", "hour": "09:00"}, "day", "This time has passed."),
        ({"day": "2199-01-01", "hour": "09:00"}, "day", "Choose a time within a year."),
        ({"day": "9999-12-31", "hour": "23:59"}, "day", "Choose a time within a year."),
        ({"day": "2199-01-01"}, "hour", "Choose a time"),
        ({"hour": "09:00"}, "day", "Choose a day"),
        ({"day": left_out(), "hour": "02:30"}, "hour", "The clocks go forward"),
        ({"day": "soon", "hour": "09:00"}, "day", "Not a valid date value."),
        ({"a_minute": "many"}, "a_minute", "Enter a number"),
        ({"a_minute": "0"}, "a_minute", "At least one a minute"),
        ({"a_minute": "601"}, "a_minute", "At most 600 a minute may leave."),
    ],
)
def test_a_time_or_a_speed_that_cannot_be_is_told_at_its_field(
    app: Flask, staff: Person, sent: dict[str, str], field: str, sentence: str
) -> None:
    berlin(app, staff)
    app.config["MAIL_A_MINUTE"] = 600
    with app.app_context():
        few = make_draft(staff.id, 2)

    answer = presses(staff, few, **sent)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert sentence in words(answer.text)
    assert "<details open>" in answer.text
    assert mailing(app, few).state == MailingState.DRAFT


@pytest.mark.parametrize(
    ("values", "sentence", "page"),
    [
        ({"sender_id": None}, "Choose whom it comes from.", "edit"),
        ({"subject": ""}, "Write a subject.", "edit"),
        ({"body": ""}, "Write a message.", "edit"),
        ({"body": "{% if a %}"}, "is not closed", "edit"),
        ({"check_id": None}, "The recipients are not checked yet.", "recipients"),
        ({"body": "{{ town }}"}, "were changed since the check", "recipients"),
    ],
)
def test_what_is_not_whole_has_no_button_but_a_link_to_where_it_is_put_right(
    app: Flask, staff: Person, values: dict[str, Any], sentence: str, page: str
) -> None:
    with app.app_context():
        few = make_draft(staff.id, 2)
        with transaction() as session:
            session.execute(update(Mailing).values(**values))

    answer = staff.opens(address(few))

    assert answer.status_code == 200
    assert sentence in words(answer.text)
    assert f'href="/mailings/{few}/{page}"' in answer.text
    assert "Send 2" not in words(answer.text)


def test_very_many_are_asked_for_and_those_who_may_approve_are_named(
    app: Flask, staff: Person, colleague: Person, admin: Person, draft: int
) -> None:
    app.config["MAIL_APPROVE_ABOVE"] = 1000
    page = words(staff.opens(address(draft)).text)
    assert "Ask for approval of 1,231 e-mails" in page
    assert "Who may approve: Ada Admin , Jonas Brandt ." in page
    assert "Type 1,231" not in page

    answer = presses(staff, draft, "ask")

    assert (answer.status_code, answer.location) == (303, address(draft))
    own = words(staff.opens(address(draft)).text)
    assert "A second person has to approve it." in own
    assert "Take it back" in own
    theirs = words(colleague.opens(address(draft)).text)
    assert "Mara Keller asked for approval just now" in theirs
    assert "Person 1 , you are invited" in theirs
    assert "Approve and send 1,231 e-mails" in theirs
    answer = presses(colleague, draft, "approve")
    assert (answer.status_code, answer.location) == (303, f"/mailings/{draft}")
    assert mailing(app, draft).state == MailingState.SENDING


def test_a_decline_needs_a_reason_and_the_page_says_it(
    app: Flask, staff: Person, colleague: Person, draft: int
) -> None:
    app.config["MAIL_APPROVE_ABOVE"] = 1000
    presses(staff, draft, "ask")

    answer = presses(colleague, draft, "decline", note=" ")
    assert answer.status_code == 422
    assert 'href="#note"' in answer.text
    answer = presses(colleague, draft, "decline", note="The date is <wrong>")

    assert (answer.status_code, answer.location) == (303, address(draft))
    assert "Jonas Brandt has declined it: The date is <wrong>" in words(
        staff.opens(address(draft)).text
    )


def test_whoever_asked_takes_it_back(app: Flask, staff: Person, draft: int) -> None:
    app.config["MAIL_APPROVE_ABOVE"] = 1000
    presses(staff, draft, "ask")

    presses(staff, draft, "take-back")

    assert mailing(app, draft).state == MailingState.DRAFT


def test_what_was_changed_since_it_was_asked_for_has_no_button_to_approve(
    app: Flask, staff: Person, colleague: Person, draft: int
) -> None:
    app.config["MAIL_APPROVE_ABOVE"] = 1000
    presses(staff, draft, "ask")
    with app.app_context(), transaction() as session:
        session.execute(update(Sender).values(name="Somebody else"))

    page = words(colleague.opens(address(draft)).text)

    assert "It was changed since approval was asked for." in page
    assert "Approve and send" not in page
    assert "Decline it" in page


def test_what_waits_for_its_time_can_be_a_draft_again(app: Flask, staff: Person) -> None:
    with app.app_context():
        few = make_draft(staff.id, 2)
        by = db.session.get_one(User, staff.id)
        seen = release.mark_of(release.present_seal(db.session.get_one(Mailing, few)))
        at = clock() + timedelta(hours=1)
        release.send(few, by=by, version=1, seen=seen, at=at)

    answer = staff.sends(address(few, "reopen"), version=mailing(app, few).version)

    assert (answer.status_code, answer.location) == (303, address(few))
    assert mailing(app, few).state == MailingState.DRAFT


def test_nobody_else_sees_it(app: Flask, staff: Person, colleague: Person, draft: int) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(Sender).values(roles=["admin"]))

    assert colleague.opens(address(draft)).status_code == 404
    assert staff.opens(address(draft)).status_code == 200
    assert "You may not send from Events team." in words(staff.opens(address(draft)).text)


def test_who_may_only_look_sees_no_button(app: Flask, draft: int) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(Sender).values(roles=["viewer"]))
    vera = Person.joins(app, "Vera Viewer", role="viewer")

    assert "Send 1,231" not in words(vera.opens(address(draft)).text)
    token = csrf_of(vera.opens("/account").text)
    assert vera.client.post(address(draft), data={"csrf_token": token}).status_code == 403


def test_no_page_sends_whoever_reads_it_to_itself(app: Flask, staff: Person, draft: int) -> None:
    with app.app_context():
        check(draft, 1, bad=[1])
    there = f'href="{address(draft, "recipients")}">To the recipients<'

    sending = staff.opens(address(draft)).text
    recipients = staff.opens(address(draft, "recipients")).text

    assert "There is nobody to send it to." in words(sending)
    assert "There is nobody to send it to." in words(recipients)
    assert there in sending
    assert there not in recipients
