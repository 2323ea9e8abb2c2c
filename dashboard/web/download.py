"""Gives out the bytes of finished files: never half of one, never one that is damaged.

A file is held against its checksum while it is sent, and its last block leaves only when that is
right. Else the answer breaks off before its announced end: the browser reports a failed download.
"""

import logging
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import BinaryIO

from flask import Flask, abort, current_app, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from dashboard.jobs import audit, damage
from dashboard.models import Artifact, AuditEntry, clock, transaction
from dashboard.storage import Damaged, Storage, StorageError, measure, prove, proven, proven_part
from dashboard.web.access import address
from dashboard.words import gettext as _, marked, told

logger = logging.getLogger(__name__)

GONE = marked("This file was deleted when its time was over. You can run the job again.")
UNREADABLE = marked("This file could not be read. You can run the job again.")
DAMAGED = marked(
    "This file was damaged on disk, so it is not given out. You can run the job again."
)
# Up to this size a file is read in full before its first byte leaves, so that a page can say what
# is wrong with it; for a larger one that would take too long.
SMALL = 8 << 20
# Browsers fetch large files in parts; those within this time are one download.
PARTS_WITHIN = timedelta(hours=1)


def send(artifact: Artifact) -> ResponseReturnValue:
    """Give the bytes of *artifact* to the person; raises 410 for a deleted or damaged file."""
    file = opened(artifact)
    size, sha256 = artifact.size, artifact.sha256
    answer = send_file(
        file,
        mimetype=artifact.media_type,
        as_attachment=True,
        download_name=artifact.name,
        etag=sha256,
        last_modified=artifact.created_at,
        max_age=0,
        conditional=False,  # Only here is the length known that a Range needs.
    )
    answer.cache_control.private = True
    answer.call_on_close(file.close)
    answer.content_length = size
    try:
        answer.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        file.close()
        raise
    part = answer.content_range
    if part.start is None or part.stop is None:
        body = proven(file, size, sha256)
    else:
        body = proven_part(file, part.start, part.stop, size, sha256)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    answer.response = noted(app, artifact.id, body)
    answer.direct_passthrough = False
    if request.method == "GET" and answer.status_code in (200, 206):
        _record(artifact, part=answer.status_code == 206)
    return answer


def opened(artifact: Artifact, *, damaged: str = DAMAGED) -> BinaryIO:
    """Open the bytes of *artifact*; raises 410 where they are deleted, missing or *damaged*."""
    if artifact.deleted_at is not None:
        abort(410, _(GONE))
    storage: Storage = current_app.extensions["storage"]
    try:
        file = storage.open(artifact.key)
    except (OSError, StorageError) as error:
        logger.warning("The bytes of the file %s cannot be read: %s", artifact.id, error)
        if isinstance(error, FileNotFoundError):
            damage.note(artifact.id, "It is missing.")
        abort(410, _(UNREADABLE))
    if artifact.damaged_at is None:
        try:
            measure(file, artifact.size)
            if artifact.size <= SMALL:
                prove(file, artifact.size, artifact.sha256)
        except Damaged as error:
            damage.note(artifact.id, error)
        else:
            return file
    file.close()
    abort(410, told(damaged))


def noted(app: Flask, artifact_id: uuid.UUID, body: Iterator[bytes]) -> Iterator[bytes]:
    """Give *body*; where it breaks off because of damage, that is written down. Raises Damaged."""
    try:
        for block in body:
            yield block
            # Where one thread serves many, a reader who takes all at once would stop the others.
            time.sleep(0)
    except Damaged as error:
        with app.app_context():
            damage.note(artifact_id, error)
        raise


def _record(artifact: Artifact, *, part: bool) -> None:
    """Write the download down; the parts of one that goes on belong to the row of its begin."""
    action = "file.download"
    with transaction() as session:
        begun = select(AuditEntry.id).where(
            AuditEntry.at > clock() - PARTS_WITHIN,
            AuditEntry.action == action,
            AuditEntry.user_id == current_user.id,
            AuditEntry.artifact_id == artifact.id,
        )
        if part and session.scalars(begun.limit(1)).first() is not None:
            return
        audit.record(
            action,
            by=current_user,
            job=artifact.job,
            artifact_id=artifact.id,
            address=address(),
        )
