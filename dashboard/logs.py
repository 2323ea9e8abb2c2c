"""Log lines that bear the number of the request they belong to."""

import logging
import uuid

from flask import Flask, g, has_request_context, request

FORMAT = "%(asctime)s %(levelname)-7s %(name)s [%(request_id)s] %(message)s"
REQUEST_HEADER = "X-Request-ID"
ID_LIMIT = 64


def init_app(app: Flask) -> None:
    """Set the format of all logs, and give each request an id."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORMAT))
    handler.addFilter(add_request_id)
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(handler)
        root.setLevel(logging.INFO)
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # It names each at once.
    app.before_request(_number)


def request_id() -> str | None:
    """Give the id of the present request, or None outside of one."""
    return g.get("request_id") if has_request_context() else None


def add_request_id(record: logging.LogRecord) -> bool:
    """Put the request's id into the record, "-" outside of one."""
    record.request_id = request_id() or "-"
    return True


def _number() -> None:
    given = request.headers.get(REQUEST_HEADER, "")
    clean = "".join(letter for letter in given if letter.isalnum() or letter in "-_.")
    g.request_id = clean[:ID_LIMIT] or uuid.uuid4().hex[:16]
