"""Uploads whose time is over, or whose person is gone, are deleted, unless a job needs them."""

import logging
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, or_, select, update

from dashboard.extensions import db
from dashboard.jobs.uploads import FOLDER
from dashboard.models import ACTIVE, Job, Upload, User, clock, transaction
from dashboard.storage import Kept, Storage

logger = logging.getLogger(__name__)

BATCH = 200
# Whoever finds an upload just before its time is over has this long to start a job with it.
GRACE = timedelta(minutes=15)


def delete_expired_uploads() -> int:
    """Delete the bytes of uploads that were kept long enough; gives how many.

    Their rows stay, for the jobs that name them. An upload that a job which is not over names in
    its choice “upload” stays until that is over.
    """
    storage: Storage = current_app.extensions["storage"]
    old = or_(Upload.expires_at <= clock() - GRACE, _is_without_person())
    free = Upload.id.not_in(_needed())
    query = select(Upload.id, Upload.key).where(Upload.deleted_at.is_(None), old, free)
    expired = db.session.execute(query.limit(BATCH)).all()
    deleted = 0
    for row in expired:
        # First the row, then the bytes: no page may offer what is not there.
        with transaction() as session:
            if row.id in _needed():
                continue
            gone = update(Upload).where(Upload.id == row.id, Upload.deleted_at.is_(None))
            session.execute(gone.values(deleted_at=clock()))
        storage.delete(row.key)
        deleted += 1
    return deleted


def nameless(kept: Iterable[Kept]) -> list[str]:
    """Give the keys among *kept* of sent files that no row names and nobody will name.

    A row comes a moment after its bytes, and the ledger may have been put back to an older day:
    what it has never heard of is left for as long as any upload is kept.
    """
    found = {each.key: each for each in kept if each.key.startswith(FOLDER)}
    if not found:
        return []
    db.session.rollback()  # The present state, not that of a transaction which began before.
    rows = db.session.execute(
        select(Upload.key, Upload.deleted_at).where(Upload.key.in_(found))
    ).all()
    db.session.rollback()
    known = {row.key: row.deleted_at is not None for row in rows}
    limit = datetime.now(UTC) - timedelta(days=current_app.config["KEEP_UPLOADS_DAYS"])
    return [key for key, each in found.items() if known.get(key, each.written_at < limit)]


def _is_without_person() -> ColumnElement[bool]:
    return Upload.uploaded_by_id.in_(select(User.id).where(~User.active))


def _needed() -> set[uuid.UUID]:
    """Give the uploads that jobs which are not over name."""
    named = select(Job.params["upload"].as_string()).where(Job.state.in_(ACTIVE))
    found: set[uuid.UUID] = set()
    for text in db.session.scalars(named):
        with suppress(ValueError):
            found.add(uuid.UUID(text or ""))
    return found
