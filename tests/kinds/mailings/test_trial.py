"""A test of a mailing, files that travel with it, and templates."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of, leftovers, task
from dashboard.jobs.old_attached import unnamed
from dashboard.kinds.mailings.letters import ledger
from dashboard.models import Delivery, Job, Letter, Mailing, User, transaction
from dashboard.storage import Kept
from tests.kinds.mailings.drafting import form_on, invites, kept, page_of, saves, tries
from tests.people import Person, csrf_of, words


@pytest.fixture
def any_app(app: Flask) -> Flask:
    """Give a desk on SQLite: what is tested here is the same on each database."""
    return app


def works(app: Flask) -> Fact:
    with app.app_context():
        task.run.apply(args=["mail"], throw=True)
        db.session.rollback()
        return fact_of(db.session.scalars(select(Job).order_by(Job.serial.desc())).one())


def attaches(person: Person, draft: int, name: str, content: bytes) -> TestResponse:
    token = csrf_of(person.opens(page_of(draft)).text)
    data = {"csrf_token": token, "file": (BytesIO(content), name)}
    url = f"/mailings/{draft}/attachments"
    return person.client.post(url, data=data, content_type="multipart/form-data")


def test_a_test_says_what_the_row_would_get_and_goes_to_whoever_asks(
    any_app: Flask, mara: Person, draft: int
) -> None:
    invites(mara, draft, {"email": "ines@example.org", "first_name": "Ines", "seat": ""})
    attaches(mara, draft, "plan.pdf", b"%PDF plan")
    answer = tries(
        mara,
        draft,
        subject="{{ first_name }}, come",
        body="Seat {{ seat }}, {{ day }}, {{ first_name }}",
    )
    assert answer.status_code == 303
    page = mara.client.get(answer.location).text
    assert f"A test is on its way to {mara.email}" in words(page)

    fact = works(any_app)

    assert (fact.state, fact.title) == ("succeeded", "Test of New mailing"), fact.error
    assert f"/jobs/{fact.id}" in page
    (path,) = (Path(any_app.instance_path) / "outbox").glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert (message["To"], message["Subject"]) == (mara.email, "Ines, come")
    assert message["From"] == "Events team <events@example.org>"
    text = message.get_body(("plain",))
    assert text is not None
    assert "Seat [seat], [day], Ines" in text.get_content()
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("plan.pdf", "application/pdf")
    assert kept(any_app, draft).state == "draft"
    assert "lies in the outbox" in mara.opens(f"/jobs/{fact.id}").text
    with any_app.app_context():
        copy = db.session.scalars(select(Mailing).where(Mailing.is_single)).one()
        assert copy.test_of_id == draft
        assert db.session.scalars(select(Delivery)).one().mailing_id == copy.id
    assert words(mara.opens("/mailings").text).count("ML-") == 1


def test_a_test_of_nothing_is_not_sent_and_pressing_twice_sends_one(
    any_app: Flask, mara: Person, draft: int
) -> None:
    answer = tries(mara, draft)
    assert "write a subject and a message first" in mara.client.get(answer.location).text
    data = form_on(mara, draft, subject="Hello", body="Dear all")
    first, second = (
        mara.client.post(f"/mailings/{draft}/test", data=data).location for _ in range(2)
    )
    assert first == second
    assert "test=" in first


def test_a_file_is_copied_and_stays_while_the_mailing_names_it(
    any_app: Flask, mara: Person, draft: int
) -> None:
    assert attaches(mara, draft, "../x/Plan\u202e.pdf", b"plan").status_code == 303
    (file,) = kept(any_app, draft).attachments
    assert (file["name"], file["size"]) == ("Plan.pdf", 4)
    storage = any_app.extensions["storage"]
    old = [Kept(file["key"], datetime.now(UTC) - timedelta(days=30))]
    with any_app.app_context():
        assert unnamed(old) == []
        leftovers.sweep_files()
        with storage.open(file["key"]) as stored:
            assert stored.read() == b"plan"

    saves(mara, draft, then=f"remove:{file['key']}")

    assert kept(any_app, draft).attachments == []
    with any_app.app_context():
        assert unnamed(old) == [file["key"]]
        assert unnamed([Kept(file["key"], datetime.now(UTC))]) == []


def test_all_files_have_ten_megabytes_together(any_app: Flask, mara: Person, draft: int) -> None:
    assert attaches(mara, draft, "a.bin", b"x").status_code == 303
    with any_app.app_context(), transaction() as session:
        mailing = session.get_one(Mailing, draft)
        mailing.attachments = [{**mailing.attachments[0], "size": 9_999_998}]
    assert attaches(mara, draft, "c.bin", b"xx").status_code == 303
    answer = attaches(mara, draft, "b.bin", b"x")
    assert answer.status_code == 413
    assert "All files together can have 10 MB at most." in words(answer.text)
    assert [each["name"] for each in kept(any_app, draft).attachments] == ["a.bin", "c.bin"]


def test_a_file_for_a_mailing_of_others_is_404(any_app: Flask, mara: Person, draft: int) -> None:
    with any_app.app_context(), transaction() as session:
        session.get_one(Mailing, draft).sender_id = None
    nils = Person.joins(any_app, "Nils Holm")
    token = csrf_of(nils.opens("/mailings").text)
    data = {"csrf_token": token, "file": (BytesIO(b"x"), "x.txt")}
    url = f"/mailings/{draft}/attachments"
    assert nils.client.post(url, data=data, content_type="multipart/form-data").status_code == 404
    assert kept(any_app, draft).attachments == []


def keeps(person: Person, draft: int, **data: str) -> TestResponse:
    return person.sends(f"/mailings/{draft}/letter", **data)


def test_a_letter_is_kept_in_versions_and_an_old_one_comes_back(
    any_app: Flask, mara: Person, draft: int
) -> None:
    assert keeps(mara, draft, title="Invitation", letter="").status_code == 422  # nothing is there
    saves(mara, draft, subject="First", body="One")
    assert keeps(mara, draft, title="Invitation", letter="").status_code == 303
    saves(mara, draft, subject="Second", body="Two")
    again = keeps(mara, draft, title="Invitation", letter="")
    assert again.status_code == 422
    assert "There is a template of this name." in words(again.text)
    bad = keeps(mara, draft, title="In\r\nBcc: x", letter="")
    assert bad.status_code == 422
    with any_app.app_context():
        letter = db.session.scalars(select(Letter)).one().id
    assert keeps(mara, draft, title="", letter=str(letter)).status_code == 303

    page = words(mara.opens(f"/letters/{letter}").text)
    assert "2 versions" in page
    assert page.index("Version 2") < page.index("Second") < page.index("First")
    mara.sends(f"/letters/{letter}/bring-back", f"/letters/{letter}", version="1")
    with any_app.app_context():
        says = [(each.number, each.subject) for each in ledger.versions_of(letter)]
    assert says == [(3, "First"), (2, "Second"), (1, "First")]
    assert "Invitation First 3 Mara Berg" in words(mara.opens("/letters").text)

    mara.sends(f"/letters/{letter}/retire", f"/letters/{letter}", offered="0")
    assert "Invitation" not in mara.opens("/letters").text.replace("Invitation” is", "")
    assert "Invitation" in mara.opens("/letters", show="retired").text
    mara.sends(f"/letters/{letter}/retire", f"/letters/{letter}", offered="1")
    assert "Invitation" in mara.opens("/letters").text


def test_a_letter_fills_a_draft_and_asks_before_other_words_are_lost(
    any_app: Flask, mara: Person, draft: int
) -> None:
    saves(mara, draft, subject="First", body="One")
    keeps(mara, draft, title="Invitation", letter="")
    saves(mara, draft, subject="", body="")
    use = f"/mailings/{draft}/letter/use"
    assert mara.sends(use, letter="1.1").status_code == 303
    assert (kept(any_app, draft).subject, kept(any_app, draft).body) == ("First", "One")

    saves(mara, draft, subject="Other")
    asked = mara.sends(use, letter="1.1")
    assert asked.status_code == 200
    assert "The mailing has other words now." in words(asked.text)
    assert kept(any_app, draft).subject == "Other"
    sure = re.search(r'name="sure" value="(\d+)"', asked.text)
    assert sure is not None
    mara.sends(use, letter="1.1", sure=sure[1])
    assert kept(any_app, draft).subject == "First"
    assert mara.sends(use, letter="7.1").status_code == 404
    assert mara.sends(use, letter="x").status_code == 303


def test_two_who_save_a_letter_at_once_make_two_versions(
    any_app: Flask, mara: Person, draft: int
) -> None:
    saves(mara, draft, subject="First", body="One")
    keeps(mara, draft, title="Invitation", letter="")
    with any_app.app_context():
        by = db.session.get_one(User, mara.id)
        says = ledger.says_of(ledger.versions_of(1)[0])
        numbers = [ledger.add_version(1, says, by=by).number for _ in range(3)]
    assert numbers == [2, 3, 4]
