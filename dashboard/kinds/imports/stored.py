"""The findings of a check, where its job has put them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from flask import current_app
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.errors import Permanent, Transient
from dashboard.kinds.imports.findings import Findings
from dashboard.models import Attachment
from dashboard.sources.writing import Ready
from dashboard.storage import Damaged, Storage, StorageError, prove
from dashboard.words import marked

NAME: Final = "findings"
READY: Final = "ready rows"
EXTENSION: Final = "db"
GONE: Final = marked("What the check found is not kept any more.")
UNREADABLE: Final = marked("The rows that the check has made ready were damaged on disk.")
CHECK_AGAIN: Final = marked("Check the file again.")


@contextmanager
def ready_of(job_id: uuid.UUID) -> Iterator[Ready | None]:
    """Give the rows that the check *job_id* has made ready; None where it has made none.

    Raises Permanent where they are gone or damaged, and Transient while the storage is away.
    """
    query = select(Attachment).where(Attachment.job_id == job_id, Attachment.name == READY)
    found = db.session.scalars(query).first()
    if found is None:
        yield None
        return
    if found.deleted_at is not None:
        raise Permanent(GONE, next=CHECK_AGAIN)
    storage: Storage = current_app.extensions["storage"]
    try:
        with storage.open(found.key) as file:
            prove(file, found.size, found.sha256)
        with storage.at_hand(found.key) as path, Ready.open(path) as ready:
            yield ready
    except FileNotFoundError:
        raise Permanent(GONE, next=CHECK_AGAIN) from None
    except Damaged as error:
        raise Permanent(UNREADABLE, next=CHECK_AGAIN) from error
    except StorageError as error:
        raise Transient(str(error)) from error


@contextmanager
def findings_of(job_id: uuid.UUID) -> Iterator[Findings]:
    """Give the findings of the check *job_id*.

    Raises Permanent where they are gone, and Transient while the storage is away.
    """
    gone = Permanent(GONE, next=CHECK_AGAIN)
    with at_hand(job_id, NAME, gone) as path, Findings.read(path) as found:
        yield found


@contextmanager
def at_hand(job_id: uuid.UUID, name: str, gone: Permanent) -> Iterator[Path]:
    """Give the file *name* that the job *job_id* has attached.

    Raises *gone* where it is, and Transient while the storage is away.
    """
    query = select(Attachment.key).where(
        Attachment.job_id == job_id, Attachment.name == name, Attachment.deleted_at.is_(None)
    )
    key = db.session.scalars(query).first()
    if key is None:
        raise gone
    storage: Storage = current_app.extensions["storage"]
    try:
        with storage.at_hand(key) as path:
            yield path
    except FileNotFoundError:
        raise gone from None
    except StorageError as error:
        raise Transient(str(error)) from error
