"""Keeps e-mails in a folder, to be read on the page /outbox: nothing leaves the house."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from threading import Event

from dashboard.mail.carrier import Outcome, Parcel
from dashboard.mail.letter import Letter, MailError
from dashboard.mail.mishaps import INTERRUPTED, KEPT, OUTBOX_UNWRITABLE, WITHHELD
from dashboard.mail.unreached import NoRound


@dataclass(frozen=True)
class Kept:
    """An e-mail in the outbox."""

    id: str
    at: datetime
    to: str
    subject: str
    text: str


class Outbox:
    """One .eml file a letter, named by time and Message-ID, so that one is never kept twice."""

    def __init__(self, folder: Path, sender: str) -> None:
        self.folder = folder
        self.sender = sender

    def send(self, letter: Letter) -> None:
        """Keep *letter* whole or not at all; raises MailError when it cannot be written."""
        body = letter.message(self.sender).as_bytes()
        try:
            _keep(self.folder, _name(letter.date, letter.message_id), body)
        except OSError as error:
            raise MailError(f"The outbox cannot be written: {error.strerror}.") from error

    def read(self, limit: int = 200) -> list[Kept]:
        """Give the newest *limit* e-mails, newest first."""
        paths = sorted(self.folder.glob("*.eml"), reverse=True)[:limit]
        return [_kept(path) for path in paths]

    def get(self, letter_id: str) -> Kept | None:
        """Give one e-mail by its id, or None."""
        path = self.folder / f"{letter_id}.eml"
        if path.parent != self.folder or not path.is_file():
            return None
        return _kept(path)


class OutboxCarrier:
    """Keeps each parcel as the outbox keeps a letter."""

    name = "outbox"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def round(self) -> Iterator["OutboxRound"]:
        """Give a round; raises NoRound where the folder cannot be made."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise NoRound(OUTBOX_UNWRITABLE) from error
        yield OutboxRound(self.folder)


class OutboxRound:
    """Writes parcels into *folder*, one after another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stopping = Event()

    def carry(
        self, parcels: Iterable[Parcel], may_leave: Callable[[Parcel], bool] = lambda parcel: True
    ) -> Iterator[Outcome]:
        """Give an outcome for each of *parcels*; one that cannot be written may be tried later."""
        source = iter(parcels)
        while not self._stopping.is_set():
            parcel = next(source, None)
            if parcel is None:
                return
            yield self._outcome(parcel) if may_leave(parcel) else Outcome("untried", 0, WITHHELD)

    def interrupt(self) -> None:
        """End before the next parcel."""
        self._stopping.set()

    def _outcome(self, parcel: Parcel) -> Outcome:
        if self._stopping.is_set():
            return Outcome("untried", 0, INTERRUPTED)
        headers = BytesHeaderParser().parsebytes(parcel.body)
        message_id = str(headers["Message-ID"] or "").strip() or sha256(parcel.body).hexdigest()
        try:
            _keep(self._folder, _name(_date(headers["Date"]), message_id), parcel.body)
        except OSError:
            return Outcome("deferred", 0, OUTBOX_UNWRITABLE)
        return Outcome("sent", 250, KEPT)


def _name(date: datetime, message_id: str) -> str:
    stamp = date.strftime("%Y%m%dT%H%M%S")
    return f"{stamp}-{sha256(message_id.encode(errors='replace')).hexdigest()[:16]}.eml"


def _keep(folder: Path, name: str, body: bytes) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder)
    with open(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, folder / name)


def _date(header: object) -> datetime:
    """Give what a Date header says, else the beginning of all dates, which is always the same."""
    try:
        return parsedate_to_datetime(str(header))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def _kept(path: Path) -> Kept:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    at = _date(message["Date"])
    return Kept(path.stem, at, str(message["To"]), str(message["Subject"]), text)
