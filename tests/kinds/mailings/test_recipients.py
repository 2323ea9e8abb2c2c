"""The pages on which recipients are chosen and checked."""

import csv
import re
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from dashboard.extensions import db
from dashboard.jobs.contacts.lists import make_list
from dashboard.jobs.contacts.one import add_contact
from dashboard.jobs.kind import STARTERS
from dashboard.kinds.mailings.audience.pages import EMAIL
from dashboard.kinds.mailings.suppressions import suppress
from dashboard.models import (
    Attachment,
    Cause,
    Job,
    Mailing,
    MailingState,
    Sender,
    clock,
    transaction,
)
from tests.kinds.mailings.chooser import Chooser, json_lines, workbook
from tests.people import Person, csrf_of, words

FILE = "email,first_name\nada@example.org,Ada\nnone,Bo\nADA@example.org,Ada\ncy@example.org,Cy\n"


@pytest.fixture
def any_app(app: Flask) -> Flask:
    """Give a desk on SQLite: what is tested here is the same on each database."""
    return app


@pytest.fixture
def chooser(any_app: Flask) -> Chooser:
    """Give somebody with a mailing at a desk, on each database in turn."""
    found = Chooser(any_app, Person.joins(any_app, "Mara Keller"))
    found.writes()
    return found


def page(chooser: Chooser, by: Person | None = None, **query: str | int) -> TestResponse:
    return (by or chooser.person).opens(path(chooser), **query)


def path(chooser: Chooser) -> str:
    return f"/mailings/{chooser.mailing_id}/recipients"


def form_of(html: str) -> dict[str, str]:
    """Give what the form of the choice would send."""
    form = html.partition('id="chosen"')[2].partition("</form>")[0]
    found = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"', form))
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            found[name[1]] = value[1]
    for name, inner in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', inner)
        found[name] = chosen[1] if chosen else ""
    return found


def presses(chooser: Chooser, form: dict[str, str], by: Person | None = None) -> TestResponse:
    return (by or chooser.person).client.post(path(chooser), data=form)


def test_without_recipients_there_are_ways_to_choose_some(chooser: Chooser) -> None:
    with chooser.app.app_context():
        make_list("Readers", roles=STARTERS, by=None)
        make_list("Secret", roles={"admin"}, by=None)
    chooser.made(b"email\n", "csv")
    chooser.made(b"email\n", "csv", by=Person.joins(chooser.app, "Tomas Novak"))
    text = page(chooser).text
    assert "Readers (0 contacts)" in words(text)
    assert "Secret" not in text
    assert text.count(">report.csv") == 1
    assert f'data-upload="{path(chooser)}"' in text


def test_a_file_is_chosen_and_checked_with_one_press(chooser: Chooser) -> None:
    html = page(chooser, upload=chooser.sends(FILE)).text
    assert "ada@example.org" in html
    form = form_of(html)
    assert form["email"] == EMAIL
    assert (form["encoding"], form["delimiter"], form["header"]) == ("utf-8", "comma", "yes")
    answer = presses(chooser, form)
    assert (answer.status_code, answer.location) == (303, path(chooser))
    running = page(chooser).text
    assert "The recipients are being checked" in running
    assert 'data-live="home"' in running
    chooser.works()
    shown = words(page(chooser).text)
    assert "Check 4 recipients" in shown
    assert "2 will get the e-mail 1 has a problem 1 is a duplicate 0 asked for no e-mail" in shown
    assert "1 row to fix" in shown
    assert "Not an e-mail address: the @ is missing none" in shown
    assert "4 The same address as in row 2, which comes first ADA@example.org" in words(
        page(chooser, show="duplicate").text
    )


def test_pressing_twice_starts_one_check(chooser: Chooser) -> None:
    form = form_of(page(chooser, upload=chooser.sends(FILE)).text)
    assert [presses(chooser, form).status_code for _ in range(2)] == [303, 303]
    with chooser.app.app_context():
        assert len(db.session.scalars(select(Job)).all()) == 1


def test_check_again_is_a_new_check_of_the_same(chooser: Chooser) -> None:
    chooser.checks(chooser.upload(FILE))
    with chooser.app.app_context():
        suppress("cy@example.org", Cause.BY_HAND)
    html = page(chooser).text
    version = re.search(r'name="version" value="(\d+)"', html)
    assert version is not None
    data = {"csrf_token": csrf_of(html), "version": version[1]}
    for _ in range(2):
        answer = chooser.person.client.post(f"{path(chooser)}/check", data=data)
        assert answer.status_code == 303
    chooser.works()
    assert "1 will get the e-mail" in words(page(chooser).text)
    with chooser.app.app_context():
        assert len(db.session.scalars(select(Job)).all()) == 2


def test_the_manner_of_reading_is_corrected(chooser: Chooser) -> None:
    data = "email;name\nada@example.org;Ada\n".encode("utf-16")
    upload = chooser.sends(data)
    form = form_of(page(chooser, upload=upload).text)
    assert (form["encoding"], form["delimiter"]) == ("utf-16", "semicolon")
    answer = presses(chooser, {**form, "delimiter": "comma", "again": "1"})
    assert answer.status_code == 303
    query = parse_qs(urlsplit(str(answer.location)).query)
    assert query["delimiter"] == ["comma"]
    assert "csrf_token" not in query
    html = chooser.person.client.get(str(answer.location)).text
    assert "<bdi>email_name</bdi>" in html
    with chooser.app.app_context():
        assert chooser.mailing().audience is None


def test_the_first_row_can_be_a_row_like_all_others(chooser: Chooser) -> None:
    upload = chooser.sends("ada@example.org\nbo@example.org\n")
    form = form_of(page(chooser, upload=upload).text)
    assert (form["header"], form["email"]) == ("no", "column_1")
    presses(chooser, form)
    chooser.works()
    assert "0 will get the e-mail 2 have a problem" in words(page(chooser).text)


def test_a_sheet_and_its_column_are_chosen(chooser: Chooser) -> None:
    data = workbook(("Kunde", "Post"), ("Ada", "ada@example.org"))
    form = form_of(page(chooser, upload=chooser.sends(data, "guests.xlsx")).text)
    assert (form["sheet"], form["email"]) == ("Sheet", "Post")


def test_without_a_column_of_addresses_one_has_to_be_chosen(chooser: Chooser) -> None:
    html = page(chooser, upload=chooser.sends("name,town\nAda,Paris\n")).text
    form = form_of(html)
    assert form["email"] == ""
    answer = presses(chooser, form)
    assert answer.status_code == 422
    assert "Choose the column with the addresses." in answer.text
    assert "<title>Error: " in answer.text
    answer = presses(chooser, {**form, "email": "town"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\n\n", "guests.csv is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "This is a picture (PNG), not a table."),
        (b"\x1f\x8b\x08\0", "This file is packed with gzip. Unpack it first."),
        (b"<html><body>", "This is a web page, whatever its name says."),
    ],
)
def test_what_is_no_table_is_said(chooser: Chooser, data: bytes, sentence: str) -> None:
    upload = chooser.sends(data)
    answer = page(chooser, upload=upload)
    assert sentence in words(answer.text)
    form = {"csrf_token": csrf_of(answer.text), "upload": upload, "version": "1"}
    again = presses(chooser, form)
    assert again.status_code == 422
    assert sentence in words(again.text)


def test_a_file_with_only_a_header_can_be_looked_at(chooser: Chooser) -> None:
    answer = page(chooser, upload=chooser.sends("email,first_name\n"))
    assert "It has no rows." in words(answer.text)


@pytest.mark.parametrize("given", ["0", "x", str(uuid.UUID(int=1)), "9" * 30, "\0"])
def test_what_names_nothing_is_said(chooser: Chooser, given: str) -> None:
    for name in ("upload", "list", "file"):
        answer = chooser.person.opens(path(chooser), **{name: given})
        assert answer.status_code == 200
        assert "not kept any more" in words(answer.text) or "does not exist" in words(answer.text)


def test_nobody_chooses_what_they_may_not_see(chooser: Chooser) -> None:
    tomas = Person.joins(chooser.app, "Tomas Novak")
    theirs = Chooser(chooser.app, tomas)
    with chooser.app.app_context():
        secret = make_list("Secret", roles={"admin"}, by=None)
        add_contact(secret, "boss@example.org", {}, by=None)
        list_id = str(secret.id)
    hidden = {
        "upload": theirs.sends("email\nhidden@example.org\n"),
        "file": chooser.made(b"email\nhidden@example.org\n", "csv", by=tomas),
        "list": list_id,
    }
    token = csrf_of(page(chooser).text)
    for name, given in hidden.items():
        assert "@example.org<" not in chooser.person.opens(path(chooser), **{name: given}).text
        data = {"csrf_token": token, name: given, "version": "1", "email": "email"}
        answer = presses(chooser, data)
        assert answer.status_code == 422
    with chooser.app.app_context():
        assert chooser.mailing().audience is None


def test_a_list_is_chosen(chooser: Chooser) -> None:
    with chooser.app.app_context():
        fields = [{"label": "First name", "type": "text"}]
        made = make_list("Readers", roles=STARTERS, fields=fields, by=None)
        add_contact(made, "Ada@example.org", {"first_name": "Ada"}, by=None)
        list_id = made.id
    form = form_of(page(chooser, list=list_id).text)
    assert form["list"] == str(list_id)
    assert "email" not in form
    assert presses(chooser, form).status_code == 303
    chooser.works()
    shown = words(page(chooser).text)
    assert "From Readers" in shown
    assert "1 will get the e-mail" in shown


@pytest.mark.parametrize(
    ("sort", "data"),
    [
        ("csv", b"mail,first_name\nada@example.org,Ada\n"),
        ("jsonl", json_lines({"mail": "ada@example.org", "first_name": "Ada"})),
        ("xlsx", workbook(("mail", "first_name"), ("ada@example.org", "Ada"))),
    ],
)
def test_a_file_that_a_job_has_made_is_chosen(chooser: Chooser, sort: str, data: bytes) -> None:
    made = chooser.made(data, sort)
    form = form_of(page(chooser, file=made).text)
    assert form["email"] == "mail"
    assert presses(chooser, form).status_code == 303
    chooser.works()
    assert "1 will get the e-mail" in words(page(chooser).text)


def test_a_field_that_no_column_fills_is_named_before_and_after(chooser: Chooser) -> None:
    html = page(chooser, upload=chooser.sends("email\nada@example.org\n")).text
    assert "The message uses a field that no column fills: first_name" in words(html)
    presses(chooser, form_of(html))
    chooser.works()
    shown = words(page(chooser).text)
    assert "The message uses a field that no column fills: first_name" in shown
    assert "2 first_name: Missing, and the message uses it" in shown


def test_what_is_checked_can_be_sent_from_here_and_what_was_sent_no_more(
    chooser: Chooser,
) -> None:
    chooser.checks(chooser.upload(FILE))
    late = f'hx-get="/mailings/{chooser.mailing_id}/deliverability"'

    html = page(chooser).text

    assert html.count('id="send"') == html.count(late) == 1
    assert html.index('id="send"') < html.index(late)
    with chooser.app.app_context(), transaction() as session:
        session.execute(update(Mailing).values(state=MailingState.FINISHED))
    html = page(chooser).text
    assert "2 will get the e-mail" in words(html)
    assert 'id="send"' not in html
    assert late not in html
    assert f'href="/mailings/{chooser.mailing_id}">' in html


def test_an_old_check_says_so(chooser: Chooser) -> None:
    chooser.checks(chooser.upload("email,first_name,stand\nada@example.org,Ada,\n"))
    assert "does not hold" not in page(chooser).text
    chooser.changes(body="{{ stand }}")
    text = page(chooser).text
    assert "This check does not hold any more." in text
    assert "Check again" in text


def test_a_field_that_was_taken_out_of_the_message_is_no_problem_any_more(
    chooser: Chooser,
) -> None:
    chooser.checks(chooser.upload("email\nada@example.org\nbo@example.org\n"))
    assert "The message uses a field that no column fills" in page(chooser).text

    chooser.changes(body="Dear all, come.")

    html = page(chooser).text
    assert "no column fills" not in html
    assert "This check does not hold any more." in html
    [version] = re.findall(r'name="version" value="(\d+)"', html)
    again = {"csrf_token": csrf_of(html), "version": version}
    chooser.person.client.post(f"{path(chooser)}/check", data=again)
    chooser.works()
    html = page(chooser).text
    assert "2 will get the e-mail" in words(html)
    assert "does not hold" not in html


def test_who_was_quicker_is_not_overwritten(chooser: Chooser) -> None:
    form = form_of(page(chooser, upload=chooser.sends(FILE)).text)
    chooser.changes(subject="Other words")
    answer = presses(chooser, form)
    assert answer.status_code == 303
    text = chooser.person.client.get(str(answer.location)).text
    assert "Somebody has changed this mailing meanwhile. Press once more." in text
    with chooser.app.app_context():
        assert chooser.mailing().audience is None
    assert presses(chooser, form_of(text)).location == path(chooser)


def test_what_is_no_draft_any_more_keeps_its_recipients(chooser: Chooser) -> None:
    chooser.checks(chooser.upload(FILE))
    upload = chooser.sends(FILE)
    token = csrf_of(page(chooser).text)
    with chooser.app.app_context(), transaction() as session:
        session.execute(update(Mailing).values(state=MailingState.SENDING))
    text = page(chooser, upload=upload).text
    assert "Choose other recipients" not in text
    assert "Check 4 recipients" in text
    with chooser.app.app_context():
        data = {"csrf_token": token, "version": str(chooser.mailing().version)}
    for where in ("", "/check"):
        form = {**data, "upload": upload, "email": "email", "header": "yes"}
        form |= {"encoding": "utf-8", "delimiter": "comma"}
        answer = chooser.person.client.post(path(chooser) + where, data=form)
        assert answer.status_code == 303
    with chooser.app.app_context():
        assert len(db.session.scalars(select(Job)).all()) == 1


def test_a_check_that_failed_says_why(chooser: Chooser) -> None:
    audience = chooser.upload(FILE)
    with chooser.app.app_context():
        chooser.app.extensions["storage"].delete(f"uploads/{audience.id}")
    chooser.checks(audience)
    shown = words(page(chooser).text)
    assert "The file that was sent is not kept any more." in shown
    assert "Check again" in shown


def test_findings_that_are_gone_are_said(chooser: Chooser) -> None:
    chooser.checks(chooser.upload(FILE))
    with chooser.app.app_context(), transaction() as session:
        session.execute(update(Attachment).values(deleted_at=clock()))
    shown = words(page(chooser).text)
    assert "What the check of the recipients found is not kept any more." in shown


def test_html_of_a_file_is_text_on_every_page(chooser: Chooser) -> None:
    name = "<img src=x onerror=alert(1)>"
    lines = f"email,{name}\nada@example.org,{name}!\n{name}!,{name}!\n"
    upload = chooser.sends(lines, f"{name}.csv")
    html = page(chooser, upload=upload).text
    assert "<img" not in html
    assert presses(chooser, form_of(html)).status_code == 303
    chooser.works()
    for fate in ("good", "bad"):
        assert "<img" not in page(chooser, show=fate).text
    assert "&lt;img" in page(chooser, show="bad").text


def test_the_rows_go_on_behind_a_page(chooser: Chooser) -> None:
    lines = "".join(f"p{at}@example.org,P\n" for at in range(120))
    chooser.checks(chooser.upload(f"email,first_name\n{lines}"))
    text = page(chooser, show="good").text
    assert "p49@example.org" in text
    assert "p50@example.org" not in text
    found = re.search(r'href="([^"]*after=51[^"]*)"', text)
    assert found is not None
    text = chooser.person.client.get(found[1].replace("&amp;", "&")).text
    assert "p50@example.org" in text
    assert "p99@example.org" in text
    text = page(chooser, show="good", after=101).text
    assert "Next rows" not in text
    assert page(chooser, show="nonsense", after="x").status_code == 200


def test_of_many_columns_those_that_matter_are_shown(chooser: Chooser) -> None:
    chooser.writes(body="{{ c298 }}")
    names = [f"c{at}" for at in range(299)]
    values = [f"v{at}" for at in range(298)]
    chooser.checks(chooser.upload(f"{','.join(names)},email\n{','.join(values)},,a@example.org\n"))
    text = page(chooser).text
    assert "<bdi>c298</bdi></th><th" in text
    assert "<bdi>email</bdi>" in text
    assert "288 more columns" in words(text)


def test_the_example_has_the_columns_of_the_message(chooser: Chooser) -> None:
    chooser.writes("{{ stand }}", "{% if vip %}{{ Email }}{% endif %}{{ first_name|default('x') }}")
    answer = chooser.person.opens(f"{path(chooser)}/example.csv")
    lines = list(csv.reader(answer.data.decode("utf-8-sig").splitlines()))
    assert lines == [["email", "stand", "vip", "first_name"]]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_colleagues_see_what_their_role_sends(chooser: Chooser) -> None:
    tomas = Person.joins(chooser.app, "Tomas Novak")
    assert page(chooser, tomas).status_code == 404
    with chooser.app.app_context(), transaction() as session:
        sender = Sender(name="E", address="e@example.org", roles=["staff"], made_at=clock())
        session.add(sender)
        session.flush()
        sender_id = sender.id
    chooser.changes(sender_id=sender_id)
    form = form_of(page(chooser, upload=chooser.sends(FILE)).text)
    presses(chooser, form)
    text = page(chooser, tomas).text
    assert "Mara Keller has started it." in text
    assert 'data-again="3"' in text
    chooser.works()
    text = page(chooser, tomas).text
    assert "1 row to fix" in text
    assert "These rows as CSV" not in text
    assert "These rows as CSV" in page(chooser).text
    viewer = Person.joins(chooser.app, "Vera", role="viewer")
    assert page(chooser, viewer).status_code == 404
    data = {"csrf_token": csrf_of(viewer.opens("/account").text)}
    assert viewer.client.post(path(chooser), data=data).status_code == 403


def test_the_page_of_the_job_leads_back(chooser: Chooser) -> None:
    check = chooser.checks(chooser.upload(FILE))
    text = chooser.person.opens(f"/jobs/{check.id}").text
    assert "2 people will get the e-mail." in words(text)
    assert f'href="{path(chooser)}"' in text
