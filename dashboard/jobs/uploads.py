"""Uploads: files that people sent, kept as they arrive, as pages and workers read them."""

import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from flask import current_app

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.jobs.errors import Permanent, Transient
from dashboard.models import Upload, User, clock, transaction
from dashboard.models.upload import NAME_LIMIT
from dashboard.storage import Damaged, Storage, StorageError, aside, measure, prove
from dashboard.words import marked

FOLDER: Final = "uploads/"  # Where the storage keeps them: the begin of their keys.
GONE = marked("The file that was sent is not kept any more.")
DAMAGED = marked("The file that was sent was damaged on disk, so it is not read.")
AWAY = marked("The disk on which files are kept does not answer.")
SEND_AGAIN = marked("Send the file again.")
# What is no part of a name: folders before it, and signs that cannot be seen or turn the line.
FOLDERS = re.compile(r".*[/\\]", re.DOTALL)
UNSEEN = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]"
)


class Empty(Exception):
    """A file without a single byte."""


@dataclass(frozen=True)
class SentFile:
    """The bytes of an upload at hand: *path* is a file of this machine, not to be changed."""

    path: Path
    name: str
    size: int
    sha256: str


def keep_upload(
    name: str, blocks: Iterable[bytes], *, by_id: int, address: str | None = None
) -> Upload:
    """Store the file whose *blocks* arrive, for the person *by_id*: all of it, or nothing.

    Raises Empty, StorageFull, StorageError, and what *blocks* raises. No transaction is open while
    the blocks are waited for.
    """
    storage: Storage = current_app.extensions["storage"]
    upload_id = uuid.uuid4()
    with storage.draft(f"{FOLDER}{upload_id}") as draft:
        with draft.path.open("xb") as file:
            for block in blocks:
                aside(file.write, block)
            if not file.tell():
                raise Empty
        stored = aside(draft.commit)
    try:
        with transaction() as session:
            now = clock()
            upload = Upload(
                id=upload_id,
                name=plain_name(name),
                key=stored.key,
                size=stored.size,
                sha256=stored.sha256,
                uploaded_by_id=by_id,
                created_at=now,
                expires_at=now + timedelta(days=current_app.config["KEEP_UPLOADS_DAYS"]),
            )
            session.add(upload)
            by = session.get_one(User, by_id)
            detail = {"upload": str(upload_id), "name": upload.name, "size": upload.size}
            audit.record("upload.send", by=by, address=address, detail=detail)
    except BaseException:
        storage.delete(stored.key)
        raise
    return upload


def find_upload(upload_id: uuid.UUID | str | None, user: User) -> Upload | None:
    """Give the upload that *user* may read: their own, or anybody's for an administrator.

    None for any other, one whose time is over, and what is no id at all.
    """
    found = _kept(upload_id)
    if found is None or found.expires_at <= clock():
        return None
    return found if user.is_admin or found.uploaded_by_id == user.id else None


@contextmanager
def open_upload(
    upload_id: uuid.UUID | str | None, user: User | None, *, proven: bool = False
) -> Iterator[SentFile]:
    """Give the file of an upload that *user* may read.

    *user* is None for a worker, whose job was allowed to name it when it was started: while the
    job is not over its upload stays, whatever its time. *proven* reads all of it against its
    checksum first, which a worker does once. Raises Permanent where it is gone or damaged, and
    Transient while the storage is away.
    """
    found = _kept(upload_id) if user is None else find_upload(upload_id, user)
    if found is None:
        raise Permanent(GONE, next=SEND_AGAIN)
    storage: Storage = current_app.extensions["storage"]
    try:
        with storage.open(found.key) as file:
            if proven:
                prove(file, found.size, found.sha256)
            else:
                measure(file, found.size)
    except FileNotFoundError:
        raise Permanent(GONE, next=SEND_AGAIN) from None
    except Damaged as error:
        raise Permanent(DAMAGED, next=SEND_AGAIN) from error
    except (OSError, StorageError) as error:
        raise Transient(AWAY) from error
    with storage.at_hand(found.key) as path:
        yield SentFile(path, found.name, found.size, found.sha256)


def plain_name(name: str) -> str:
    """Give the name that a browser or a program sent, as one line without folders."""
    line = UNSEEN.sub("", FOLDERS.sub("", name)).strip()
    if len(line) > NAME_LIMIT:
        stem, dot, ending = line.rpartition(".")
        ending = f"…{dot}{ending}" if stem and len(ending) <= 10 else "…"
        line = line[: NAME_LIMIT - len(ending)] + ending
    return line or "file"


def _kept(upload_id: uuid.UUID | str | None) -> Upload | None:
    try:
        known = upload_id if isinstance(upload_id, uuid.UUID) else uuid.UUID(str(upload_id))
    except ValueError:
        return None
    found = db.session.get(Upload, known)
    return found if found is not None and found.deleted_at is None else None
