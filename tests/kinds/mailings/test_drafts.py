"""The page of a draft: saved over what was read and nothing else, shown as people get it."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.kinds.mailings.drafts import create
from dashboard.models import Job, Mailing, MailingState, User, transaction
from tests.kinds.mailings.drafting import form_on, invites, kept, page_of, saves, tries
from tests.people import Person, words


@pytest.fixture
def any_app(app: Flask) -> Flask:
    """Give a desk on SQLite: what is tested here is the same on each database."""
    return app


def test_a_new_mailing_is_a_draft_from_the_first_address_that_the_person_may_use(
    any_app: Flask, mara: Person, sender: int, draft: int
) -> None:
    mailing = kept(any_app, draft)
    assert (mailing.title, mailing.state, mailing.sender_id) == ("New mailing", "draft", sender)
    page = mara.opens(page_of(draft)).text
    assert "Events team &lt;events@example.org&gt;" in page
    assert "Nothing is sent until you confirm the number of people." in page
    assert "New mailing" in words(mara.opens("/mailings").text)


def test_who_has_no_address_is_told_so_and_may_write_meanwhile(
    any_app: Flask, mara: Person
) -> None:
    draft = int(mara.sends("/mailings", "/mailings").location.split("/")[2])
    assert "An administrator adds one." in words(mara.opens(page_of(draft)).text)
    answer = saves(mara, draft, subject="Hello")
    assert answer.status_code == 303
    assert kept(any_app, draft).subject == "Hello"


def test_the_list_is_empty_for_a_newcomer_and_pages_are_behind_one_another(
    any_app: Flask, mara: Person
) -> None:
    assert "No mailings yet" in mara.opens("/mailings").text
    with any_app.app_context():
        by = db.session.get_one(User, mara.id)
        for number in range(60):
            create(f"Number {number:02}", by=by)
    first = mara.opens("/mailings").text
    assert "Number 59" in first
    assert "Number 09" not in first
    older = re.search(r'href="([^"]+before=[^"]+)">Older', first)
    assert older is not None
    second = mara.client.get(older[1].replace("&amp;", "&")).text
    assert "Number 10" not in second
    assert "Number 09" in second
    assert "Number 00" in second


def test_others_see_no_draft_but_those_who_may_send_from_its_address(
    any_app: Flask, mara: Person, draft: int
) -> None:
    colleague = Person.joins(any_app, "Nils Holm")
    assert colleague.opens(page_of(draft)).status_code == 200
    with any_app.app_context(), transaction() as session:
        session.get_one(Mailing, draft).sender_id = None
    assert colleague.opens(page_of(draft)).status_code == 404
    assert mara.opens(page_of(draft)).status_code == 200
    viewer = Person.joins(any_app, "Vera View", role="viewer")
    assert viewer.opens(page_of(draft)).status_code == 403


def test_it_is_saved_in_the_background_with_the_parts_that_follow(
    any_app: Flask, mara: Person, draft: int
) -> None:
    answer = saves(mara, draft, live=True, subject="Come", body="Dear all,\r\n\r\n**come**.")

    assert answer.status_code == 200
    mailing = kept(any_app, draft)
    assert (mailing.subject, mailing.body) == ("Come", "Dear all,\n\n**come**.")
    assert f'id="draft-saved" data-version="{mailing.version}"' in answer.text
    assert "<strong>come</strong>" in answer.text
    assert "<main" not in answer.text


def test_what_somebody_else_has_written_is_shown_beside_and_nothing_is_lost(
    any_app: Flask, mara: Person, draft: int
) -> None:
    mine = form_on(mara, draft, subject="Mine", body="My words")
    colleague = Person.joins(any_app, "Nils Holm")
    assert saves(colleague, draft, subject="Theirs").status_code == 303

    for headers in ({}, {"X-Live": "1"}):
        answer = mara.client.post(page_of(draft), data=mine, headers=headers)
        assert answer.status_code == 409
        text = words(answer.text)
        assert "Theirs Theirs Yours Mine" in text
        assert "My words" in text
        assert kept(any_app, draft).subject == "Theirs"

    over = re.search(r'name="over" value="(\d+)"', answer.text)
    assert over is not None
    assert mara.client.post(page_of(draft), data={**mine, "over": over[1]}).status_code == 303
    assert (kept(any_app, draft).subject, kept(any_app, draft).body) == ("Mine", "My words")


def test_what_else_was_changed_meanwhile_is_no_conflict_and_stays(
    any_app: Flask, mara: Person, draft: int
) -> None:
    mine = form_on(mara, draft, subject="Mine")
    with any_app.app_context(), transaction() as session:
        mailing = session.get_one(Mailing, draft)
        mailing.audience = {"origin": "list", "id": "1", "name": "L", "manner": None, "email": ""}
        mailing.version += 1

    assert mara.client.post(page_of(draft), data=mine).status_code == 303
    assert kept(any_app, draft).subject == "Mine"
    assert kept(any_app, draft).audience is not None
    # The answer was lost, so the same is sent once more.
    assert mara.client.post(page_of(draft), data=mine).status_code == 303


def test_a_mailing_that_is_sent_meanwhile_is_changed_no_more(
    any_app: Flask, mara: Person, draft: int
) -> None:
    mine = form_on(mara, draft, subject="Mine")
    with any_app.app_context(), transaction() as session:
        session.get_one(Mailing, draft).state = MailingState.SENDING

    answer = mara.client.post(page_of(draft), data=mine, headers={"X-Live": "1"})
    assert answer.status_code == 409
    assert "no draft any more" in answer.text
    assert mara.client.post(page_of(draft), data=mine).status_code == 303
    assert mara.opens(page_of(draft)).status_code in (302, 303)
    assert kept(any_app, draft).subject == ""


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "Enter a title"),
        ("title", "One\r\nBcc: all@example.org", "one line of plain text"),
        ("subject", "Hello\r\nBcc: all@example.org", "one line of plain text"),
        ("subject", "x" * 401, "Use at most 400 characters."),
        ("why", "You\nBcc: all@example.org", "one line of plain text"),
        ("why", "x" * 201, "Use at most 200 characters."),
        ("sender", "77", "You may not send from this address."),
        ("body", "x" * 10_000_000, "an e-mail can have 500 KB at most"),
    ],
)
def test_what_no_draft_can_have_is_refused_and_everything_typed_is_kept(
    any_app: Flask, mara: Person, draft: int, field: str, value: str, sentence: str
) -> None:
    data = {"title": "Fair", "subject": "Come all", "body": "Dear all", "why": "Because"}
    answer = saves(mara, draft, live=False, **{**data, field: value})

    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert kept(any_app, draft).version == 1
    for name, typed in {**data, field: value}.items():
        if typed and name != "sender" and "\n" not in typed:
            assert typed in answer.text


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("Dear\n\n{% for x in y %}a{% endfor %}", "Line 3: Nothing can be repeated"),
        ("{{ ().__class__ }}", "Line 1: Only {{ name }}"),
        ("{{ name.__init__.__globals__ }}", "Line 1: Only {{ name }}"),
        ("{% include '/etc/passwd' %}", "Line 1: Only {{ name }}"),
        ("See [this](nowhere/at/all).", "nowhere/at/all"),
        ("Dear {{ name", "Line 1: A placeholder cannot be read"),
    ],
)
def test_what_no_message_can_be_is_said_beside_it_and_sent_to_nobody(
    any_app: Flask, mara: Person, draft: int, body: str, sentence: str
) -> None:
    answer = saves(mara, draft, live=True, subject="Hello", body=body)

    assert answer.status_code == 200
    problem = re.search(r'id="problem-body">(.*?)</div>', answer.text, re.S)
    assert problem is not None
    assert sentence in words(problem[1])
    assert kept(any_app, draft).body == body
    tried = tries(mara, draft)
    assert "Nothing was sent" in mara.client.get(tried.location).text
    with any_app.app_context():
        assert db.session.scalars(select(Job)).first() is None


def test_hostile_html_is_shown_without_anything_that_acts(
    any_app: Flask, mara: Person, draft: int
) -> None:
    html = (
        '<h1 style="color: red">Big</h1><script>alert(1)</script><p onclick="x()">Hi</p>'
        '<img src="https://e.org/a.png" alt="A &lt;b> &quot;x&quot;"><a href="https://e.org">go</a>'
    )
    saves(mara, draft, body="x", then="write-html")
    answer = saves(mara, draft, live=True, html=html)

    shown = re.search(r'<div class="letter-html">(.*?)</article>', answer.text, re.S)
    assert shown is not None
    assert "style=" not in shown[1]
    assert "script" not in shown[1]
    assert "onclick" not in shown[1]
    assert "<img" not in shown[1]
    assert "<h3>Big</h3>" in shown[1]
    assert "[A &lt;b&gt; &#34;x&#34;]" in shown[1]
    assert 'rel="noopener noreferrer"' in shown[1]


def test_a_very_long_message_is_not_shown_while_somebody_types(
    any_app: Flask, mara: Person, draft: int
) -> None:
    answer = saves(mara, draft, live=True, body="word " * 11_000)
    assert answer.status_code == 200
    assert "too long to be shown" in answer.text


def test_fields_are_filled_with_a_row_and_what_is_missing_is_named_beside_its_text(
    any_app: Flask, mara: Person, draft: int
) -> None:
    guests = [
        {"email": f"p{place}@example.org", "first_name": "Bo", "stand_no": "B 14"}
        for place in range(1, 20)
    ]
    guests.insert(11, {"email": "ines@example.org", "first_name": "Ines", "stand_no": ""})
    invites(mara, draft, *guests)
    answer = saves(
        mara,
        draft,
        live=True,
        subject="{{ First_name }}, come",
        body="Dear {{ first_name }}, stand {{ stand_no }}{% if seat %}, {{ seat }}{% endif %}",
        row="12",
    )
    text = answer.text
    assert '<mark class="field">Ines</mark>' in text
    assert '<mark class="field missing">stand_no</mark>' in text
    subject = re.search(r'id="problem-subject">(.*?)</div>', text, re.S)
    body = re.search(r'id="problem-body">(.*?)</div>', text, re.S)
    assert subject is not None
    assert body is not None
    assert words(subject[1]) == (
        "There is no field “First_name” in guests.csv. Is it “first_name”?"
    )
    assert "Row 12 has nothing for “stand_no”." in words(body[1])
    assert "Row 12 of 20" in words(text)
    assert "ines@example.org" in text


def test_the_next_row_is_shown_by_a_button_of_the_form(
    any_app: Flask, mara: Person, draft: int
) -> None:
    invites(mara, draft, {"email": "ada@example.org"}, {"email": "ines@example.org"})
    answer = saves(mara, draft, subject="Typed", then="row:2")
    assert answer.location.endswith("edit?row=2")
    page = mara.client.get(answer.location).text
    assert re.search(r'<input[^>]* name="row"[^>]* value="2"', page)  # The next save keeps to it.
    shown = words(page)
    assert "Row 2 of 2" in shown
    assert "To ines@example.org" in shown
    assert kept(any_app, draft).subject == "Typed"


def test_html_and_text_begin_with_the_message_and_are_given_up_again(
    any_app: Flask, mara: Person, draft: int
) -> None:
    saves(mara, draft, body="Dear **{{ name }}**", then="write-html")
    assert kept(any_app, draft).html.strip() == "<p>Dear <strong>{{ name }}</strong></p>"
    saves(mara, draft, then="write-text")
    mailing = kept(any_app, draft)
    assert mailing.text.strip() == "Dear **{{ name }}**" or "{{ name }}" in mailing.text
    saves(mara, draft, html="<p>By hand</p>", text=mailing.text)
    assert kept(any_app, draft).html == "<p>By hand</p>"
    saves(mara, draft, subject="The texts are not on every page")
    assert kept(any_app, draft).html == "<p>By hand</p>"
    saves(mara, draft, then="drop-html")
    saves(mara, draft, then="drop-text")
    assert (kept(any_app, draft).html, kept(any_app, draft).text) == ("", "")
