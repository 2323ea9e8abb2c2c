"""Files by API: sent first, then named by their id in the choices of a job."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from dashboard.web.uploads import arriving, receive, upload_object

bp = Blueprint("uploads", __name__)


@bp.post("/uploads")
def send() -> ResponseReturnValue:
    """Keep the file of the form's field “file”: 201."""
    return jsonify(upload_object(receive(arriving(), guarded=False))), 201
