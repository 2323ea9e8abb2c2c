"""A whole message of a mailing, as recipients get it."""

from email import message_from_bytes, policy

import pytest

from dashboard.mail.mime import Attached, BadHeader, Mailbox, Mould
from tests.mail.mime_messages import DATE, SENDER, content, is_well_formed, parsed, written

MOULD = Mould(
    Mailbox("news@bücher.example", "Bücher & Söhne, GmbH"),
    reply_to=Mailbox("office@example.org"),
    headers={"List-Id": "Offers <offers.example.org>", "Precedence": "bulk"},
    attachments=[Attached("Umsätze.csv", "text/csv", b"a;b\n1;2\n")],
)


def test_all_parts_of_a_message_come_back() -> None:
    message = written(
        MOULD,
        to=Mailbox("mara@example.org", "Mara Müller"),
        subject="Ihre Umsätze 🎉",
        text="Hallo Mara\n.\nBis bald\n",
        html="<p>Hallo Mara</p>\n",
        unsubscribe="https://desk.example.org/u/1",
        headers={"Feedback-ID": "m-1:desk"},
    )
    assert is_well_formed(message)
    found = parsed(message)
    assert {name: str(value) for name, value in found.items()} == {
        "From": '"Bücher & Söhne, GmbH" <news@xn--bcher-kva.example>',
        "Reply-To": "office@example.org",
        "List-Id": "Offers <offers.example.org>",
        "Precedence": "bulk",
        "To": "Mara Müller <mara@example.org>",
        "Subject": "Ihre Umsätze 🎉",
        "Date": "Sat, 21 Nov 2026 09:00:00 +0000",
        "Message-ID": "<m-1@bellhop.invalid>",
        "List-Unsubscribe": "<https://desk.example.org/u/1>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": "m-1:desk",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/mixed; boundary="=_mixed"',
    }
    assert found["Date"].datetime == DATE
    bodies = [found.get_body((kind,)) for kind in ("plain", "html")]
    assert [content(body) for body in bodies] == [
        "Hallo Mara\n.\nBis bald\n",
        "<p>Hallo Mara</p>\n",
    ]
    (table,) = found.iter_attachments()
    assert (table.get_filename(), table.get_content()) == ("Umsätze.csv", "a;b\n1;2\n")


def test_messages_of_a_mould_share_only_what_the_mailing_gives() -> None:
    one = parsed(written(MOULD, to=Mailbox("a@example.org"), headers={"X-Only": "1"}))
    other = parsed(written(MOULD, to=Mailbox("b@example.org"), message_id="<m-2@x.invalid>"))
    assert [one["To"], other["To"]] == ["a@example.org", "b@example.org"]
    assert [one["X-Only"], other["X-Only"]] == ["1", None]
    assert one["From"] == other["From"]


def test_the_same_message_is_written_in_the_same_way() -> None:
    assert written(MOULD) == written(MOULD)


def test_an_older_reader_understands_it_too() -> None:
    message = written(Mould(SENDER), text="Grüße\n" * 9, html="<p>Grüße</p>\n" * 9)
    found = message_from_bytes(message, policy=policy.compat32)
    bodies = [part.get_payload(decode=True) for part in found.walk() if not part.is_multipart()]
    assert bodies == ["Grüße\r\n".encode() * 9, "<p>Grüße</p>\r\n".encode() * 9]


def test_a_refusal_keeps_its_sentence_and_values_for_whoever_reads() -> None:
    with pytest.raises(BadHeader) as caught:
        written(subject="a\nb")
    assert "%(field)s" in caught.value.message
    assert caught.value.values == {"field": "Subject"}
    assert str(caught.value).startswith("The header Subject has a line break")
