"""Opens where the recipients of a mailing come from, for a person or for the desk itself."""

import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import current_app
from sqlalchemy import ColumnElement, select

from dashboard.extensions import db
from dashboard.jobs.contacts.find import list_of
from dashboard.jobs.errors import Permanent, Transient
from dashboard.jobs.sight import seen_by
from dashboard.jobs.uploads import AWAY, open_upload
from dashboard.kinds.mailings.audience.choice import Audience
from dashboard.models import Artifact, ContactList, Job, User
from dashboard.storage import Damaged, Storage, StorageError, prove
from dashboard.words import marked

FORMATS: Final = ("csv", "xlsx", "jsonl")
"""What finished files are read for their recipients."""

NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")
SHOWN: Final = 20
NO_FILE: Final = marked("This file is not kept any more.")
NO_LIST: Final = marked("This contact list does not exist any more, or you may not see it.")
LIST_GONE: Final = marked("This contact list does not exist any more.")
DAMAGED: Final = marked("This file was damaged on disk.")
CHOOSE_AGAIN: Final = marked("Choose where the recipients come from again.")


@dataclass(frozen=True)
class OpenFile:
    """A file at hand; *format* is that of a job's file, "" for one that was sent."""

    path: Path
    name: str
    size: int
    format: str = ""
    rows: int | None = None


@contextmanager
def open_file(
    audience: Audience, person: User | None, *, proven: bool = False
) -> Iterator[OpenFile]:
    """Give the file of *audience*, which *person* may read.

    *person* is None for a mailing that has it already: whoever chose it was allowed to. *proven*
    reads all of it against its checksum first. Raises Permanent and Transient.
    """
    if audience.origin == "upload":
        with open_upload(audience.id, person, proven=proven) as sent:
            yield OpenFile(sent.path, sent.name, sent.size)
        return
    made = find_made(audience.id, person)
    if made is None:
        raise Permanent(NO_FILE, next=CHOOSE_AGAIN)
    storage: Storage = current_app.extensions["storage"]
    try:
        with storage.open(made.key) as file:
            if proven:
                prove(file, made.size, made.sha256)
    except FileNotFoundError:
        raise Permanent(NO_FILE, next=CHOOSE_AGAIN) from None
    except Damaged as error:
        raise Permanent(DAMAGED, next=CHOOSE_AGAIN) from error
    except (OSError, StorageError) as error:
        raise Transient(AWAY) from error
    with storage.at_hand(made.key) as path:
        yield OpenFile(path, made.name, made.size, made.format, made.rows)


def find_list(audience: Audience, person: User | None) -> ContactList:
    """Give the contact list of *audience*, which *person* may see; raises Permanent."""
    if not NUMBER.fullmatch(audience.id):
        raise Permanent(NO_LIST, next=CHOOSE_AGAIN)
    list_id = int(audience.id)
    if person is not None:
        found = list_of(list_id, person)
    else:
        found = db.session.get(ContactList, list_id, populate_existing=True)
    if found is None:
        raise Permanent(LIST_GONE if person is None else NO_LIST, next=CHOOSE_AGAIN)
    return found


def find_made(artifact_id: str, person: User | None) -> Artifact | None:
    """Give the file that a job has made, which *person* may see and which is still there."""
    try:
        known = uuid.UUID(artifact_id)
    except ValueError:
        return None
    query = select(Artifact).where(Artifact.id == known, *_fit())
    if person is not None:
        query = query.join(Job, Job.id == Artifact.job_id).where(seen_by(person))
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def newest_made(person: User) -> Sequence[Artifact]:
    """Give the person's own newest finished files that recipients can come from."""
    query = (
        select(Artifact)
        .join(Job, Job.id == Artifact.job_id)
        .where(Job.requested_by_id == person.id, Job.family != "mailings", *_fit())
        .order_by(Artifact.created_at.desc(), Artifact.position)
        .limit(SHOWN)
    )
    return db.session.scalars(query).all()


def _fit() -> tuple[ColumnElement[bool], ...]:
    return (
        Artifact.format.in_(FORMATS),
        Artifact.deleted_at.is_(None),
        Artifact.damaged_at.is_(None),
    )
