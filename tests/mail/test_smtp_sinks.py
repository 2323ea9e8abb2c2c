"""Rounds to servers that others have written."""

import os
import shutil
import socket
import subprocess
import time
from email import message_from_bytes, policy

import pytest

from dashboard.mail import SmtpCarrier
from dashboard.mail.smtp.settings import Settings
from tests.mail.mail_server import mail_server
from tests.mail.parcels import fates, parcel
from tests.mail.test_smtp import Server
from tests.servers import free_port


def test_a_round_trip_through_another_hand_s_server() -> None:
    handler = Server()
    with mail_server(handler) as port:
        carrier = SmtpCarrier(Settings.of(f"smtp://127.0.0.1:{port}"))
        with carrier.round() as round_:
            parcels = [parcel(number, f"Hello {number}\r\n.\r\n.\r\n") for number in range(20)]
            assert fates(list(round_.carry(parcels))) == ["sent"] * 20
    assert handler.taken == [each.body for each in parcels]
    message = message_from_bytes(handler.taken[3], policy=policy.default)
    assert message["To"] == "r3@example.org"


@pytest.mark.skipif(shutil.which("smtp-sink") is None, reason="Postfix’s smtp-sink is not here.")
def test_postfix_s_own_sink_takes_a_long_round() -> None:
    port = free_port()
    # It does not want to run as root, and only root can say as whom else.
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    sink = subprocess.Popen(["smtp-sink", *user, f"127.0.0.1:{port}", "100"])
    try:
        await_listener(sink, port)
        with SmtpCarrier(Settings.of(f"smtp://127.0.0.1:{port}")).round() as round_:
            parcels = (parcel(number) for number in range(500))
            assert fates(list(round_.carry(parcels))) == ["sent"] * 500
    finally:
        sink.terminate()
        sink.wait()


def await_listener(process: subprocess.Popen[bytes], port: int) -> None:
    """Return once *process* listens, which it tells nobody."""
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.01)
        else:
            return
