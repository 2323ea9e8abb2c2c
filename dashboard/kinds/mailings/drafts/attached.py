"""Files that travel with a mailing: copied from what somebody sent, so that they stay with it."""

import mimetypes
import uuid
from typing import Any, Final

from flask import current_app

from dashboard.jobs.old_attached import FOLDER
from dashboard.kinds.mailings.drafts.ledger import Changed, save
from dashboard.models import Mailing, MailingState, Upload, User
from dashboard.storage import Storage

MOST_MB: Final = 10  # of all files together, as they are before they are encoded
ANY_FILE: Final = "application/octet-stream"


class TooMuch(Exception):
    """All files together would be more than MOST_MB."""


def attach(mailing: Mailing, upload: Upload, *, by: User) -> Mailing:
    """Copy *upload* to the draft. Raises TooMuch, Changed, StorageError or FileNotFoundError."""
    if size_of(mailing) + upload.size > MOST_MB * 1_000_000:
        raise TooMuch
    storage: Storage = current_app.extensions["storage"]
    with storage.draft(f"{FOLDER}{uuid.uuid4()}") as draft:
        with storage.open(upload.key) as sent:
            draft.path.write_bytes(sent.read())  # At most MOST_MB.
        stored = draft.commit()
    kind = mimetypes.guess_type(upload.name)[0] or ANY_FILE
    file = {
        "name": upload.name,
        "media_type": kind,
        "key": stored.key,
        "size": stored.size,
        "sha256": stored.sha256,
    }
    try:
        return _keep(mailing, [*mailing.attachments, file], by=by)
    except BaseException:
        storage.delete(stored.key)
        raise


def remove(mailing: Mailing, key: str, *, by: User) -> Mailing:
    """Take a file from the draft; its bytes are swept once no mailing names them."""
    return _keep(mailing, [each for each in mailing.attachments if each["key"] != key], by=by)


def size_of(mailing: Mailing) -> int:
    """Give the bytes of all files together."""
    return sum(each["size"] for each in mailing.attachments)


def _keep(mailing: Mailing, files: list[dict[str, Any]], *, by: User) -> Mailing:
    """Save *files* instead of those that *mailing* had when it was read, whatever else changed."""
    before = mailing.attachments
    try:
        return save(mailing.id, mailing.version, by=by, attachments=files)
    except Changed as changed:
        now = changed.mailing
        if now.state != MailingState.DRAFT or now.attachments != before:
            raise
        return save(now.id, now.version, by=by, attachments=files)
