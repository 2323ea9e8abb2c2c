"""Errors in plain words: pages for people, problem+json for programs."""

import logging

from flask import Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy import exc
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, ServiceUnavailable

from dashboard.extensions import db
from dashboard.logs import request_id
from dashboard.web.api.problem import problem

logger = logging.getLogger(__name__)

API = "/api/"
WORDS = {
    400: ("That did not work", "What was sent cannot be understood."),
    401: ("Sign in first", "Your session has ended. Sign in again to go on."),
    403: ("Not allowed", "You may not do this."),
    404: ("Not found", "There is nothing here, or it is not yours to see."),
    405: ("Not possible", "This address does not work that way."),
    410: ("Gone", "This is not there any more."),
    413: ("Too large", "What was sent is larger than this desk takes."),
    416: ("Not possible", "The file is shorter than the part that was asked for."),
    429: ("One moment", "That was too much at once. Wait a little, then try again."),
    500: ("Something went wrong", "This is our fault, and it is written down. Try again."),
    503: ("Not ready", "The desk’s database does not answer. Try again in a moment."),
}


def init_app(app: Flask) -> None:
    """Answer every error in words."""
    app.register_error_handler(HTTPException, known)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(exc.DataError, unfit)
    for error in (exc.OperationalError, exc.InterfaceError, exc.TimeoutError):
        app.register_error_handler(error, away)
    app.register_error_handler(Exception, unknown)


def known(error: HTTPException) -> ResponseReturnValue:
    """Answer an error that a view raised."""
    code = error.code or 500
    if code < 400:
        return error
    title, text = WORDS.get(code, WORDS[400 if code < 500 else 500])
    # A description of our own is better than the general one; Werkzeug's own is not.
    if error.description and error.description != type(error).description:
        text = error.description
    if request.path.startswith(API):
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
        return render_template("errors/error.html", **context)
    # Without the person and their jobs, which are read from what may be the very cause.
    return current_app.jinja_env.get_template("errors/error.html").render(context)


def expired(error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose session has ended, or that is older than the session."""
    text = "This page was open too long. Load it again, then repeat your step."
    if request.endpoint != "auth.sign_in" and not current_user.is_authenticated:
        text = "Your session has ended, so nothing was changed. Sign in, then repeat your step."
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
