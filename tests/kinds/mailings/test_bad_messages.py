"""Whatever people write or a file holds: nothing is smuggled in, nothing hangs, nobody is lost."""

import hashlib
import re
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dashboard.models import MailingState
from tests.kinds.mailings.conftest import MakeMailing
from tests.kinds.mailings.real import Sending, sending
from tests.mail.scripted import ScriptedServer, scripted
from tests.mail.test_writing_refusals import LONGEST_SECONDS

PEOPLE = 3
INJECTED = [
    "\r\nBcc: eve@evil.example\r\n",
    "\nBcc: eve@evil.example",
    "\rBcc: eve@evil.example",
    "\r\n\r\n<script>x</script>",
    "\r\n.\r\nMAIL FROM:<eve@evil.example>\r\n",
    "\0\u2028\x85Bcc: eve@evil.example",
]
# What a message of this mailing has, and nothing else ever.
HEADERS = {
    *("From", "Reply-To", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"),
    *("List-Unsubscribe", "List-Unsubscribe-Post"),
}
REFUSED = re.compile("is no e-mail address|control character")
Begin = Callable[..., Sending]


@pytest.fixture
def any_app(app: Flask) -> Flask:
    """Give a desk on SQLite: what is tested here is the same on each database."""
    return app


@pytest.fixture
def begin(any_app: Flask, made_mailing: MakeMailing) -> Begin:
    """Give what makes a mailing to three people with parts of its own, which waits for a worker."""

    def make(sender: dict[str, str] | None = None, **parts: Any) -> Sending:
        return sending(any_app, made_mailing(PEOPLE), sender, **parts)

    return make


def read(server: ScriptedServer) -> dict[str, EmailMessage]:
    """Give the messages that the server took, by whom they went to."""
    messages = {}
    for each in server.taken:
        message = message_from_bytes(each.body, policy=policy.default)
        assert isinstance(message, EmailMessage)
        messages[each.to] = message
    assert len(messages) == len(server.taken)
    return messages


def has_paused(mailing: Sending, server: ScriptedServer) -> str:
    """See that the mailing has paused before anything was sent; gives why."""
    mailing.works()
    paused, why = mailing.state
    assert paused == MailingState.PAUSED
    assert mailing.fates == {"queued": PEOPLE}
    assert server.said == []
    return why


@pytest.mark.parametrize("bad", INJECTED)
def test_no_value_of_a_recipient_becomes_a_header_or_another_message(
    begin: Begin, bad: str
) -> None:
    mailing = begin(subject="{{ name }}, come", body="Dear {{ name }}, [x](https://a.b/{{ name }})")
    if "\0" in bad and mailing.app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        bad = bad.replace("\0", "")  # Which PostgreSQL keeps in no JSON.
    mailing.changes(2, values={"name": f"Eve{bad}"})

    with scripted() as server:
        mailing.reaches(server)
        assert mailing.works().state == "succeeded"

    messages = read(server)
    assert sorted(messages) == [f"P{place}@example.org" for place in (1, 2, 3)]
    assert all(set(message.keys()) == HEADERS for message in messages.values())
    assert messages["P2@example.org"]["Subject"].startswith("Eve")
    assert [line for line in server.said if line.startswith("MAIL")] == [
        line for line in server.said if "events@example.org" in line
    ]
    page = messages["P2@example.org"].get_body(("html",))
    assert page is not None
    assert "<script" not in page.get_content()


@pytest.mark.parametrize("bad", INJECTED[:2])
@pytest.mark.parametrize("field", ["name", "address", "reply_to"])
def test_a_sender_that_no_header_can_have_pauses_it_before_anything_leaves(
    begin: Begin, field: str, bad: str
) -> None:
    usual = {"name": "Events", "address": "events@example.org", "reply_to": "answers@example.org"}
    mailing = begin({field: usual[field] + bad})
    with scripted() as server:
        mailing.reaches(server)
        why = has_paused(mailing, server)
    assert REFUSED.search(why)
    assert not set(why) & {"\r", "\n"}


@pytest.mark.parametrize("bad", INJECTED[:3])
def test_an_attachment_whose_name_no_header_can_have_pauses_it(begin: Begin, bad: str) -> None:
    mailing = begin(attachments=[attached(f"plan{bad}.pdf")])
    keep(mailing.app, b"%PDF")
    with scripted() as server:
        mailing.reaches(server)
        why = has_paused(mailing, server)
    assert why == "The name of an attachment has a line break or another control character in it."


def test_an_attachment_cannot_make_itself_a_message_or_a_header_by_its_type(begin: Begin) -> None:
    mailing = begin(attachments=[attached("plan.pdf", "text/html\r\nBcc: eve@evil.example")])
    keep(mailing.app, b"%PDF")
    with scripted() as server:
        mailing.reaches(server)
        assert "is no type of a file" in has_paused(mailing, server)


@pytest.mark.parametrize("bad", INJECTED[:1] + INJECTED[4:5])
def test_title_subject_and_body_smuggle_nothing_in(begin: Begin, bad: str) -> None:
    mailing = begin(
        title=f"Fair{bad}", subject=f"Come{bad}", body=f"Dear all{bad}", why=f"Why{bad}"
    )
    with scripted() as server:
        mailing.reaches(server)
        assert mailing.works().state == "succeeded"
    for message in read(server).values():
        assert set(message.keys()) == HEADERS
        assert "Bcc" not in message
    assert len(server.taken) == PEOPLE


@pytest.mark.parametrize(
    "address",
    [
        "p2@example.org\r\nRCPT TO:<eve@evil.example>",
        "p2@example.org> SIZE=1",
        '"a b"@example.org',
        "@",
    ],
)
def test_an_address_that_no_server_could_be_told_fails_alone(begin: Begin, address: str) -> None:
    mailing = begin()
    mailing.changes(2, email=address)
    with scripted() as server:
        mailing.reaches(server)
        assert mailing.works().state == "succeeded"
    assert mailing.fates == {"sent": 2, "failed": 1}
    assert REFUSED.search(mailing.delivery(2).words or "")
    assert not any("evil" in line or "SIZE=1>" in line for line in server.said)


@pytest.mark.parametrize("part", ["body", "html", "text"])
def test_a_text_of_ten_megabytes_pauses_it_with_its_size(begin: Begin, part: str) -> None:
    mailing = begin(**{part: "Dear all\n" * 1_111_112})
    with scripted() as server:
        mailing.reaches(server)
        begun = time.process_time()
        why = has_paused(mailing, server)
    assert "The text has 10001 KB" in why
    assert time.process_time() - begun < LONGEST_SECONDS


def test_one_value_of_ten_megabytes_fails_alone(begin: Begin) -> None:
    mailing = begin()
    mailing.changes(2, values={"name": "Ada " * 2_500_000})
    with scripted() as server:  # It says that it takes a megabyte at most.
        mailing.reaches(server)
        assert mailing.works().state == "succeeded"
    assert mailing.fates == {"sent": 2, "failed": 1}
    assert sorted(read(server)) == ["P1@example.org", "P3@example.org"]


def test_attachments_that_the_server_does_not_take_are_sent_to_nobody(begin: Begin) -> None:
    content = b"x" * 2_000_000
    mailing = begin(attachments=[attached("plan.pdf", content=content)])
    keep(mailing.app, content)
    with scripted() as server:
        mailing.reaches(server)
        mailing.works()
    assert mailing.fates == {"failed": PEOPLE}
    assert mailing.delivery(1).words == "The message is larger than the mail server takes."
    assert not any(line.startswith("MAIL") for line in server.said)


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in range(10**9) %}x{% endfor %}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{{ 9**9**9 }}",
        "{{ 'x' * 10**10 }}",
        "{{ name.__class__.__mro__ }}",
        "{{ config }}{{ config.SECRET_KEY }}",
        "{{ ''['__class__'] }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{{ name | attr('__class__') }}",
        "{{ name | format(name) }}",
        "{% if a %}" * 1_000,
        "{{ " + "(" * 50_000,
    ],
    ids=lambda source: source[:20],
)
@pytest.mark.parametrize("part", ["subject", "body"])
def test_what_would_loop_or_reach_for_more_than_fields_pauses_it(
    begin: Begin, part: str, source: str
) -> None:
    if part == "subject" and len(source) > 400:
        pytest.skip("No subject is so long.")
    mailing = begin(**{part: source})
    with scripted() as server:
        mailing.reaches(server)
        begun = time.process_time()
        assert has_paused(mailing, server)
    assert time.process_time() - begun < LONGEST_SECONDS


def test_a_field_is_only_ever_a_value_of_the_recipient(begin: Begin) -> None:
    mailing = begin(subject="x", body="{{ config | default('none') }} {{ self | default('none') }}")
    with scripted() as server:
        mailing.reaches(server)
        assert mailing.works().state == "succeeded"
    body = read(server)["P1@example.org"].get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("none none")


@pytest.mark.parametrize("unit", ["![[", "a\n\n"])
def test_the_hardest_markdown_holds_up_no_worker(begin: Begin, unit: str) -> None:
    mailing = begin(body=unit * (100_000 // len(unit)))
    with scripted(offers=("PIPELINING", "SIZE 50000000")) as server:
        mailing.reaches(server)
        begun = time.process_time()
        mailing.works()
        took = time.process_time() - begun
    assert took < 2 * LONGEST_SECONDS  # to make it, and three messages of it
    assert mailing.fates in ({"sent": PEOPLE}, {"queued": PEOPLE})


def attached(
    name: str, media_type: str = "application/pdf", *, content: bytes = b"%PDF"
) -> dict[str, Any]:
    """Give what a mailing keeps of an attachment."""
    of_file = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return {"name": name, "media_type": media_type, "key": "letters/a", **of_file}


def keep(app: Flask, content: bytes) -> None:
    """Put the bytes of the attachment where files are kept."""
    path = Path(app.instance_path) / "files" / "letters" / "a"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
