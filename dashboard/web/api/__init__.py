"""The JSON API under /api/v1."""

import uuid

from flask import Blueprint, Flask, jsonify
from flask.typing import ResponseReturnValue

from dashboard.extensions import csrf
from dashboard.web.access import artifact_or_404
from dashboard.web.api import contacts, jobs, presets, uploads
from dashboard.web.api.bearer import require_token
from dashboard.web.api.openapi import description
from dashboard.web.download import send

PREFIX = "/api/v1"

bp = Blueprint("api", __name__, url_prefix=PREFIX)
bp.before_request(require_token)
bp.register_blueprint(jobs.bp)
bp.register_blueprint(presets.bp)
bp.register_blueprint(uploads.bp)
bp.register_blueprint(contacts.bp)
# A token takes the place of CSRF protection: no browser sends it by itself.
csrf.exempt(bp)
csrf.exempt(jobs.bp)
csrf.exempt(presets.bp)
csrf.exempt(uploads.bp)
csrf.exempt(contacts.bp)
public = Blueprint("api_public", __name__, url_prefix=PREFIX)


@bp.get("/files/<uuid:artifact_id>")
def file(artifact_id: uuid.UUID) -> ResponseReturnValue:
    """Give a finished file."""
    return send(artifact_or_404(artifact_id))


@public.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """Describe the API."""
    return jsonify(description(PREFIX))


def init_app(app: Flask) -> None:
    """Give *app* its API."""
    app.register_blueprint(bp)
    app.register_blueprint(public)
