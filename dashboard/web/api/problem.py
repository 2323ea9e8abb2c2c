"""Errors for programs: application/problem+json (RFC 9457)."""

from typing import Any

from flask import Response, json

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, title: str, detail: str = "", *, errors: list[dict[str, Any]] | None = None
) -> Response:
    """Give an answer that says what is wrong; *errors* name each wrong field: {field, message}."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    return Response(json.dumps(body), status, mimetype=MEDIA_TYPE)
