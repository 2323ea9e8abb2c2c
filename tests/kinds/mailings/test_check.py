"""A check of recipients says of each row who gets the message and why others do not."""

import csv
import uuid
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard.extensions import db
from dashboard.jobs import Fact
from dashboard.jobs.attachments import at_hand
from dashboard.jobs.contacts.lists import delete_list, make_list
from dashboard.jobs.contacts.one import add_contact
from dashboard.jobs.errors import Permanent
from dashboard.jobs.kind import STARTERS
from dashboard.kinds.mailings.audience import reading, standing
from dashboard.kinds.mailings.audience.choice import Audience
from dashboard.kinds.mailings.audience.found import found_of
from dashboard.kinds.mailings.audience.people import Person as Recipient
from dashboard.kinds.mailings.suppressions import suppress
from dashboard.models import Artifact, Attachment, Cause, ContactList, clock, transaction
from tests.kinds.mailings.chooser import Chooser, json_lines, workbook
from tests.people import Person

FILE = """Row;E-Mail;First name;Stand
1; Ada@Example.org ;Ada;A 1
2;bo@bücher.example;Bo;
3;"ada@example.ORG";Ada again;A 2
4;tomas.example.com;Tomas;A 3
5;li@example.net; ;A 4
6;no.more@example.org;Nora;A 5
7;"q ""x""@example.org";Quo;A 6
8;;Nobody;A 7
9;bo@xn--bcher-kva.example;Bo again;A 8
"""


@pytest.fixture
def chooser(any_app: Flask) -> Chooser:
    """Give somebody with a mailing at a desk, on each database in turn."""
    found = Chooser(any_app, Person.joins(any_app, "Mara Keller"))
    found.writes()
    return found


def places(people: list[Recipient]) -> list[int]:
    return [person.place for person in people]


def faults(people: list[Recipient]) -> dict[int, list[tuple[str, str]]]:
    return {each.place: [(fault.column, str(fault)) for fault in each.faults] for each in people}


def said(check: Fact) -> str:
    assert check.state == "failed", check.result
    assert check.error is not None
    return check.error.what


def test_each_row_has_its_fate_and_its_reason(chooser: Chooser) -> None:
    with chooser.app.app_context():
        suppress("No.More@example.org", Cause.UNSUBSCRIBED)
    check = chooser.checks(chooser.upload(FILE, email="e_mail"))
    rows = chooser.rows(check)
    assert places(rows["good"]) == [2, 3]
    assert rows["good"][0].address == "ada@example.org"
    assert rows["good"][0].email == "Ada@Example.org"
    assert rows["good"][1].address == "bo@xn--bcher-kva.example"
    assert rows["good"][1].fields == {
        "Row": "2",
        "e_mail": "bo@bücher.example",
        "first_name": "Bo",
        "Stand": "",
    }
    repeated = "The same address as in row {}, which comes first"
    assert faults(rows["duplicate"]) == {
        4: [("e_mail", repeated.format(2))],
        10: [("e_mail", repeated.format(3))],
    }
    assert places(rows["suppressed"]) == [7]
    assert faults(rows["bad"]) == {
        5: [("e_mail", "Not an e-mail address: the @ is missing")],
        6: [("first_name", "Missing, and the message uses it")],
        8: [("e_mail", "Addresses with quotation marks are not taken")],
        9: [("e_mail", "The address is missing")],
    }
    assert check.result["rows"] == 9
    assert check.result["counts"] == {"good": 2, "bad": 4, "duplicate": 2, "suppressed": 1}
    assert check.result["fields"] == ["Row", "e_mail", "first_name", "Stand"]
    assert check.result["missing"] == {"first_name": 1}


def test_the_rows_to_fix_are_a_file_that_no_spreadsheet_program_reckons_with(
    chooser: Chooser,
) -> None:
    check = chooser.checks(chooser.upload("email,first_name\nnone,=1+1\nada@example.org,\n"))
    [file] = check.files
    with chooser.app.app_context():
        artifact = db.session.get_one(Artifact, uuid.UUID(file.id))
        with chooser.app.extensions["storage"].at_hand(artifact.key) as path:
            lines = list(csv.reader(Path(path).read_text("utf-8").splitlines()))
    assert lines == [
        ["email", "first_name", "Row", "What to fix"],
        ["none", "'=1+1", "2", "email: Not an e-mail address: the @ is missing"],
        ["ada@example.org", "", "3", "first_name: Missing, and the message uses it"],
    ]


def test_what_a_message_can_do_without_may_be_missing(chooser: Chooser) -> None:
    chooser.writes(
        "Come{% if stand %} to {{ stand }}{% endif %}",
        'Dear {{ first_name | default("guest") }}, see [you](https://example.org/{{ code }}).',
    )
    check = chooser.checks(chooser.upload("email,code\nada@example.org,7\nbo@example.org,\n"))
    assert check.params["fields"] == ["code"]
    assert places(chooser.rows(check)["good"]) == [2]
    assert check.result["missing"] == {"code": 1}


def test_a_field_that_no_column_fills_is_missing_in_every_row(chooser: Chooser) -> None:
    check = chooser.checks(chooser.upload("email\nada@example.org\nbo@example.org\n"))
    assert check.result["missing"] == {"first_name": 2}
    assert check.result["counts"]["good"] == 0
    assert faults(chooser.rows(check)["bad"])[2] == [
        ("first_name", "Missing, and the message uses it")
    ]


def test_an_address_belongs_to_the_first_row_that_is_whole(chooser: Chooser) -> None:
    lines = "email,first_name\nada@example.org,\nADA@example.org,Ada\nada@example.org,Ada\n"
    rows = chooser.rows(chooser.checks(chooser.upload(lines)))
    assert [places(rows[fate]) for fate in ("bad", "good", "duplicate")] == [[2], [3], [4]]


def test_a_value_of_the_subject_has_no_line_break(chooser: Chooser) -> None:
    chooser.writes("For {{ stand }}", "Come. {{ words }}")
    lines = 'email,stand,words\na@example.org,"A\nBcc: x@y.org",hi\nb@example.org,B,"x\ny"\n'
    rows = chooser.rows(chooser.checks(chooser.upload(lines)))
    assert faults(rows["bad"]) == {
        2: [("stand", "It has a line break or another control character, and the subject uses it")]
    }
    assert rows["good"][0].fields["words"] == "x\ny"


def test_a_row_with_too_many_cells_or_an_endless_one_is_bad(chooser: Chooser) -> None:
    long = "x" * 1_000_000
    lines = (
        f"email,first_name\na@example.org,Ada,{long}\nb@example.org,{long}\nc@example.org,Cy,,\n"
    )
    rows = chooser.rows(chooser.checks(chooser.upload(lines)))
    assert faults(rows["bad"]) == {
        2: [("", "The row has more cells than there are columns")],
        3: [("first_name", "Too long: 1000000 characters, of which 10000 are possible")],
    }
    assert len(rows["bad"][1].fields["first_name"]) == 10_000
    assert places(rows["good"]) == [4]


def test_three_hundred_columns_are_kept(chooser: Chooser) -> None:
    names = [f"c{at}" for at in range(299)]
    values = [f"v{at}" for at in range(299)]
    lines = f"email,{','.join(names)}\nada@example.org,{','.join(values)}\n"
    chooser.writes(body="{{ c298 }}")
    check = chooser.checks(chooser.upload(lines))
    assert chooser.rows(check)["good"][0].fields["c298"] == "v298"
    assert len(check.result["fields"]) == 300


def test_of_two_columns_with_one_name_each_has_its_own_field(chooser: Chooser) -> None:
    chooser.writes(body="{{ Name }} {{ Name_2 }}")
    lines = "email,Name,Name\nada@example.org,Ada,Lovelace\n"
    [person] = chooser.rows(chooser.checks(chooser.upload(lines)))["good"]
    assert person.fields == {"email": "ada@example.org", "Name": "Ada", "Name_2": "Lovelace"}


def test_a_workbook_gives_texts(chooser: Chooser) -> None:
    data = workbook(
        ("email", "first_name", "day", "amount", "member", "left"),
        ("ada@example.org", "Ada", date(2026, 11, 22), 12.5, True, False),
        ("bo@example.org", 7, None, 3.0, None, None),
    )
    rows = chooser.rows(chooser.checks(chooser.upload(data, "guests.xlsx")))
    assert [list(person.fields.values()) for person in rows["good"]] == [
        ["ada@example.org", "Ada", "2026-11-22", "12.5", "yes", ""],
        ["bo@example.org", "7", "", "3", "", ""],
    ]


def test_json_lines_of_a_job_give_the_same(chooser: Chooser) -> None:
    data = json_lines(
        {"mail": "ada@example.org", "first_name": "Ada\ud800\0", "n": 12345678901234567890},
        {"first_name": "Bo", "mail": "bo@example.org", "n": None, "unseen": 1},
    )
    made = Audience("file", chooser.made(data, "jsonl"), "report.jsonl", None, "mail")
    check = chooser.checks(made)
    rows = chooser.rows(check)
    assert places(rows["good"]) == [1, 2]
    assert rows["good"][0].fields["n"] == "12345678901234567890"
    assert rows["good"][0].fields["first_name"] == "Ada\ufffd"


def test_a_line_that_is_no_object_is_named(chooser: Chooser) -> None:
    data = json_lines({"mail": "ada@example.org"}) + b"[1]\n"
    made = Audience("file", chooser.made(data, "jsonl"), "report.jsonl", None, "mail")
    assert said(chooser.checks(made)) == "Row 2 is no JSON object."


def test_what_our_own_file_puts_before_formulas_is_no_part_of_an_address(
    chooser: Chooser,
) -> None:
    lines = "email,first_name\n'+tag@example.org,'-1\n'ada@example.org,'x\n"
    manner = chooser.upload(lines).manner
    made = Audience("file", chooser.made(lines.encode()), "report.csv", manner, "email")
    rows = chooser.rows(chooser.checks(made))
    assert [person.address for person in rows["good"]] == ["+tag@example.org", "'ada@example.org"]
    assert [person.fields["first_name"] for person in rows["good"]] == ["-1", "'x"]


def test_a_list_gives_its_contacts_by_their_addresses(
    chooser: Chooser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BATCH", 2)
    with chooser.app.app_context():
        fields = [{"label": "First name", "type": "text"}, {"label": "Member", "type": "boolean"}]
        made = make_list("Readers", roles=STARTERS, fields=fields, by=None)
        for name in ("Cy", "Ada", "Bo"):
            values = {"first_name": name, "member": name == "Ada"}
            add_contact(made, f"{name}@example.org", values, by=None)
        list_id = made.id
    check = chooser.checks(Audience("list", str(list_id), "Readers"))
    rows = chooser.rows(check)["good"]
    assert [(each.place, each.email, each.fields["member"]) for each in rows] == [
        (1, "Ada@example.org", "yes"),
        (2, "Bo@example.org", ""),
        (3, "Cy@example.org", ""),
    ]


def test_a_list_that_is_deleted_meanwhile_ends_the_check_in_words(chooser: Chooser) -> None:
    with chooser.app.app_context():
        list_id = make_list("Readers", roles=STARTERS, by=None).id
        delete_list(list_id, by=None)
    check = chooser.checks(Audience("list", str(list_id), "Readers"))
    assert said(check) == "This contact list does not exist any more."


def test_a_list_that_goes_while_it_is_read_is_no_shorter_list(chooser: Chooser) -> None:
    with chooser.app.app_context():
        made = make_list("Readers", roles=STARTERS, by=None)
        for name in ("a", "b", "c"):
            add_contact(made, f"{name}@example.org", {}, by=None)
        audience = Audience("list", str(made.id), "Readers")
        with reading.opened(audience, None, batch=1) as source:
            batches = iter(source.batches)
            assert len(next(batches)) == 1
            db.session.rollback()
            delete_list(made.id, by=None)
            with pytest.raises(Permanent, match="does not exist any more"):
                next(batches)
        assert db.session.scalars(select(ContactList)).first() is None


def test_a_file_that_is_deleted_ends_the_check_in_words(chooser: Chooser) -> None:
    audience = chooser.upload("email,first_name\nada@example.org,Ada\n")
    made = Audience("file", chooser.made(b"email\n"), "report.csv", audience.manner, "email")
    with chooser.app.app_context(), transaction() as session:
        session.execute(update(Artifact).values(deleted_at=clock()))
    assert said(chooser.checks(made)) == "This file is not kept any more."


def test_a_file_that_was_damaged_is_not_checked(chooser: Chooser) -> None:
    audience = chooser.upload("email,first_name\nada@example.org,Ada\n")
    made = Audience("file", chooser.made(b"email\n"), "report.csv", audience.manner, "email")
    with chooser.app.app_context(), transaction() as session:
        session.execute(update(Artifact).values(sha256="0" * 64))
    assert said(chooser.checks(made)) == "This file was damaged on disk."


def test_a_file_that_cannot_be_read_on_says_in_which_row(chooser: Chooser) -> None:
    good = "email,first_name\n" + "".join(f"p{at}@example.org,P\n" for at in range(20_000))
    audience = chooser.upload(good.encode() + b"x@example.org,\0\n")
    assert "20,002" in said(chooser.checks(audience)) or "20002" in said(chooser.checks(audience))


def test_a_file_with_only_a_header_gives_nobody(chooser: Chooser) -> None:
    check = chooser.checks(chooser.upload("email,first_name\n"))
    assert check.result["counts"] == {"good": 0, "bad": 0, "duplicate": 0, "suppressed": 0}
    assert chooser.rows(check) == {"good": [], "bad": [], "duplicate": [], "suppressed": []}


def test_html_stays_what_it_is(chooser: Chooser) -> None:
    lines = "email,first_name\nada@example.org,<script>alert(1)</script>\n"
    [person] = chooser.rows(chooser.checks(chooser.upload(lines)))["good"]
    assert person.fields["first_name"] == "<script>alert(1)</script>"


def test_the_good_ones_are_numbered_for_themselves(chooser: Chooser) -> None:
    lines = "".join(f"{'' if at % 3 else 'x '}p{at}@example.org,P{at}\n" for at in range(2, 5_002))
    check = chooser.checks(chooser.upload(f"email,first_name\n{lines}"))
    good = check.result["counts"]["good"]
    assert good == 3_333
    with chooser.found(check) as found:
        nth = found.nth_good(1000)
        assert nth == found.good(limit=1000)[-1]
        assert nth is not None
        assert found.good(after=nth.place, limit=1) == [found.nth_good(1001)]
        assert (found.nth_good(0), found.nth_good(good + 1)) == (None, None)
        assert found.fields == ("email", "first_name")
        assert found.email == "email"


def test_the_digest_is_of_those_who_get_the_message(chooser: Chooser) -> None:
    head = "email,first_name\n"
    first = chooser.checks(chooser.upload(f"{head}ada@example.org,Ada\nbo@example.org,Bo\n"))
    same = chooser.checks(chooser.upload(f"{head}ada@example.org,Ada\nx,\nbo@example.org,Bo\n"))
    other = chooser.checks(chooser.upload(f"{head}ada@example.org,Ada\nbo@example.org,Bob\n"))
    assert first.result["digest"] == same.result["digest"] != other.result["digest"]


def stands(chooser: Chooser) -> tuple[bool, int]:
    """Give whether the check holds, and how many get the mailing."""
    with chooser.app.app_context():
        mailing = chooser.mailing()
        check = standing.check_of(mailing)
        assert check is not None
        return standing.is_current(mailing, check), standing.people(mailing)


def test_a_check_holds_until_recipients_or_fields_are_others(chooser: Chooser) -> None:
    audience = chooser.upload("email,first_name,stand\nada@example.org,Ada,A 1\n")
    chooser.checks(audience)
    assert stands(chooser) == (True, 1)
    chooser.changes(body="Hello {{ first_name }}, {{ stand | default('…') }}")
    assert stands(chooser) == (True, 1)
    chooser.changes(body="{{ stand }}")
    assert stands(chooser) == (False, 0)
    chooser.changes(body="Come.", subject="{{ first_name }}")
    assert stands(chooser) == (False, 0)
    chooser.changes(subject="Come")
    assert stands(chooser) == (True, 1)
    chooser.chooses(chooser.upload("email,first_name\nbo@example.org,Bo\n"))
    assert stands(chooser) == (False, 0)


def test_a_check_does_not_hold_once_nothing_asks_for_what_it_left_people_out_for(
    chooser: Chooser,
) -> None:
    chooser.writes(body="Dear {{ first_name }}, come to {{ stand }}.")
    lines = "email,first_name,stand\nada@example.org,Ada,A 1\nbo@example.org,Bo,\nx,Cy,A 2\n"
    chooser.checks(chooser.upload(lines))
    assert stands(chooser) == (True, 1)
    chooser.changes(body="Come to {{ stand }}.")
    assert stands(chooser) == (True, 1)
    chooser.changes(body="Dear {{ first_name }}, come.")
    assert stands(chooser) == (False, 0)
    chooser.checks()
    assert stands(chooser) == (True, 2)


def test_a_check_does_not_hold_once_the_subject_can_do_without_what_it_could_not_take(
    chooser: Chooser,
) -> None:
    chooser.writes("For {{ stand }} of {{ email }}", "Come to {{ stand }}.")
    chooser.checks(chooser.upload('email,stand\nada@example.org,"A\n1"\nbo@example.org,A 2\n'))
    chooser.changes(subject="For {{ stand }}")
    assert stands(chooser) == (True, 1)
    chooser.changes(subject="Come")
    assert stands(chooser) == (False, 0)
    chooser.checks()
    assert stands(chooser) == (True, 2)


def test_a_mailing_without_a_check_has_nobody(chooser: Chooser) -> None:
    with chooser.app.app_context():
        assert standing.check_of(chooser.mailing()) is None
        assert standing.people(chooser.mailing()) == 0


def test_what_a_check_found_is_gone_in_words(chooser: Chooser) -> None:
    check = chooser.checks(chooser.upload("email,first_name\nada@example.org,Ada\n"))
    job_id = uuid.UUID(check.id)
    with chooser.app.app_context():
        key = db.session.scalars(select(Attachment.key)).one()
        with at_hand(job_id, "recipients", Permanent("gone")) as path:
            path.write_bytes(path.read_bytes() + b"x")
        with pytest.raises(Permanent, match="damaged"), found_of(job_id, proven=True):
            pass
        chooser.app.extensions["storage"].delete(key)
        with pytest.raises(Permanent, match="not kept any more"), found_of(job_id):
            pass
