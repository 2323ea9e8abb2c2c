"""What leaves by SMTP arrives with signatures that hold."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from dashboard.mail import Carrier, Outcome, Parcel, SmtpMailer, carrier_from_url
from dashboard.mail.mime import Attached, Mailbox, Mould
from dashboard.mail.signing import Signers
from tests.mail.mime_messages import MARA, line, written
from tests.mail.parcels import fates, parcel
from tests.mail.scripted import ScriptedServer, scripted
from tests.mail.signed import FROM, carrier_to, is_believed, rich, sent, signers, zone_of
from tests.mail.test_mime_attached import file
from tests.mail.test_mime_body import texts
from tests.mail.test_mime_mailbox import addresses, atom, name, wide_atom
from tests.mail.test_smtp import LETTER


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Signers:
    """Give what signs for example.org with RSA and with Ed25519."""
    return signers(tmp_path_factory.mktemp("keys"), edwards=True)


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    """Run a mail server."""
    with scripted() as running:
        yield running


@pytest.fixture(scope="module")
def carrier(server: ScriptedServer, found: Signers) -> Carrier:
    """Give what carries there, signed."""
    return carrier_to(server, found)


senders = st.builds(
    Mailbox,
    st.builds(
        "{}@{}".format,
        atom | wide_atom,
        st.sampled_from(["example.org", "news.example.org", "NEWS.Example.org"]),
    ),
    name,
)
moulds = st.builds(
    lambda sender, reply_to, attachments: Mould(sender, reply_to=reply_to, attachments=attachments),
    senders,
    st.none() | st.builds(Mailbox, addresses(atom), name),
    st.lists(file, max_size=2),
)
contents = st.fixed_dictionaries(
    {
        "to": st.builds(Mailbox, addresses(atom | wide_atom), name),
        "subject": line,
        "text": texts,
        "html": st.just("") | texts,
        "unsubscribe": st.sampled_from(["", "https://desk.example.org/u/" + "x" * 300]),
    }
)


@given(moulds, contents)
@example(Mould(FROM), {"text": ""})
@example(Mould(FROM), {"text": " \n\n"})
@example(Mould(FROM), {"text": "a" * 3000 + " \n.\n"})
@example(Mould(FROM, attachments=[Attached("", "", b"")]), {"text": "", "subject": ""})
@settings(deadline=None, max_examples=60)
def test_whatever_a_mould_makes_arrives_with_signatures_that_hold(
    carrier: Carrier, server: ScriptedServer, found: Signers, mould: Mould, parts: dict[str, Any]
) -> None:
    message = written(mould, **parts)

    (arrived,) = sent(carrier, server, message, utf8=not message.isascii())

    assert arrived.endswith(message)
    assert max(map(len, arrived.removesuffix(message).split(b"\r\n"))) <= 78
    assert [is_believed(arrived, zone_of(found), nth) for nth in (0, 1)] == [True, True]


def test_what_is_signed_is_what_arrives_whatever_the_line_ends(
    carrier: Carrier, server: ScriptedServer, found: Signers
) -> None:
    head = b"From: events@example.org\nTo: a@example.org\r\nSubject: x\n\n"
    arrived = sent(
        carrier,
        server,
        head + b"one\ntwo \r\n.\rthree\n\n.",
        head + b"ends in blanks \t ",
        head.rstrip(b"\n") + b"\r\n\r\n",
    )

    assert len(arrived) == 3
    for message in arrived:
        assert is_believed(message, zone_of(found))


def test_the_size_that_is_told_is_that_of_the_signed_message(found: Signers) -> None:
    with scripted() as server:
        arrived = sent(carrier_to(server, found), server, *[rich(text="x\n" * n) for n in range(4)])
        told = [int(each) for each in re.findall(r"SIZE=(\d+)", " ".join(server.said))]

    assert told == [len(message) for message in arrived]
    assert all(is_believed(message, zone_of(found)) for message in arrived)


def test_where_a_message_cannot_be_signed_those_before_it_have_their_answers() -> None:
    def sign(message: bytes) -> bytes:
        if b"Hello 3" in message:
            raise ValueError("This one cannot be signed.")
        return message

    with scripted() as server:
        url = f"smtp://127.0.0.1:{server.port}?timeout=30"
        outcomes: list[Outcome] = []
        with (
            carrier_from_url(url, folder=Path(), sign=sign).round() as round_,
            pytest.raises(ValueError, match="cannot be signed"),
        ):
            outcomes.extend(round_.carry(parcel(n, f"Hello {n}") for n in range(1, 6)))

    assert fates(outcomes) == ["sent", "sent"]
    assert len(server.taken) == 2


def test_a_letter_to_one_person_leaves_signed_in_seven_bits(found: Signers) -> None:
    with scripted() as server:
        url = f"smtp://127.0.0.1:{server.port}?timeout=30"
        SmtpMailer(url, "Bellhop <desk@example.org>", found.signed).send(LETTER)
        (message,) = server.taken

    assert message.body.isascii()
    assert is_believed(message.body, zone_of(found))
    text = message_from_bytes(message.body, policy=policy.default).get_content()
    assert text.replace("\r\n", "\n") == LETTER.text


def test_what_is_kept_is_not_signed(tmp_path: Path, found: Signers) -> None:
    outbox = carrier_from_url("outbox:", folder=tmp_path, sign=found.signed)
    with outbox.round() as round_:
        (outcome,) = round_.carry([Parcel(FROM.address, MARA.address, rich())])

    assert outcome.fate == "sent"
    (kept,) = tmp_path.glob("*.eml")
    assert kept.read_bytes() == rich()
