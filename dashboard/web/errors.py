"""Errors in plain words: pages for people, problem+json for programs."""

import logging
from contextlib import nullcontext

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy import exc
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, ServiceUnavailable

from dashboard.extensions import db
from dashboard.logs import request_id
from dashboard.web.api.problem import problem
from dashboard.web.manner import OF_PROGRAMS, stranger
from dashboard.web.template import render, render_bare
from dashboard.words import gettext as _, marked, speaking_to

logger = logging.getLogger(__name__)

WORDS = {
    400: (marked("That did not work"), marked("What was sent cannot be understood.")),
    401: (marked("Sign in first"), marked("Your session has ended. Sign in again to go on.")),
    403: (marked("Not allowed"), marked("You may not do this.")),
    404: (marked("Not found"), marked("There is nothing here, or it is not yours to see.")),
    405: (marked("Not possible"), marked("This address does not work that way.")),
    410: (marked("Gone"), marked("This is not there any more.")),
    413: (marked("Too large"), marked("What was sent is larger than this desk takes.")),
    416: (marked("Not possible"), marked("The file is shorter than the part that was asked for.")),
    429: (
        marked("One moment"),
        marked("That was too much at once. Wait a little, then try again."),
    ),
    500: (
        marked("Something went wrong"),
        marked("This is our fault, and it is written down. Try again."),
    ),
    503: (
        marked("Not ready"),
        marked("The desk’s database does not answer. Try again in a moment."),
    ),
    507: (
        marked("No room left"),
        marked("There is no room left on the disk for files. Tell an administrator."),
    ),
}


def init_app(app: Flask) -> None:
    """Answer every error in words."""
    app.register_error_handler(HTTPException, known)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(exc.DataError, unfit)
    for error in (exc.OperationalError, exc.InterfaceError, exc.TimeoutError):
        app.register_error_handler(error, away)
    app.register_error_handler(Exception, unknown)


def wants_json() -> bool:
    """Whether a program or a script asks, and no page."""
    is_program = request.path.startswith(OF_PROGRAMS)
    return is_program or request.accept_mimetypes.best == "application/json"


def known(error: HTTPException) -> ResponseReturnValue:
    """Answer an error that a view raised."""
    code = error.code or 500
    if code < 400:
        return error
    # Who reads is in the ledger, which may be the very cause of a fault.
    with speaking_to(stranger()) if code >= 500 else nullcontext():
        return _told(error, code)


def _told(error: HTTPException, code: int) -> Response:
    title, text = map(_, WORDS.get(code, WORDS[400 if code < 500 else 500]))
    # A description of our own is better than the general one; Werkzeug's own is not.
    if error.description and error.description != type(error).description:
        text = error.description
    if wants_json():
        answer = problem(code, title, text)
    else:
        answer = Response(_page(code, title, text), code, mimetype="text/html")
    for name, value in error.get_headers():
        if name != "Content-Type":
            answer.headers[name] = value  # Allow, Retry-After, Content-Range.
    return answer


def _page(code: int, title: str, text: str) -> str:
    context = {"code": code, "title": title, "text": text, "number": request_id()}
    if code < 500:
        return render("errors/error.html", **context)
    # Without the person and their jobs, which are in the ledger too.
    return render_bare("errors/error.html", **context)


def expired(error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose session has ended, or that is older than the session."""
    text = _("This page was open too long. Load it again, then repeat your step.")
    if request.endpoint != "auth.sign_in" and not current_user.is_authenticated:
        text = _("Your session has ended, so nothing was changed. Sign in, then repeat your step.")
    answer = HTTPException(text)
    answer.code = 400
    return known(answer)


def unfit(error: exc.DataError) -> ResponseReturnValue:
    """Answer what no database takes: a NUL in a text, say."""
    logger.warning("The ledger does not take what was sent: %s", error)
    db.session.rollback()
    return known(BadRequest())


def away(error: Exception) -> ResponseReturnValue:
    """Answer while the ledger is away."""
    logger.error("The ledger did not answer: %s", error)
    db.session.rollback()
    return known(ServiceUnavailable())


def unknown(error: Exception) -> ResponseReturnValue:
    """Answer an error that nobody foresaw: the traceback goes to the log, never to the page."""
    logger.exception("An unforeseen error")
    db.session.rollback()
    return known(InternalServerError())
