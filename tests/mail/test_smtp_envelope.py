"""Bytes on the line: dots, line ends, addresses and answers, whatever they are."""

import socket

import pytest
from hypothesis import example, given, strategies as st

from dashboard.mail import Parcel
from dashboard.mail.smtp.answers import Answer, Answers, Broken
from dashboard.mail.smtp.envelope import Offers, commands, stuffed, unfit

ALL = Offers(pipelining=True, utf8=True, eight_bit=True, size=0)
pieces = st.sampled_from([b".", b"\r\n", b"\r", b"\n", b"x", b"\r\n.", b"\r\n.\r\n", b""])


@given(st.lists(pieces, max_size=30).map(b"".join))
@example(b".")
@example(b"\n.\n")
def test_no_body_can_end_before_its_end(body: bytes) -> None:
    sent = stuffed(body)
    lines = sent.split(b"\r\n")
    assert sent == b"" or lines.pop() == b""
    assert b"." not in lines
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    received = [line.removeprefix(b".") for line in lines] if sent else []
    assert received == _lines(body)


def _lines(body: bytes) -> list[bytes]:
    lines = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


@given(st.text(max_size=40), st.text(max_size=40))
@example("a@b>\r\nRCPT TO:<c@d", "x@y")
@example('"a b"@example.org', '"a\\"> NOTIFY=NEVER"@example.org')
def test_no_address_can_say_anything_else(local: str, domain: str) -> None:
    parcel = Parcel("desk@example.org", f"{local}@{domain}", b"x\r\n")
    if unfit(parcel, ALL) is None:
        _, rcpt, _ = commands(parcel, ALL)
        assert rcpt == f"RCPT TO:<{parcel.to}>\r\n".encode()
        assert rcpt.count(b"\r") == rcpt.count(b"\n") == 1
        assert b" " not in rcpt[8:].replace(b'"', b"").split(b"@")[-1]


@pytest.mark.parametrize(
    "address",
    [
        "mara@example.org",
        "o'hara+news@example.org",
        '"mara m"@example.org',
        "mara@[192.0.2.1]",
        "jörg@example.org",
        "mara@xn--bcher-kva.example",
    ],
)
def test_addresses_that_are_one_pass(address: str) -> None:
    assert unfit(Parcel(address, address, b""), ALL) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mara",
        "@example.org",
        "mara@",
        "a b@example.org",
        "a@b@c",
        "<a@b>",
        "a@b>",
        "a@b\r\nDATA",
        "a@b\x00",
        "a@b c",
        "a\ud800@b",
        "a@" + "b" * 400,
        '"a\r\n"@b',
    ],
)
def test_addresses_that_are_none_do_not(address: str) -> None:
    assert unfit(Parcel("desk@example.org", address, b""), ALL) is not None


@given(st.binary(max_size=200))
@example(b"250-a\r\n250 b\r\n")
@example(b"250\r\n")
def test_any_answer_is_read_or_refused(said: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(said)
        theirs.shutdown(socket.SHUT_WR)
        try:
            answer = Answers(ours).read(1)
        except Broken:
            return
    assert 200 <= answer.code <= 599
    assert len(answer.words) <= 500
    assert answer.words.isprintable()


def test_the_words_of_an_answer_are_one_clean_line() -> None:
    lines = (b"5.1.1 The account\tdoes not", b"5.1.1  exist.\x1b[31m", b"5.1.1 " + b"x" * 1_000)
    words = Answer(550, lines).words
    assert words.startswith("5.1.1 The account does not exist. [31m xxx")
    assert len(words) == 500
    assert Answer(250, (b"",)).words == ""
