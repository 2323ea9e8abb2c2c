"""What the address of a mail server says."""

from pathlib import Path

import pytest

from dashboard.mail import MailError, OutboxCarrier, carrier_from_url
from dashboard.mail.smtp.settings import Settings


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", Settings("mail.example.org", 25)),
        ("smtps://mail.example.org", Settings("mail.example.org", 465, implicit_tls=True)),
        ("smtp://mail.example.org:587", Settings("mail.example.org", 587, starttls=True)),
        (
            "smtp://mara%40example.org:p%3Aw@h:2525",
            Settings("h", 2525, "mara@example.org", "p:w", starttls=True),
        ),
        ("smtp://h:587?starttls=never", Settings("h", 587)),
        ("smtp://h?starttls=require&ca=/a.pem", Settings("h", 25, starttls=True, ca="/a.pem")),
        ("smtp://h?timeout=2.5", Settings("h", 25, timeout=2.5, patience=2.5)),
    ],
)
def test_an_address_says_everything(url: str, expected: Settings) -> None:
    assert Settings.of(url) == expected


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("smtp://", "names no host"),
        ("smtp://h:port", "must be smtp://host:port"),
        ("smtp://h:99999", "must be smtp://host:port"),
        ("smtp://[::1", "must be smtp://host:port"),
        ("smtp://h?timeout=soon", "number of seconds"),
        ("smtp://h?timeout=0", "number of seconds"),
        ("smtp://h?timeout=nan", "number of seconds"),
        ("smtp://h?timeout=1e9", "number of seconds"),
        ("smtp://h?starttls=perhaps", "require or never"),
        ("smtps://h?starttls=never", "only for smtp://"),
        ("smtp://h?colour=red", "unknown option: colour"),
        ("pigeon:", "smtp://…, smtps://… or outbox:"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused(url: str, sentence: str) -> None:
    with pytest.raises(MailError, match=sentence):
        carrier_from_url(url, folder=Path())


def test_names_are_for_pages() -> None:
    assert Settings.of("smtp://u:secret@[::1]:25").name == "[::1]:25"
    assert "secret" not in repr(Settings.of("smtp://u:secret@h"))
    assert isinstance(carrier_from_url("outbox:", folder=Path()), OutboxCarrier)
