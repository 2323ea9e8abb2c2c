"""The outbox keeps what is carried to it."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from dashboard.mail import MailError, Outbox, Outcome, Parcel, carrier_from_url
from dashboard.mail.mishaps import INTERRUPTED, KEPT, OUTBOX_UNWRITABLE
from tests.mail.parcels import Pulled, fates


def parcel(number: int) -> Parcel:
    """Give a parcel of its own minute."""
    message = EmailMessage()
    message["To"] = f"r{number}@example.org"
    message["Subject"] = f"News {number} für alle"
    message["Message-ID"] = f"<m{number}@bellhop.invalid>"
    message["Date"] = f"Sat, 21 Nov 2026 09:{number:02}:00 +0000"
    message.set_content(f"Hello {number}\n.\n")
    message.add_alternative("<p>Hello</p>", subtype="html")
    body = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
    return Parcel("desk@example.org", f"r{number}@example.org", body)


def test_parcels_are_kept_and_read_back(tmp_path: Path) -> None:
    carrier = carrier_from_url("outbox:", folder=tmp_path / "outbox")
    with carrier.round() as round_:
        outcomes = list(round_.carry(parcel(number) for number in (1, 2, 3)))
    assert outcomes == [Outcome("sent", 250, KEPT)] * 3
    assert carrier.name == "outbox"
    kept = Outbox(tmp_path / "outbox", "desk@example.org").read()
    assert [each.subject for each in kept] == [f"News {number} für alle" for number in (3, 2, 1)]
    assert kept[0].text.replace("\r\n", "\n") == "Hello 3\n.\n"


def test_the_same_parcel_is_kept_once(tmp_path: Path) -> None:
    with carrier_from_url("outbox:", folder=tmp_path).round() as round_:
        assert fates(list(round_.carry([parcel(1), parcel(1)]))) == ["sent", "sent"]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_parcel_without_a_date_can_be_read(tmp_path: Path) -> None:
    with carrier_from_url("outbox:", folder=tmp_path).round() as round_:
        list(round_.carry(Pulled(2)))
    assert len(Outbox(tmp_path, "desk@example.org").read()) == 2


def test_an_outbox_that_cannot_be_made_gives_no_round(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MailError, match="cannot be written"):
        carrier_from_url("outbox:", folder=tmp_path / "file").round().__enter__()


def test_a_parcel_that_cannot_be_written_may_be_tried_later(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    with carrier_from_url("outbox:", folder=folder).round() as round_:
        folder.rmdir()
        folder.write_text("in the way")
        assert list(round_.carry([parcel(1)])) == [Outcome("deferred", 0, OUTBOX_UNWRITABLE)]


def test_an_interrupted_round_keeps_nothing_more(tmp_path: Path) -> None:
    with carrier_from_url("outbox:", folder=tmp_path).round() as round_:
        outcomes = round_.carry(Pulled(3))
        next(outcomes)
        round_.interrupt()
        assert list(outcomes) == []

        def parcels() -> Iterator[Parcel]:
            round_.interrupt()
            yield parcel(1)

    with carrier_from_url("outbox:", folder=tmp_path).round() as round_:
        assert list(round_.carry(parcels())) == [Outcome("untried", 0, INTERRUPTED)]
    assert len(list(tmp_path.iterdir())) == 1
