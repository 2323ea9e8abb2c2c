"""Whatever comes to the mailbox of bounces, it says nothing wrong and does no harm."""

from dataclasses import astuple

import pytest
from hypothesis import given, settings, strategies as st

from dashboard.mail.bounces import reports_of
from tests.mail.bounce_mails import away, in_html, many_parts, nested, of_gmail
from tests.mail.test_bounces_report import ADA, ID, PLAIN, report


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"\0" * 1000,
        b"Subject: hello\r\n\r\nHow are you?",
        away(ID),
        in_html(ADA, ID),
        report(PLAIN, status_type="text/plain"),
        report("nothing of the kind"),
        report(""),
        report(f"Final-Recipient: rfc822; {ADA}"),
        report(PLAIN).replace(b"multipart/report", b"multipart/mixed"),
        report(PLAIN).replace(b'boundary="=_x"', b"report-type=delivery-status"),
        report(PLAIN).replace(b"message/delivery-status", b"message/disposition-notification"),
        report("!" * 5, encoding="base64"),
        nested(3),
        nested(6000),
        many_parts(10_000),
        b"Content-Type: multipart/report; boundary=b\r\n\r\n" + b"--b\r\n" * 50_000,
        b"Content-Type: multipart/report; boundary=" + b'";' * 100_000,
        b"Content-Type: " + b"\r\n " * 80_000 + b"multipart/report",
        b": \r\n" * 60_000,
        b"a:\r\n" * 60_000,
    ],
    ids=range(22),
)
def test_what_is_no_report_says_nothing(raw: bytes) -> None:
    assert reports_of(raw) == []


SNIPPETS = st.sampled_from(
    [
        b"\r\n",
        b"\n\n",
        b"--b",
        b"--b--",
        b'Content-Type: multipart/report; boundary="b"\r\n',
        b"Content-Type: message/delivery-status\r\n\r\n",
        b"Content-Type: message/rfc822\r\n\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"Final-Recipient: utf-8; \\x{D800}@\\x{FFFFFF}\r\n",
        b"Original-Recipient: rfc822; +FF+00@example.org\r\n",
        b"Action: failed\r\nStatus: 5.1.1\r\n",
        b"Diagnostic-Code: smtp; 550 \xff\xfe <<<(((\r\n",
        b"Message-ID: <x@y>\r\n",
        b"=",
        b"\0",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(SNIPPETS | st.binary(max_size=20), max_size=40).map(b"".join))
def test_whatever_comes_nothing_is_ever_raised(raw: bytes) -> None:
    for found in reports_of(raw):
        assert all(isinstance(text, str) for text in astuple(found))
        assert found.names_no_mailbox in (True, False)
        assert all("@" in address for address in found.addresses)


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 3000), put=st.binary(max_size=12), gone=st.integers(0, 40))
def test_a_report_with_an_error_in_it_is_no_error(at: int, put: bytes, gone: int) -> None:
    whole = of_gmail(ADA, ID)

    for found in reports_of(whole[:at] + put + whole[at + gone :]):
        assert found.names_no_mailbox in (True, False)
