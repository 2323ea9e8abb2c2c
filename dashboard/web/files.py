"""Finished files: the list, the download, all as ZIP, where a file comes from."""

import logging
import uuid
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from io import RawIOBase
from typing import Any, BinaryIO
from urllib.parse import quote

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    render_template,
    request,
    send_file,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.jobs.running import speaking
from dashboard.models import Artifact, AuditEntry, clock, transaction
from dashboard.storage import Storage
from dashboard.web import lists
from dashboard.web.access import address, artifact_or_404, job_or_404, signed_in
from dashboard.web.filters import iso

logger = logging.getLogger(__name__)

bp = Blueprint("files", __name__)

GONE = "This file was deleted when its time was over. You can run the job again."
UNREADABLE = "This file could not be read. You can run the job again."
BLOCK = 1 << 18
# Browsers fetch large files in parts; those within this time are one download.
PARTS_WITHIN = timedelta(hours=1)


@bp.get("/files")
@signed_in
def index() -> ResponseReturnValue:
    """List the files that the person may download, newest first."""
    return render_template(
        "files/index.html",
        files=lists.files(current_user, limit=lists.FILES_PAGE),
        keep_days=current_app.config["KEEP_FILES_DAYS"],
    )


@bp.get("/files/<uuid:artifact_id>")
@signed_in
def download(artifact_id: uuid.UUID) -> ResponseReturnValue:
    """Give the file: with Range, ETag and a speaking name."""
    return send(artifact_or_404(artifact_id))


@bp.get("/files/<uuid:artifact_id>/provenance.json")
@signed_in
def provenance(artifact_id: uuid.UUID) -> ResponseReturnValue:
    """Give where a file comes from, to be kept beside it."""
    artifact = artifact_or_404(artifact_id)
    job = artifact.job
    answer = jsonify(
        file=artifact.name,
        sha256=artifact.sha256,
        size=artifact.size,
        rows=artifact.rows,
        job=job.number,
        title=job.title,
        choices=dict(job.choices),
        requested_by=job.requested_by.name,
        made_at=iso(artifact.created_at),
        data_as_of=job.result.get("data_as_of"),
        warnings=[*job.result.get("warnings", []), *artifact.warnings],
    )
    answer.headers["Content-Disposition"] = attachment(f"{artifact.name}.json")
    return answer


@bp.get("/jobs/<uuid:job_id>/files.zip")
@signed_in
def all_as_zip(job_id: uuid.UUID) -> ResponseReturnValue:
    """Give all files of a job in one ZIP, written while it is sent."""
    job = job_or_404(job_id)
    query = select(Artifact).where(Artifact.job_id == job.id).order_by(Artifact.position)
    artifacts = list(db.session.scalars(query))
    if not artifacts:
        abort(404, "This job has no files.")
    kept = [artifact for artifact in artifacts if artifact.deleted_at is None]
    if not kept:
        abort(410, GONE)
    for artifact in kept:
        # Here a missing file can still be said; in the middle of a ZIP it only breaks off.
        opened(artifact).close()
    names = [(artifact.name, artifact.key) for artifact in kept]
    if request.method == "GET":
        with transaction():
            audit.record("files.zip", by=current_user, job=job, address=address())
    storage: Storage = current_app.extensions["storage"]
    answer = Response(_zip(storage, names), mimetype="application/zip")
    answer.headers["Content-Disposition"] = attachment(f"{speaking(job.title)}.zip")
    return answer


def send(artifact: Artifact) -> ResponseReturnValue:
    """Give the bytes of *artifact* to the person; raises 410 for a deleted file."""
    if artifact.deleted_at is not None:
        abort(410, GONE)
    file = opened(artifact)
    answer = send_file(
        file,
        mimetype=artifact.media_type,
        as_attachment=True,
        download_name=artifact.name,
        etag=artifact.sha256,
        last_modified=artifact.created_at,
        max_age=0,
        conditional=False,  # Only here is the length known that a Range needs.
    )
    answer.content_length = artifact.size
    try:
        answer.make_conditional(request.environ, accept_ranges=True, complete_length=artifact.size)
    except RequestedRangeNotSatisfiable:
        file.close()
        raise
    if request.method == "GET" and answer.status_code in (200, 206):
        _record(artifact, part=answer.status_code == 206)
    return answer


def attachment(name: str) -> str:
    """Give the header that makes a browser keep an answer as *name*, of any letters (RFC 6266)."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename={plain}; filename*=UTF-8''{quote(name, safe='')}"


def opened(artifact: Artifact) -> BinaryIO:
    """Open the bytes of *artifact*; raises 410 where they are gone."""
    storage: Storage = current_app.extensions["storage"]
    try:
        return storage.open(artifact.key)
    except OSError:
        logger.warning("The bytes of the file %s cannot be read", artifact.id)
        abort(410, UNREADABLE)


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


class _Sink(RawIOBase):
    """Takes what zipfile writes and gives it on in pieces: nothing is kept."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """Take a piece; gives its length in bytes."""
        self.pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Give what was written since the last call."""
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)


def _zip(storage: Storage, names: list[tuple[str, str]]) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, key in names:
            with storage.open(key) as file, archive.open(name, "w", force_zip64=True) as member:
                while block := file.read(BLOCK):
                    member.write(block)
                    yield sink.taken()
            yield sink.taken()
    yield sink.taken()
