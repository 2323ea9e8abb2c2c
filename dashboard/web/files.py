"""Finished files: the list, the download, all as ZIP, where a file comes from."""

import uuid
from contextlib import ExitStack
from urllib.parse import quote

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.jobs.running import speaking
from dashboard.models import Artifact, transaction
from dashboard.web.access import address, artifact_or_404, job_or_404, signed_in
from dashboard.web.download import GONE, opened, send
from dashboard.web.file_list import FileSearch
from dashboard.web.filters import iso
from dashboard.web.history import cursor, people
from dashboard.web.template import render
from dashboard.web.zipped import Member, zipped
from dashboard.words import gettext as _, told

bp = Blueprint("files", __name__)


@bp.get("/files")
@signed_in
def index() -> ResponseReturnValue:
    """List the files that the person may download, newest first; ?q= and ?person= narrow it."""
    q, person = (request.args.get(name, "").strip() for name in ("q", "person"))
    found = FileSearch(current_user, q, person)
    before, after = (cursor(request.args.get(name)) for name in ("before", "after"))
    return render(
        "files/index.html",
        page=found.page(before=before, after=after),
        q=q,
        person=person,
        people=people(current_user),
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
        abort(404, _("This job has no files."))
    kept = [artifact for artifact in artifacts if artifact.deleted_at is None]
    if not kept:
        abort(410, told(GONE))
    with ExitStack() as files:
        # Here a missing file can still be said; in the middle of a ZIP it only breaks off.
        members = [
            Member.of(artifact, files.enter_context(opened(artifact, damaged=_damaged(artifact))))
            for artifact in kept
        ]
        held = files.pop_all()
    if request.method == "GET":
        with transaction():
            audit.record("files.zip", by=current_user, job=job, address=address())
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    answer = Response(zipped(app, members), mimetype="application/zip")
    answer.call_on_close(held.close)
    answer.headers["Content-Disposition"] = attachment(f"{speaking(job.title)}.zip")
    return answer


def _damaged(artifact: Artifact) -> str:
    return _(
        "“%(name)s” was damaged on disk, so there is no ZIP of all files. "
        "You can download the others one by one, or run the job again.",
        name=artifact.name,
    )


def attachment(name: str) -> str:
    """Give the header that makes a browser keep an answer as *name*, of any letters (RFC 6266)."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename={plain}; filename*=UTF-8''{quote(name, safe='')}"
