"""What jobs have attached, at hand for pages and for other jobs."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.errors import Permanent, Transient
from dashboard.models import Attachment
from dashboard.storage import Damaged, Storage, StorageError, prove


def has_attached(job_id: uuid.UUID, name: str) -> bool:
    """Whether the job has ever attached a file *name*, be it still kept or not."""
    query = select(Attachment.id).where(Attachment.job_id == job_id, Attachment.name == name)
    return db.session.scalars(query).first() is not None


@contextmanager
def at_hand(
    job_id: uuid.UUID, name: str, gone: Permanent, *, damaged: Permanent | None = None
) -> Iterator[Path]:
    """Give the file *name* that the job *job_id* has attached.

    Raises *gone* where it is, and Transient while the storage is away. With *damaged* all of it is
    read against its checksum first, and that is raised where it is another one.
    """
    query = select(Attachment).where(
        Attachment.job_id == job_id, Attachment.name == name, Attachment.deleted_at.is_(None)
    )
    found = db.session.scalars(query).first()
    if found is None:
        raise gone
    storage: Storage = current_app.extensions["storage"]
    try:
        if damaged is not None:
            with storage.open(found.key) as file:
                prove(file, found.size, found.sha256)
        with storage.at_hand(found.key) as path:
            yield path
    except FileNotFoundError:
        raise gone from None
    except Damaged as error:
        raise (damaged or Transient(str(error))) from error
    except StorageError as error:
        raise Transient(str(error)) from error
