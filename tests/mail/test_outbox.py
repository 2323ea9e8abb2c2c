"""The outbox keeps letters to be read."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard import mail
from dashboard.mail import Letter, MailError, Outbox


def letter(number: int) -> Letter:
    """Give a letter of its own minute."""
    return Letter(
        to="mara@example.org",
        to_name="Mara",
        subject=f"Report {number}",
        text=f"It is ready: {number}\n",
        message_id=f"<r-{number}@bellhop.invalid>",
        date=datetime(2026, 11, 21, 9, number, tzinfo=UTC),
    )


def test_letters_are_kept_newest_first_and_read_back(tmp_path: Path) -> None:
    outbox = mail.from_url("outbox:", sender="desk@example.org", folder=tmp_path / "outbox")
    assert isinstance(outbox, Outbox)
    outbox.send(letter(1))
    outbox.send(letter(2))
    kept = outbox.read()
    assert [each.subject for each in kept] == ["Report 2", "Report 1"]
    found = outbox.get(kept[0].id)
    assert found is not None
    assert found.text.strip() == "It is ready: 2"


def test_the_same_letter_is_kept_once(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, "desk@example.org")
    outbox.send(letter(1))
    outbox.send(letter(1))
    assert len(outbox.read()) == 1


def test_a_letter_outside_of_the_folder_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "secret.eml").write_text("secret")
    assert Outbox(tmp_path / "outbox", "x@example.org").get("../secret") is None


def test_an_unknown_way_to_send_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MailError, match="smtp://"):
        mail.from_url("pigeon:", sender="x@example.org", folder=tmp_path)
