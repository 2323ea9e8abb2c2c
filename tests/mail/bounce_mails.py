"""Reports as mail servers write them, and what else comes to the mailbox to which they go."""

from typing import Final

FROM_US: Final = "bounces@example.org"


def lines(text: str) -> bytes:
    """Give *text* as it travels."""
    return text.replace("\n", "\r\n").encode()


def of_postfix(
    to: str,
    message_id: str,
    *,
    status: str = "5.1.1",
    said: str = "550 5.1.1 <{to}>: Recipient address rejected: User unknown",
    action: str = "failed",
    header_to: str = "",
    original: str = "",
) -> bytes:
    """Give a report as Postfix forms it, with the head of the e-mail."""
    said = said.format(to=to)
    original = f"Original-Recipient: rfc822;{original}\n" if original else ""
    return lines(
        f"""Return-Path: <>
Received: by mx.example.org (Postfix)
\tid 4F1C2E0; Sun, 22 Nov 2026 10:15:02 +0000 (UTC)
Date: Sun, 22 Nov 2026 10:15:02 +0000 (UTC)
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {FROM_US}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="9B2A4E1.1795342502/mx.example.org"
Content-Transfer-Encoding: 8bit
Message-Id: <20261122101502.4F1C2E0@mx.example.org>

This is a MIME-encapsulated message.

--9B2A4E1.1795342502/mx.example.org
Content-Description: Notification
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

This is the mail system at host mx.example.org.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<{to}>: host mail.example.net[192.0.2.25] said: {said}
    (in reply to RCPT TO command)

--9B2A4E1.1795342502/mx.example.org
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 9B2A4E1
X-Postfix-Sender: rfc822; {FROM_US}
Arrival-Date: Sun, 22 Nov 2026 10:15:01 +0000 (UTC)

Final-Recipient: rfc822; {to}
{original}Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; {said}

--9B2A4E1.1795342502/mx.example.org
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: 8bit

Return-Path: <{FROM_US}>
From: Events <events@example.org>
To: {header_to or to}
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
Message-ID: {message_id}
Date: Sun, 22 Nov 2026 10:15:00 +0000

--9B2A4E1.1795342502/mx.example.org--
"""
    )


def of_exchange(to: str, message_id: str) -> bytes:
    """Give a report as Exchange Online forms it: HTML, folded fields, the e-mail as a whole."""
    return lines(
        f"""From: <postmaster@contoso.example>
To: <{FROM_US}>
Date: Sun, 22 Nov 2026 10:16:10 +0000
Content-Type: multipart/report; report-type=delivery-status;
 boundary="_c2f1b1f0-8f66-4e52-9c1d-000000000001_"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-US
Message-ID: <5a2e4f1c-0000@contoso.example>
In-Reply-To: {message_id}
References: {message_id}
Subject: Undeliverable: Come to the fair
Auto-Submitted: auto-replied
MIME-Version: 1.0

--_c2f1b1f0-8f66-4e52-9c1d-000000000001_
Content-Type: multipart/alternative; differences=Content-Type;
 boundary="_1d6f8f3e-0000-0000-0000-000000000002_"

--_1d6f8f3e-0000-0000-0000-000000000002_
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message to {to} couldn't be delivered.=20

--_1d6f8f3e-0000-0000-0000-000000000002_
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

<html><body><p>Your message couldn't be delivered.</p></body></html>

--_1d6f8f3e-0000-0000-0000-000000000002_--

--_c2f1b1f0-8f66-4e52-9c1d-000000000001_
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR01MB0001.eurprd01.prod.exchangelabs.com
Received-From-MTA: dns;mx.example.org
Arrival-Date: Sun, 22 Nov 2026 10:16:09 +0000

Final-Recipient: rfc822;{to}
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient
 {to} not found by SMTP address lookup

--_c2f1b1f0-8f66-4e52-9c1d-000000000001_
Content-Type: message/rfc822

Received: from mx.example.org (192.0.2.1) by AM0PR01MB0001
 (2603:10a6::1) with Microsoft SMTP Server; Sun, 22 Nov 2026 10:16:09 +0000
From: Events <events@example.org>
To: {to}
Subject: Come to the fair
Message-ID:
 {message_id}
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain

Dear Ada, come to the fair.

--inner--

--_c2f1b1f0-8f66-4e52-9c1d-000000000001_--
"""
    )


def of_gmail(to: str, message_id: str) -> bytes:
    """Give a report as Gmail forms it: a picture, an answer of many lines, the id named twice."""
    return lines(
        f"""Delivered-To: {FROM_US}
Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: {FROM_US}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: {message_id}
In-Reply-To: {message_id}
X-Failed-Recipients: {to}
Message-ID: <65607c1e.050a0220.00001.GMR@mx.google.com>
Date: Sun, 22 Nov 2026 02:17:02 -0800 (PST)
Content-Type: multipart/report; boundary="000000000000a1b2c3060af0e1d2"; report-type=delivery-status

--000000000000a1b2c3060af0e1d2
Content-Type: multipart/related; boundary="000000000000a1b2c8060af0e1da"

--000000000000a1b2c8060af0e1da
Content-Type: text/html; charset="UTF-8"

<html><body>Address not found</body></html>

--000000000000a1b2c8060af0e1da
Content-Type: image/png; name="icon.png"
Content-Transfer-Encoding: base64
Content-ID: <icon.png>

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=

--000000000000a1b2c8060af0e1da--
--000000000000a1b2c3060af0e1d2
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Received-From-MTA: dns; {FROM_US}
Arrival-Date: Sun, 22 Nov 2026 02:17:01 -0800 (PST)
X-Original-Message-ID: {message_id}

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1
Remote-MTA: dns; gmail-smtp-in.l.google.com. (142.250.0.26, the server for the domain gmail.com.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please
 550-5.1.1 try double-checking the recipient's email address for typos or
 550-5.1.1 unnecessary spaces. For more information, go to
 550 5.1.1  https://support.google.com/mail/?p=NoSuchUser a1-20020a5d - gsmtp
Last-Attempt-Date: Sun, 22 Nov 2026 02:17:02 -0800 (PST)

--000000000000a1b2c3060af0e1d2
Content-Type: message/rfc822

Return-Path: <{FROM_US}>
From: Events <events@example.org>
To: {to}
Message-ID: {message_id}
Subject: Come to the fair

Dear Ada

--000000000000a1b2c3060af0e1d2--
"""
    )


def away(message_id: str) -> bytes:
    """Give the answer of somebody who is on holiday."""
    return lines(
        f"""From: Ada <ada@example.org>
To: {FROM_US}
Subject: Out of office: Come to the fair
In-Reply-To: {message_id}
Auto-Submitted: auto-replied
Content-Type: text/plain

I am away. Final-Recipient: rfc822; ada@example.org
Action: failed
Status: 5.1.1
"""
    )


def in_html(to: str, message_id: str) -> bytes:
    """Give a bounce that only people can read."""
    return lines(
        f"""From: postmaster@example.net
To: {FROM_US}
Subject: failure notice
In-Reply-To: {message_id}
Content-Type: text/html

<p>No such user: {to}</p><pre>Action: failed</pre>
"""
    )


def nested(depth: int) -> bytes:
    """Give a message of multiparts in one another."""
    head = b"".join(
        b'Content-Type: multipart/report; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
        for level in range(depth)
    )
    return head + b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n"


def many_parts(number: int) -> bytes:
    """Give a report of very many parts."""
    head = b"Content-Type: multipart/report; boundary=b\r\n\r\n"
    return head + b"--b\r\nContent-Type: text/plain\r\n\r\n\r\n" * number + b"--b--\r\n"
