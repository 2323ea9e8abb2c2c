"""Takes a file that somebody sends, while it arrives."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, abort, current_app, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from dashboard.extensions import csrf, db
from dashboard.jobs.uploads import Empty, keep_upload
from dashboard.models import Upload
from dashboard.storage import Storage, StorageError, StorageFull
from dashboard.web.access import act_as, address, signed_in
from dashboard.web.auth import safe_target
from dashboard.web.errors import wants_json
from dashboard.web.filters import number
from dashboard.web.multipart import FIELDS_MOST, ArrivingForm, BrokenOff
from dashboard.web.template import render
from dashboard.words import gettext as _

bp = Blueprint("uploads", __name__)

logger = logging.getLogger(__name__)

FIELD: Final = "file"
MB: Final = 1_000_000  # bytes, as sizes are shown
# Whoever sends nothing for so long has gone, whatever the network believes.
SILENCE_SECONDS: Final = 60.0


class NoRoom(HTTPException):
    """The disk has no room for the file."""

    code = 507


@bp.post("/uploads")
@csrf.exempt  # type: ignore[untyped-decorator]  # Its token is looked at in receive.
@signed_in
def send() -> ResponseReturnValue:
    """Keep a file; a form goes on to its *next* with the file's id, a script gets JSON.

    What is wrong is said beside the form again, so that another file can be chosen at once.
    """
    user_id = current_user.id
    form = arriving()
    try:
        upload = receive(form, guarded=True)
    except CSRFError:
        raise
    except HTTPException as error:
        if wants_json() or error.code == 403:
            raise
        act_as(user_id)
        page = render("uploads/refused.html", error=error.description, target=target_of(form))
        return page, error.code or 400
    if wants_json():
        return jsonify(upload_object(upload)), 201
    return redirect(with_upload(target_of(form), upload), 303)


def arriving() -> ArrivingForm:
    """Give the form that arrives; of one with a file nothing has been read yet."""
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != "multipart/form-data" or not boundary:
        return ArrivingForm(request.stream, "", request.form.to_dict())
    # How large it may be is said by what reads it, and in a sentence.
    request.max_content_length = sys.maxsize
    return ArrivingForm(request.stream, boundary)


def receive(form: ArrivingForm, *, guarded: bool) -> Upload:
    """Keep the file of *form*, for the person of this request; raises HTTPException in a sentence.

    A *guarded* form must bear the token of its page before its file. No connection to the ledger
    is held meanwhile: there are few of them, and a slow line may take an hour.
    """
    if not current_user.may_start:
        abort(403, _("You may look at what others share with you, but not send files."))
    user_id = current_user.id
    db.session.remove()
    with _impatient():
        try:
            name = form.file(FIELD)
            if guarded:
                request.form = ImmutableMultiDict(form.fields)
                csrf.protect()
            if not name:
                abort(422, _("Choose a file first."))
            _expect_room()
            return keep_upload(name, _counted(form), by_id=user_id, address=address())
        except BrokenOff:
            logger.info("A file broke off while it was sent")
            abort(400, _("The connection broke off before the end, so nothing was kept."))
        except Empty:
            abort(422, _("This file is empty. Choose another one."))
        except StorageFull as error:
            logger.error("There is no room for a file that was sent: %s", error)
            raise _no_room() from error
        except StorageError as error:
            logger.error("A file that was sent cannot be kept: %s", error)
            abort(503, _("The disk for files does not answer. Try again in a moment."))


def most() -> int:
    """Give how many bytes a file may have."""
    return int(current_app.config["MAX_UPLOAD_MB"] * MB)


def upload_object(upload: Upload) -> dict[str, Any]:
    """Give an upload as scripts and programs see it."""
    return {
        "id": str(upload.id),
        "name": upload.name,
        "size": upload.size,
        "sha256": upload.sha256,
        "expires_at": upload.expires_at.isoformat(),
    }


def target_of(form: ArrivingForm) -> str:
    """Give where *form* goes on to: a page of this desk."""
    return safe_target(form.fields.get("next"))


def with_upload(target: str, upload: Upload) -> str:
    """Give the address *target* with the id of *upload* among its choices."""
    parts = urlsplit(target)
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if name != "upload"]
    return parts._replace(query=urlencode([*kept, ("upload", str(upload.id))])).geturl()


def _counted(form: ArrivingForm) -> Iterator[bytes]:
    """Give the blocks of the file until they are too many."""
    seen = 0
    for block in form.blocks():
        seen += len(block)
        if seen > most():
            raise _too_large()
        yield block


def _expect_room() -> None:
    """Refuse what will not fit before it is sent, where its length is known."""
    length = request.content_length or 0
    if length > most() + FIELDS_MOST:
        raise _too_large()
    storage: Storage = current_app.extensions["storage"]
    free = storage.free()
    if free is not None and length > free:
        raise _no_room()


def _too_large() -> HTTPException:
    limit = number(current_app.config["MAX_UPLOAD_MB"])
    return RequestEntityTooLarge(
        _("This file is larger than %(limit)s MB, the most that this desk takes.", limit=limit)
    )


def _no_room() -> HTTPException:
    return NoRoom(_("There is no room left on the disk for files. Tell an administrator."))


@contextmanager
def _impatient() -> Iterator[None]:
    """Take whoever is silent for long for gone, where the server lets us."""
    connection = request.environ.get("gunicorn.socket")
    if connection is None:
        yield
        return
    patience = connection.gettimeout()
    connection.settimeout(SILENCE_SECONDS)
    try:
        yield
    finally:
        connection.settimeout(patience)
