"""Reports of mail servers are understood, as each of them writes them."""

from dataclasses import astuple

import pytest

from dashboard.mail.bounces import Report, reports_of
from tests.mail.bounce_mails import (
    lines,
    of_exchange,
    of_gmail,
    of_postfix,
)

ADA = "ada@example.net"
ID = "<ml-3.17.0f1e2d3c4b5a@example.org>"


def only(raw: bytes) -> Report:
    """Give the one report in *raw*."""
    (report,) = reports_of(raw)
    return report


def report(fields: str, *, returned: str = f"To: {ADA}\nMessage-ID: {ID}\n", **more: str) -> bytes:
    """Give a message with a report of *fields*; *more* are its media types and encodings."""
    return lines(
        f"""Content-Type: multipart/report; boundary="=_x"

--=_x
Content-Type: text/plain

No.
--=_x
Content-Type: {more.get("status_type", "message/delivery-status")}
Content-Transfer-Encoding: {more.get("encoding", "7bit")}

{fields}
--=_x
Content-Type: {more.get("returned_type", "text/rfc822-headers")}

{returned}
--=_x--
"""
    )


PLAIN = f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; {ADA}\nAction: failed\nStatus: 5.1.1\n"


def test_a_report_of_postfix_says_all() -> None:
    found = only(of_postfix(ADA, ID, original="ada@example.com", header_to="Ada <a@example.org>"))

    assert astuple(found) == (
        *(ADA, "ada@example.com", "a@example.org", "failed", "5.1.1"),
        f"550 5.1.1 <{ADA}>: Recipient address rejected: User unknown",
        ID,
    )
    assert found.addresses == (ADA, "ada@example.com", "a@example.org")
    assert found.has_failed
    assert found.names_no_mailbox


def test_a_report_of_exchange_and_one_of_gmail_say_as_much() -> None:
    exchange, gmail = only(of_exchange(ADA, ID)), only(of_gmail(ADA, ID))

    for found, status in ((exchange, "5.1.10"), (gmail, "5.1.1")):
        assert (found.final, found.to, found.action, found.status) == (ADA, ADA, "failed", status)
        assert found.message_id == ID
        assert found.names_no_mailbox
    assert exchange.diagnostic == (
        f"550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {ADA} not found by SMTP address"
        " lookup"
    )
    assert gmail.diagnostic.startswith("550-5.1.1 The email account that you tried to reach")


@pytest.mark.parametrize(
    ("status", "said", "ends"),
    [
        ("5.1.1", "550 5.1.1 User unknown", True),
        ("5.1.1", "no words of a server", True),
        ("5.0.0", "550 5.1.1 No such user", True),
        ("5.0.0", "550 no such user here", True),
        ("5.1.2", "Host not found", True),
        ("5.2.1", "550 5.2.1 mailbox disabled", True),
        ("5.2.2", "552 5.2.2 Mailbox full", False),
        ("5.3.4", "552 5.3.4 Message too large", False),
        ("5.7.1", "554 5.7.1 Message refused as spam", False),
        ("5.7.26", "550-5.7.26 This mail is unauthenticated (SPF, DKIM)", False),
        ("5.4.4", "Host or domain name not found", False),
        ("5.0.0", "554 refused", False),
        ("4.4.7", "delivery time expired", False),
        ("4.1.1", "450 4.1.1 user unknown", False),
        ("", "what", False),
    ],
)
def test_only_an_address_that_does_not_exist_ends_all_e_mails_to_it(
    status: str, said: str, ends: bool
) -> None:
    found = only(of_postfix(ADA, ID, status=status, said=said))

    assert found.has_failed
    assert found.names_no_mailbox is ends


@pytest.mark.parametrize(
    ("action", "failed", "delayed"),
    [
        ("failed", True, False),
        ("Failed (for good)", True, False),
        ("delayed", False, True),
        ("delivered", False, False),
        ("relayed", False, False),
        ("expanded", False, False),
        ("fail", False, False),
        ("", False, False),
    ],
)
def test_what_was_done_is_told_apart(action: str, failed: bool, delayed: bool) -> None:
    found = only(of_postfix(ADA, ID, action=action))

    assert (found.has_failed, found.is_delayed) == (failed, delayed)
    assert found.names_no_mailbox is failed


def test_each_recipient_of_a_report_is_a_record() -> None:
    fields = PLAIN + "\n\nOriginal-Recipient: rfc822;bo@example.net\nAction: delayed\nStatus: 4.4.1"

    ada, bo = reports_of(report(fields))

    assert (ada.final, ada.original, ada.action) == (ADA, "", "failed")
    assert (bo.final, bo.original, bo.action, bo.status) == (
        *("", "bo@example.net"),
        *("delayed", "4.4.1"),
    )
    assert {ada.message_id, bo.message_id} == {ID}


def test_a_crowd_of_recipients_is_not_looked_at_to_its_end() -> None:
    crowd = "Reporting-MTA: dns; mx\n" + "".join(
        f"\nFinal-Recipient: rfc822; p{number}@example.net\nAction: failed\n"
        for number in range(5000)
    )

    assert len(reports_of(report(crowd))) == 50


@pytest.mark.parametrize(
    ("field", "addresses"),
    [
        ("Final-Recipient: RFC822;\n ada@example.net", [ADA]),
        ("Final-Recipient: ada@example.net", [ADA]),
        ("Final-Recipient: rfc822; <ada@example.net>", [ADA]),
        ("Final-Recipient: rfc822; Ada <ada@example.net>", [ADA]),
        (r"Final-Recipient: utf-8; j\x{F6}rg@example.net", ["jörg@example.net"]),
        ("Final-Recipient: utf-8; jörg@bücher.example", ["jörg@bücher.example"]),
        (r"Final-Recipient: utf-8; a\x{110000}\x{D800}@b.example", ["a\ufffd\ufffd@b.example"]),
        (
            "Original-Recipient: rfc822;ada+2Bnews+40home@example.net",
            ["ada+2Bnews+40home@example.net", "ada+news@home@example.net"],
        ),
        ("Final-Recipient: x400; /c=de/s=ada", []),
        ("Final-Recipient: rfc822; nobody", []),
        (f"Final-Recipient: rfc822; {'a' * 320}@example.net", []),
    ],
)
def test_addresses_are_read_as_servers_write_them(field: str, addresses: list[str]) -> None:
    fields = f"Reporting-MTA: dns; mx\n\n{field}\nAction: failed\nStatus: 5.1.1\n"

    found = only(report(fields, returned=f"Message-ID: {ID}\n"))

    assert list(found.addresses) == addresses


@pytest.mark.parametrize(
    ("returned_type", "returned"),
    [
        ("message/rfc822", f"Message-ID: {ID}\n\nDear Ada"),
        ("message/global", f"Message-Id:{ID}"),
        ("message/global-headers", f"message-id: {ID} (our own)"),
        ("text/rfc822-headers", f"X-Message-ID: <other@example.org>\nMessage-ID: {ID}"),
        ("text/rfc822-headers; charset=utf-8", f"Message-ID: {ID}\nMessage-ID: <2@example.org>"),
    ],
)
def test_the_id_is_that_of_the_e_mail_that_came_back(returned_type: str, returned: str) -> None:
    assert only(report(PLAIN, returned=returned, returned_type=returned_type)).message_id == ID


def test_where_nothing_came_back_the_id_is_where_servers_name_it() -> None:
    nothing = {"returned": "Dear Ada", "returned_type": "text/plain"}
    named = PLAIN.replace("\n\n", f"\nX-Original-Message-ID: {ID}\n\n")

    assert only(report(named, **nothing)).message_id == ID
    assert only(f"In-Reply-To: {ID}\r\n".encode() + report(PLAIN, **nothing)).message_id == ID
    assert only(report(PLAIN, **nothing)).message_id == ""


def test_a_report_in_another_alphabet_and_encoding_is_read() -> None:
    quoted = report(
        PLAIN.replace("5.1.1", "5=2E1.1"),
        status_type="message/global-delivery-status",
        encoding="quoted-printable",
    )
    encoded = report(
        "UmVwb3J0aW5nLU1UQTogZG5zOyBteAoKRmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGFkYUBleGFt\n"
        "cGxlLm5ldApBY3Rpb246IGZhaWxlZApTdGF0dXM6IDUuMS4xCg==\n",
        encoding="BASE64",
    )

    assert only(quoted) == only(encoded) == only(report(PLAIN))


def test_a_report_that_a_gateway_has_wrapped_is_found() -> None:
    wrapped = b"Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n"
    foot = b"\r\n--outer\r\nContent-Type: text/plain\r\n\r\nScanned.\r\n--outer--\r\n"

    assert only(wrapped + report(PLAIN) + foot) == only(report(PLAIN))


def test_a_boundary_that_begins_like_another_is_another() -> None:
    inner = report(PLAIN).replace(b"=_x", b"=_xy")
    raw = b'Content-Type: multipart/mixed; boundary="=_x"\r\n\r\n--=_x\r\n' + inner + b"--=_x--"

    assert only(raw) == only(report(PLAIN))


@pytest.mark.parametrize("whole", [of_postfix(ADA, ID), of_exchange(ADA, ID), of_gmail(ADA, ID)])
def test_a_report_that_was_cut_off_says_what_is_left_of_it_or_nothing(whole: bytes) -> None:
    (full,) = reports_of(whole)
    for end in range(0, len(whole), 7):
        for found in reports_of(whole[:end]):
            assert found.final in (full.final, "") or full.final.startswith(found.final)
            assert found.message_id == "" or ID.startswith(found.message_id[:-1])
