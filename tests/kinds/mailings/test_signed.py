"""A desk with a key: what leaves it is signed, and it says what the DNS must know of the key."""

import html
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest
from flask import Flask

from dashboard import create_app
from dashboard.mail import Mailer
from dashboard.mail.signing import Signers
from tests.kinds.mailings.conftest import MakeMailing
from tests.kinds.mailings.real import sending
from tests.kinds.mailings.test_deliverability import MakeDraft, answered, draft, signs
from tests.kinds.mailings.test_one import sends, works
from tests.mail.keys import ed25519, key_file, rsa
from tests.mail.name_server import Zone
from tests.mail.scripted import ScriptedServer, scripted
from tests.mail.second_opinion import signed_headers
from tests.mail.signed import is_believed, zone_of
from tests.mail.test_domain import GOOD
from tests.mail.test_smtp import LETTER
from tests.people import Person, words

__all__ = ["draft"]

NAME = "m2026._domainkey.example.org"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """Run a mail server."""
    with scripted() as running:
        yield running


@pytest.fixture
def app(tmp_path: Path, sqlite_ledger: Path, valkey_url: str, server: ScriptedServer) -> Flask:
    """Give a desk that signs for example.org and reaches *server*."""
    (tmp_path / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    key = key_file(tmp_path, rsa(2048).pem())
    return create_app(
        INSTANCE_PATH=tmp_path,
        REDIS_URL=valkey_url,
        TESTING=True,
        MAIL_URL=f"smtp://127.0.0.1:{server.port}?timeout=30",
        MAIL_SENDER="Bellhop <desk@news.example.org>",
        MAIL_DKIM_KEYS=f"example.org m2026 {key}",
    )


@pytest.fixture
def any_app(app: Flask) -> Flask:
    """Let mailings be made at that desk."""
    return app


@pytest.fixture
def zone(app: Flask) -> dict[str, str]:
    """Give what the DNS has to say."""
    signers: Signers = app.extensions["signers"]
    return zone_of(signers)


def test_a_mailing_that_a_worker_sends_arrives_signed(
    app: Flask, made_mailing: MakeMailing, server: ScriptedServer, zone: dict[str, str]
) -> None:
    mailing = sending(app, made_mailing(5))

    assert mailing.works().state == "succeeded"

    assert mailing.fates == {"sent": 5}
    assert len(server.taken) == 5
    assert len({message.to for message in server.taken}) == 5
    for message in server.taken:
        assert is_believed(message.body, zone)
        assert message_from_bytes(message.body)["List-Unsubscribe-Post"] is not None
        assert {"list-unsubscribe", "list-unsubscribe-post"} < {*signed_headers(message.body)}


def test_a_sender_of_another_domain_leaves_unsigned(
    app: Flask, made_mailing: MakeMailing, server: ScriptedServer
) -> None:
    mailing = sending(app, made_mailing(2), {"address": "events@example.net"})

    assert mailing.works().state == "succeeded"

    assert [b"DKIM-Signature" in message.body for message in server.taken] == [False, False]


def test_one_e_mail_and_letters_to_people_leave_signed_too(
    app: Flask, staff: Person, server: ScriptedServer, zone: dict[str, str]
) -> None:
    sends(staff)
    assert works(app).state == "succeeded"
    mailer: Mailer = app.extensions["mailer"]
    mailer.send(LETTER)

    email, letter = (message.body for message in server.taken)

    assert b"From: Bellhop <desk@news.example.org>" in email
    assert b"Message-ID: <r-1@bellhop.invalid>" in letter
    assert is_believed(email, zone)
    assert is_believed(letter, zone)


def test_where_the_dns_knows_the_key_all_is_well(
    app: Flask, draft: MakeDraft, staff: Person, zone: dict[str, str]
) -> None:
    app.config["MAIL_DKIM_SELECTORS"] = "another"
    known: Zone = {"example.org": GOOD["example.org"], "_dmarc.example.org": ["v=DMARC1; p=reject"]}
    with answered(app, {**known, NAME: [zone[NAME]]}) as names:
        page = staff.opens(draft()).text

    assert signs(page)[:3] == ["Good"] * 3
    assert "example.org has a DKIM key: m2026." in words(page)
    assert "Name of the record" not in page
    assert {name for name in names.asked if "_domainkey" in name} == {NAME}


@pytest.mark.parametrize(
    ("records", "word", "sentence"),
    [
        ({}, "Missing", "with which this desk signs, is not published."),
        ({NAME: ["v=DKIM1; p=AAAA"]}, "Wrong", "stands another key than the one"),
    ],
)
def test_where_it_does_not_the_page_has_the_record_to_copy(
    app: Flask,
    draft: MakeDraft,
    staff: Person,
    zone: dict[str, str],
    records: Zone,
    word: str,
    sentence: str,
) -> None:
    with answered(app, {**GOOD, **records}):
        page = html.unescape(staff.opens(draft()).text)

    assert signs(page)[1] == word
    assert sentence in words(page)
    assert f'data-copy="{NAME}"' in page
    assert f'data-copy="{zone[NAME]}"' in page
    assert ("v=DKIM1; p=AAAA" in page) == bool(records)


def test_a_command_prints_the_record(app: Flask, tmp_path: Path, zone: dict[str, str]) -> None:
    run = app.test_cli_runner().invoke

    found = run(args=["senders", "dkim", "News.Example.org"])

    assert found.exit_code == 0
    head, _, line = found.output.partition("\n\n")
    assert head == f"Name: {NAME}\nType: TXT\nText: {zone[NAME]}"
    assert line.startswith(f'In a zone file: {NAME}. IN TXT ( "v=DKIM1; k=rsa; p=')
    none = run(args=["senders", "dkim", "example.net"])
    assert none.exit_code == 1
    assert none.output == (
        "Error: No key of FLASK_MAIL_DKIM_KEYS signs for example.net: its e-mails leave unsigned.\n"
    )


def test_each_key_of_a_domain_has_its_record(tmp_path: Path) -> None:
    keys = (key_file(tmp_path, rsa().pem()), key_file(tmp_path, ed25519(), "edwards.pem"))
    setting = f"example.org r {keys[0]}, example.org e {keys[1]}"
    desk = create_app(INSTANCE_PATH=tmp_path / "state", MAIL_DKIM_KEYS=setting)

    found = desk.test_cli_runner().invoke(args=["senders", "dkim", "example.org"])

    assert [line for line in found.output.splitlines() if line.startswith("Name")] == [
        "Name: r._domainkey.example.org",
        "Name: e._domainkey.example.org",
    ]
