"""One letter by SMTP to a real server, and each way that it can go wrong."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from dashboard.mail import Letter, MailError, MailRefused, MailUncertain, SmtpMailer
from tests.mail.mail_server import mail_server
from tests.servers import free_port

LETTER = Letter(
    to="mara@example.org",
    to_name="Mara Müller",
    subject="Umsätze im Oktober sind fertig 🎉",
    text="Hallo Mara,\n.\neine Zeile, die mit einem Punkt beginnt\n",
    message_id="<r-1@bellhop.invalid>",
    date=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
)


class Server:
    """Answers with what a test wants and keeps what it took."""

    def __init__(self, rcpt: str = "250 OK", data: str = "250 OK") -> None:
        self.rcpt = rcpt
        self.data = data
        self.taken: list[bytes] = []

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's own name.
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        return self.data


@contextmanager
def serving(handler: Server) -> Iterator[SmtpMailer]:
    """Run a server and give a mailer for it."""
    with mail_server(handler) as port:
        yield SmtpMailer(f"smtp://127.0.0.1:{port}", "Bellhop <desk@example.org>")


def test_a_letter_arrives_as_it_was_written() -> None:
    handler = Server()
    with serving(handler) as mailer:
        mailer.send(LETTER)
    message = message_from_bytes(handler.taken[0], policy=policy.default)
    assert message["Message-ID"] == LETTER.message_id
    assert message["Subject"] == LETTER.subject
    assert message["To"] == "Mara Müller <mara@example.org>"
    assert message.get_content().replace("\r\n", "\n") == LETTER.text


def test_a_refused_recipient_is_refused_for_good() -> None:
    handler = Server(rcpt="550 No such user")
    with serving(handler) as mailer, pytest.raises(MailRefused, match="550"):
        mailer.send(LETTER)


def test_a_busy_server_may_be_tried_again() -> None:
    handler = Server(rcpt="450 Come back later")
    with serving(handler) as mailer, pytest.raises(MailError, match="450") as caught:
        mailer.send(LETTER)
    assert not isinstance(caught.value, MailRefused | MailUncertain)


def test_nobody_listening_may_be_tried_again() -> None:
    mailer = SmtpMailer(f"smtp://127.0.0.1:{free_port()}", "desk@example.org")
    with pytest.raises(MailError, match="does not answer") as caught:
        mailer.send(LETTER)
    assert not isinstance(caught.value, MailUncertain)


def test_a_connection_that_breaks_after_the_body_is_uncertain() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=take_body_and_hang_up, args=(listener,))
        thread.start()
        mailer = SmtpMailer(f"smtp://127.0.0.1:{listener.getsockname()[1]}", "desk@example.org")
        with pytest.raises(MailUncertain):
            mailer.send(LETTER)
        thread.join()


def take_body_and_hang_up(listener: socket.socket) -> None:
    """Answer until the body has come, then close without a word."""
    connection, _ = listener.accept()
    with connection, connection.makefile("rwb", buffering=0) as file:
        file.write(b"220 hello\r\n")
        for line in file:
            if line.upper().startswith(b"DATA"):
                file.write(b"354 go on\r\n")
            elif line == b".\r\n":
                return
            elif line.upper().startswith((b"EHLO", b"MAIL", b"RCPT")):
                file.write(b"250 ok\r\n")


def test_a_header_cannot_be_smuggled_in() -> None:
    letter = Letter(
        to="mara@example.org",
        to_name="Mara\r\nBcc: all@example.org",
        subject="A title\r\nBcc: all@example.org",
        text="x",
        message_id="<r-2@bellhop.invalid>",
        date=LETTER.date,
    )
    message = letter.message("desk@example.org")
    assert message["Bcc"] is None


def test_a_bad_address_is_refused_before_anything_is_sent() -> None:
    letter = Letter("no address", "Mara", "x", "x", "<r-3@bellhop.invalid>", LETTER.date)
    with pytest.raises(MailRefused, match="no e-mail address"):
        letter.message("desk@example.org")
