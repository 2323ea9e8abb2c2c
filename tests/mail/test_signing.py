"""Signatures are believed as long as nobody changes anything of what is signed."""

import re
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from dashboard.mail.mime import Mailbox, Mould
from dashboard.mail.signing import Signers, signers_of
from tests.mail.keys import key_file, rsa
from tests.mail.mime_messages import written
from tests.mail.second_opinion import signed_headers
from tests.mail.signed import FROM, is_believed, rich, signers, zone_of
from tests.mail.test_smtp import LETTER


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Signers:
    """Give what signs for example.org with RSA and with Ed25519."""
    return signers(tmp_path_factory.mktemp("keys"), edwards=True)


@given(st.data())
@settings(deadline=None, max_examples=80)
def test_one_changed_byte_of_the_body_or_of_a_signed_header_is_noticed(
    found: Signers, data: st.DataObject
) -> None:
    message = rich()
    signed = found.signed(message)
    # Blanks may change on the way, all else may not.
    places = [place.start() for place in re.finditer(rb"[A-Za-z0-9]", message)]
    at = len(signed) - len(message) + data.draw(st.sampled_from(places))
    other = b"z" if signed[at : at + 1] in b"qQ" else b"q"
    changed = signed[:at] + other + signed[at + 1 :]

    assert is_believed(signed, zone_of(found))
    assert not is_believed(changed, zone_of(found), data.draw(st.sampled_from([0, 1])))


@pytest.mark.parametrize(
    "header",
    [
        "From: Events <events@evil.example>",
        "To: everybody@example.org",
        "Cc: everybody@example.org",
        "Subject: You have won",
        "Reply-To: answers@evil.example",
        "Date: Sun, 22 Nov 2026 09:00:00 +0000",
        "Message-ID: <other@evil.example>",
        "MIME-Version: 1.0",
        "Content-Type: text/html",
        "List-Unsubscribe: <https://evil.example/u>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ],
)
def test_nobody_on_the_way_can_add_another_of_what_is_signed(found: Signers, header: str) -> None:
    signed = found.signed(rich())
    line = header.encode() + b"\r\n"

    assert is_believed(signed, zone_of(found))
    assert not is_believed(line + signed, zone_of(found))
    assert not is_believed(signed.replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n", 1), zone_of(found))


@pytest.mark.parametrize("header", ["Reply-To: answers@evil.example", "Cc: a@evil.example"])
def test_nor_can_anybody_add_who_gets_the_answers(found: Signers, header: str) -> None:
    signed = found.signed(written(Mould(FROM)))
    assert not is_believed(header.encode() + b"\r\n" + signed, zone_of(found))


@pytest.mark.parametrize(
    "header", ["Received: from desk", "List-Unsubscribe: <mailto:u@relay.example>", "X-Relay: 1"]
)
def test_what_relays_add_does_no_harm(found: Signers, header: str) -> None:
    signed = found.signed(written(Mould(FROM)))
    assert is_believed(header.encode() + b"\r\n" + signed, zone_of(found))


def test_blanks_that_a_relay_changes_do_no_harm(found: Signers) -> None:
    signed = found.signed(rich())
    changed = signed.replace(b"Subject: ", b"subject:  ").replace(b"Hallo Mara,", b"Hallo  Mara, ")
    assert changed != signed
    assert is_believed(changed + b"\r\n\r\n", zone_of(found))


def test_the_signature_says_who_and_what(found: Signers) -> None:
    header, _, _ = found.signed(rich()).partition(b"\r\nDKIM-Signature:")
    text = header.decode().replace("\r\n ", " ")
    tags = dict(re.findall(r"(?:: |; )([a-z]+)=([^;]*)", text))

    assert {name: tags[name] for name in ("v", "a", "c", "d", "s")} == {
        "v": "1",
        "a": "rsa-sha256",
        "c": "relaxed/relaxed",
        "d": "example.org",
        "s": "m2026",
    }
    assert "l" not in tags
    names = signed_headers(found.signed(rich()))
    assert {name: names.count(name) for name in names} == {
        **dict.fromkeys(("from", "to", "subject", "reply-to", "date", "message-id"), 2),
        **dict.fromkeys(("mime-version", "content-type", "list-unsubscribe"), 2),
        "list-unsubscribe-post": 2,
        "cc": 1,
    }
    assert (
        signed_headers(found.signed(written(Mould(FROM)))).count("content-transfer-encoding") == 2
    )


@pytest.mark.parametrize(
    ("sender", "domain"),
    [
        ("events@example.org", "example.org"),
        ("events@EXAMPLE.org", "example.org"),
        ("events@a.b.example.org", "example.org"),
        ("events@news.example.org", "news.example.org"),
        ("events@b.news.example.org", "news.example.org"),
        ("events@bücher.example", "xn--bcher-kva.example"),
        ("events@badexample.org", None),
        ("events@example.org.evil.example", None),
        ("events@org", None),
    ],
)
def test_the_key_nearest_to_the_sender_s_domain_signs(
    tmp_path: Path, sender: str, domain: str | None
) -> None:
    path = key_file(tmp_path, rsa().pem())
    names = ("example.org", "News.Example.org", "bücher.example")
    found = signers_of(", ".join(f"{name} s1 {path}" for name in names))
    message = written(Mould(Mailbox(sender, "events@example.org, @example.org <a@example.org>")))

    signed = found.signed(message)

    if domain is None:
        assert signed == message
    else:
        assert f" d={domain};".encode() in signed.partition(b"\r\nFrom:")[0]
        assert is_believed(signed, zone_of(found))
    assert [key.record.domain for key in found.of(sender.rpartition("@")[2])] == [domain] * (
        domain is not None
    )


@pytest.mark.parametrize(
    "sender",
    ["events@example.org", "Events <events@example.org>", "events@example.org (the @ desk)"],
)
def test_a_sender_is_found_however_the_setting_writes_it(found: Signers, sender: str) -> None:
    body = LETTER.message(sender).as_bytes(policy=SMTP)
    assert is_believed(found.signed(body), zone_of(found))


@pytest.mark.parametrize("message", [b"", b"\r\n", b"To: a@example.org\r\n\r\nFrom: a@example.org"])
def test_what_comes_from_nobody_stays_as_it_is(found: Signers, message: bytes) -> None:
    assert found.signed(message) == message
