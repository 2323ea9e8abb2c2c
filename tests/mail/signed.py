"""Signers of the tests, and what a mail server finds of their signatures."""

from pathlib import Path
from typing import Any

import dkim

from dashboard.mail import Carrier, Parcel, carrier_from_url
from dashboard.mail.mime import Attached, Mailbox, Mould
from dashboard.mail.signing import Signers, signers_of
from tests.mail.keys import ed25519, key_file, rsa
from tests.mail.mime_messages import MARA, SENDER, written
from tests.mail.scripted import ScriptedServer
from tests.mail.second_opinion import holds

DOMAIN = "example.org"
FROM = Mailbox("events@example.org", "Events")
RICH: dict[str, Any] = {
    "to": Mailbox("mara@example.org", "Mara Müller"),
    "subject": "Ihre Umsätze",
    "text": "Hallo Mara,\n.\n  Ihre   Umsätze sind da. \n\n\n",
    "html": "<p>Hallo Mara</p>\n",
    "unsubscribe": "https://desk.example.org/u/1",
}


def signers(folder: Path, *, domain: str = DOMAIN, edwards: bool = False) -> Signers:
    """Give what signs for *domain* with RSA, on wish also with Ed25519."""
    keys = [f"{domain} m2026 {key_file(folder, rsa().pem())}"]
    if edwards:
        keys.append(f"{domain} e2026 {key_file(folder, ed25519(), 'edwards.pem')}")
    return signers_of(", ".join(keys))


def zone_of(found: Signers) -> dict[str, str]:
    """Give what the DNS says of the keys of *found*, by names."""
    return {key.record.name: key.record.value for key in found.keys}


def is_believed(message: bytes, zone: dict[str, str], nth: int = 0) -> bool:
    """Say whether mail servers believe the *nth* signature: two of them, which must agree."""

    def ask(name: bytes, timeout: int = 5) -> str | None:
        return zone.get(name.decode().removesuffix("."))

    try:
        one = bool(dkim.DKIM(message).verify(idx=nth, dnsfunc=ask))
    except dkim.ValidationError:
        one = False
    other = holds(message, zone, nth)
    assert one == other, message
    return one


def rich(**changes: Any) -> bytes:
    """Give a message that has all that is signed, and an attachment."""
    files = [Attached("Umsätze.csv", "text/csv", b"a;b\n1;2\n")]
    mould = Mould(FROM, reply_to=Mailbox("answers@example.org"), attachments=files)
    return written(mould, **RICH | changes)


def sent(
    carrier: Carrier, server: ScriptedServer, *messages: bytes, utf8: bool = False
) -> list[bytes]:
    """Give *messages* as the server has got them on one connection."""
    before = len(server.taken)
    parcels = [Parcel(SENDER.address, MARA.address, each, utf8) for each in messages]
    with carrier.round() as round_:
        assert [outcome.fate for outcome in round_.carry(parcels)] == ["sent"] * len(messages)
    return [message.body for message in server.taken[before:]]


def carrier_to(server: ScriptedServer, found: Signers) -> Carrier:
    """Give what carries to *server* and signs with *found*."""
    url = f"smtp://127.0.0.1:{server.port}?timeout=30"
    return carrier_from_url(url, folder=Path(), sign=found.signed)
