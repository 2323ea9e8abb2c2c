"""What a program sends: read, checked, and answered with each wrong field named."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from dashboard.jobs import Kind
from dashboard.web.api.problem import problem


def sent() -> dict[str, Any] | None:
    """Give the JSON object that was sent, or None for anything else."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        return None  # Nested so deeply that it can only be meant to do harm.
    return body if isinstance(body, dict) else None


def check(kind: Kind, params: dict[str, Any]) -> dict[str, Any] | ResponseReturnValue:
    """Give the checked params, defaults filled in, or an answer that names each wrong field."""
    given = {name: value for name, value in params.items() if value is not None}
    form = kind.form(MultiDict(given), csrf=False)
    if form.validate():
        return form.params()
    errors = [
        {"field": field, "message": str(message)}
        for field, messages in form.errors.items()
        for message in messages
    ]
    return wrong(*errors)


def wrong(*errors: dict[str, str]) -> ResponseReturnValue:
    """Answer 422; *errors* are {field, message}."""
    return problem(422, "Wrong choices", "Some choices are wrong.", errors=list(errors))
