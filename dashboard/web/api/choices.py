"""What a program sends: read, checked, and answered with each wrong field named."""

from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from dashboard.jobs import Kind, relative_of
from dashboard.web.api.problem import problem


def sent() -> dict[str, Any] | None:
    """Give the JSON object that was sent, or None for anything else."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        return None  # Nested so deeply that it can only be meant to do harm.
    return body if isinstance(body, dict) else None


@dataclass(frozen=True)
class Checked:
    """Choices that hold: *params* with defaults filled in, and the named periods among them."""

    params: dict[str, Any]
    relative: dict[str, str]


def check(kind: Kind, params: dict[str, Any]) -> Checked | ResponseReturnValue:
    """Give the choices when they hold, or an answer that names each wrong field."""
    given = {name: value for name, value in params.items() if value is not None}
    form = kind.form(MultiDict(given), csrf=False)
    if form.validate():
        return Checked(form.params(), relative_of(form))
    errors = [
        {"field": field, "message": str(message)}
        for field, messages in form.errors.items()
        for message in messages
    ]
    return wrong(*errors)


def wrong(*errors: dict[str, str]) -> ResponseReturnValue:
    """Answer 422; *errors* are {field, message}."""
    return problem(422, "Wrong choices", "Some choices are wrong.", errors=list(errors))
