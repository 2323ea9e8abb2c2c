"""Keeps e-mails in a folder, to be read on the page /outbox: nothing leaves the house."""

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

from dashboard.mail.letter import Letter, MailError


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
        stamp = letter.date.strftime("%Y%m%dT%H%M%S")
        name = f"{stamp}-{sha256(letter.message_id.encode()).hexdigest()[:16]}.eml"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self.folder)
            with open(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self.folder / name)
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


def _kept(path: Path) -> Kept:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    at = parsedate_to_datetime(message["Date"])
    return Kept(path.stem, at, str(message["To"]), str(message["Subject"]), text)
