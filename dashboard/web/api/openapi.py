"""The description of the API (OpenAPI 3.1)."""

from typing import Any

from dashboard.models import PRESET_NAME_LIMIT, State

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
MAYBE_NUMBER: Schema = {"type": ["integer", "null"]}
MAYBE_TIME: Schema = {"type": ["string", "null"], "format": "date-time"}
UUID: Schema = {"type": "string", "format": "uuid"}
STATE: Schema = {"enum": [str(state) for state in State]}
FREE: Schema = {"type": "object", "additionalProperties": True}


def description(prefix: str) -> Schema:
    """Give the description of the API that lies under *prefix*."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Bellhop", "version": "1", "description": "Start jobs, get files."},
        "servers": [{"url": prefix}],
        "security": [{"token": []}],
        "paths": PATHS,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": SCHEMAS,
        },
    }


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(of: str) -> Schema:
    items = {"type": "array", "items": _ref(of)}
    return _object({"items": items, "next": {"type": ["string", "null"]}})


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(text: str, schema: Schema, media_type: str = "application/json") -> Schema:
    return {"description": text, "content": {media_type: {"schema": schema}}}


def _problems(*codes: int) -> dict[str, Schema]:
    titles = {
        400: "Not understood",
        401: "No valid token",
        403: "Not allowed",
        404: "Not found",
        409: "Not possible now",
        410: "The file was deleted, or it is damaged",
        413: "The file is too large",
        416: "The file is shorter than that",
        422: "Wrong choices, each named",
        429: "Too many jobs",
        503: "Too many streams, or the desk’s disk or database does not answer",
        507: "No room left for the file",
    }
    return {
        str(code): _answer(titles[code], _ref("Problem"), "application/problem+json")
        for code in codes
    }


def _parameter(name: str, place: str, schema: Schema, *, required: bool = False) -> Schema:
    return {"name": name, "in": place, "schema": schema, "required": required or place == "path"}


JOB_ID = _parameter("id", "path", UUID)
# Where a queued job stands in line: in its own object and events, not in lists.
PLACE = _object({"place": NUMBER, "of": NUMBER})
PERSON = _object({"id": NUMBER, "name": TEXT})
KEY = _parameter("Idempotency-Key", "header", {"type": "string", "maxLength": 120})

SCHEMAS: Schema = {
    "Param": _object(
        {
            "name": TEXT,
            "type": TEXT,
            "label": TEXT,
            "fields": {"type": "array", "items": TEXT},
            "required": {"type": "boolean"},
            "default": {},
            "help": TEXT,
            "choices": {"type": "array", "items": TEXT},
            "presets": {"type": "array", "items": TEXT},
        }
    ),
    "Kind": _object(
        {
            "name": TEXT,
            "title": TEXT,
            "family": TEXT,
            "summary": TEXT,
            "params": {"type": "array", "items": _ref("Param")},
            "formats": {"type": "array", "items": TEXT},
        }
    ),
    "ContactList": _object(
        {
            "id": NUMBER,
            "name": TEXT,
            "title": TEXT,
            "summary": TEXT,
            "fields": {
                "type": "array",
                "items": _object({"name": TEXT, "label": TEXT, "type": TEXT}),
            },
            "contacts": NUMBER,
            "kind": {"type": ["string", "null"]},
            "changed_at": MAYBE_TIME,
            "page": TEXT,
        }
    ),
    "Contact": _object(
        {
            "id": NUMBER,
            "email": TEXT,
            "address": TEXT,
            "values": FREE,
            "added_at": MAYBE_TIME,
            "changed_at": MAYBE_TIME,
        }
    ),
    "Progress": _object(
        {
            "done": MAYBE_NUMBER,
            "total": MAYBE_NUMBER,
            "phase": {"type": ["string", "null"]},
            "percent": {"type": ["integer", "null"], "minimum": 0, "maximum": 100},
            "unit": TEXT,
        }
    ),
    "File": _object(
        {
            "id": UUID,
            "name": TEXT,
            "format": TEXT,
            "size": NUMBER,
            "sha256": TEXT,
            "rows": MAYBE_NUMBER,
            "media_type": TEXT,
            "expires_at": MAYBE_TIME,
            "damaged_at": MAYBE_TIME,
            "url": TEXT,
        }
    ),
    "Upload": _object(
        {"id": UUID, "name": TEXT, "size": NUMBER, "sha256": TEXT, "expires_at": MAYBE_TIME}
    ),
    "Job": _object(
        {
            "id": UUID,
            "number": TEXT,
            "kind": TEXT,
            "family": TEXT,
            "title": TEXT,
            "state": STATE,
            "attempt": NUMBER,
            "params": FREE,
            "progress": _ref("Progress"),
            "place": {**PLACE, "type": ["object", "null"]},
            "files": {"type": "array", "items": _ref("File")},
            "warnings": {"type": "array", "items": TEXT},
            "error": {"type": ["object", "null"]},
            "requested_by": PERSON,
            "created_at": MAYBE_TIME,
            "started_at": MAYBE_TIME,
            "finished_at": MAYBE_TIME,
            "cancel_requested_at": MAYBE_TIME,
            "url": TEXT,
            "page": TEXT,
        }
    ),
    "Preset": _object(
        {
            "id": NUMBER,
            "kind": TEXT,
            "name": TEXT,
            "shared": {"type": "boolean"},
            "owner": PERSON,
            "params": FREE,
            "saved_at": {"type": "string", "format": "date-time"},
            "page": TEXT,
        }
    ),
    "Problem": {
        "type": "object",
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": NUMBER,
            "detail": TEXT,
            "errors": {"type": "array", "items": _object({"field": TEXT, "message": TEXT})},
        },
        "required": ["type", "title", "status"],
    },
}

START_BODY: Schema = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "params": FREE,
                    "formats": {"type": "array", "items": TEXT},
                    "notify": {"type": "boolean"},
                },
            }
        }
    },
}

PRESET_BODY: Schema = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "kind": TEXT,
                    "name": {"type": "string", "maxLength": PRESET_NAME_LIMIT},
                    "params": FREE,
                    "shared": {"type": "boolean"},
                },
                "required": ["kind", "name"],
            }
        }
    },
}

UPLOAD_BODY: Schema = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary"}},
                "required": ["file"],
            }
        }
    },
}

ACCEPTED = {"202": _answer("The job", _ref("Job"))}

PATHS: Schema = {
    "/kinds": {
        "get": {
            "summary": "The kinds that you may start",
            "responses": {"200": _answer("Kinds", _list("Kind")), **_problems(401)},
        }
    },
    "/kinds/{name}": {
        "get": {
            "summary": "One kind",
            "parameters": [_parameter("name", "path", TEXT)],
            "responses": {"200": _answer("The kind", _ref("Kind")), **_problems(401, 403, 404)},
        }
    },
    "/presets": {
        "get": {
            "summary": "Saved choices of a kind: your own, and those that are shared",
            "parameters": [_parameter("kind", "query", TEXT, required=True)],
            "responses": {"200": _answer("Presets", _list("Preset")), **_problems(401, 403, 404)},
        },
        "post": {
            "summary": "Save choices of a kind under a name",
            "requestBody": PRESET_BODY,
            "responses": {
                "201": _answer("The preset", _ref("Preset")),
                **_problems(400, 401, 403, 404, 422),
            },
        },
    },
    "/presets/{id}": {
        "delete": {
            "summary": "Delete a preset: your own, or as an administrator a shared one",
            "parameters": [_parameter("id", "path", NUMBER)],
            "responses": {"204": {"description": "It is gone"}, **_problems(401, 403, 404)},
        }
    },
    "/jobs": {
        "get": {
            "summary": "The jobs that you may see, newest first",
            "parameters": [
                _parameter("q", "query", TEXT),
                _parameter("kind", "query", TEXT),
                _parameter("state", "query", STATE),
                _parameter("before", "query", NUMBER),
            ],
            "responses": {"200": _answer("Jobs", _list("Job")), **_problems(401, 422)},
        }
    },
    "/jobs/{kind}": {
        "post": {
            "summary": "Start a job; the same Idempotency-Key gives the same job",
            "parameters": [_parameter("kind", "path", TEXT), KEY],
            "requestBody": START_BODY,
            "responses": {**ACCEPTED, **_problems(400, 401, 403, 404, 422, 429)},
        }
    },
    "/jobs/{id}": {
        "get": {
            "summary": "A job as it stands",
            "parameters": [JOB_ID],
            "responses": {"200": _answer("The job", _ref("Job")), **_problems(401, 404)},
        }
    },
    "/jobs/{id}/events": {
        "get": {
            "summary": "The job's object at each change, until it ends",
            "parameters": [JOB_ID],
            "responses": {
                "200": _answer("Events named “job”", TEXT, "text/event-stream"),
                **_problems(401, 404, 503),
            },
        }
    },
    "/jobs/{id}/cancel": {
        "post": {
            "summary": "Cancel a job; an ended one stays as it is",
            "parameters": [JOB_ID],
            "responses": {**ACCEPTED, **_problems(401, 403, 404)},
        }
    },
    "/jobs/{id}/retry": {
        "post": {
            "summary": "Run an ended job again as a new job",
            "parameters": [JOB_ID, KEY],
            "responses": {**ACCEPTED, **_problems(401, 403, 404, 409, 429)},
        }
    },
    "/uploads": {
        "post": {
            "summary": "Send a file, which the choices of a job name by its id",
            "requestBody": UPLOAD_BODY,
            "responses": {
                "201": _answer("The file as it is kept", _ref("Upload")),
                **_problems(400, 401, 403, 413, 422, 503, 507),
            },
        }
    },
    "/contact-lists": {
        "get": {
            "summary": "The contact lists that you may see",
            "responses": {"200": _answer("Lists", _list("ContactList")), **_problems(401, 403)},
        }
    },
    "/contact-lists/{id}/contacts": {
        "get": {
            "summary": "The contacts of a list by their addresses; q is how an address begins",
            "parameters": [
                _parameter("id", "path", NUMBER),
                _parameter("q", "query", TEXT),
                _parameter("after", "query", TEXT),
            ],
            "responses": {"200": _answer("Contacts", _list("Contact")), **_problems(401, 403, 404)},
        }
    },
    "/files/{id}": {
        "get": {
            "summary": "The bytes of a finished file, with Range and ETag",
            "parameters": [JOB_ID],
            "responses": {
                "200": _answer("The file", TEXT, "application/octet-stream"),
                "206": _answer("The part that was asked for", TEXT, "application/octet-stream"),
                "304": {"description": "You have these bytes already"},
                **_problems(401, 404, 410, 416),
            },
        }
    },
}
