"""The objects of the API."""

from typing import Any

from flask import url_for

from dashboard.jobs import Fact, Kind, as_chosen, find
from dashboard.models import Preset
from dashboard.web.prefill import rolled_on
from dashboard.web.preset_list import url_of

JOB_KEYS = (
    "id",
    "number",
    "kind",
    "family",
    "title",
    "state",
    "attempt",
    "params",
    "error",
    "requested_by",
    "created_at",
    "started_at",
    "finished_at",
    "cancel_requested_at",
)
FILE_KEYS = (
    "id",
    "name",
    "format",
    "size",
    "sha256",
    "rows",
    "media_type",
    "expires_at",
    "damaged_at",
)


def job_object(fact: Fact) -> dict[str, Any]:
    """Give a job as the API shows it."""
    data = fact.as_json()
    progress = data["progress"]
    return {
        **{key: data[key] for key in JOB_KEYS},
        "params": as_chosen(find(fact.kind), data["params"]),
        "progress": {key: progress[key] for key in ("done", "total", "phase", "percent", "unit")},
        "files": [file_object(file) for file in data["files"] if file["deleted_at"] is None],
        "place": place_object(fact.place),
        "warnings": data["result"].get("warnings", []),
        "url": url_for("api.jobs.job", job_id=fact.id),
        "page": url_for("jobs.show", job_id=fact.id),
    }


def place_object(place: tuple[int, int] | None) -> dict[str, int] | None:
    """Give a place in line as the API shows it, or None."""
    return {"place": place[0], "of": place[1]} if place else None


def file_object(file: dict[str, Any]) -> dict[str, Any]:
    """Give a file as the API shows it."""
    url = url_for("api.file", artifact_id=file["id"])
    return {**{key: file[key] for key in FILE_KEYS}, "url": url}


def kind_object(kind: Kind) -> dict[str, Any]:
    """Give a kind as the API shows it."""
    return {
        "name": kind.name,
        "title": kind.title,
        "family": kind.family,
        "summary": kind.summary,
        "params": [
            {
                "name": param.name,
                "type": param.type,
                "label": param.label,
                "fields": list(param.fields),
                "required": param.required,
                "default": param.default,
                "help": param.help,
                "choices": [value for value, _ in param.choices],
                "presets": [value for value, _ in param.presets],
            }
            for param in kind.params
        ],
        "formats": list(kind.formats),
    }


def preset_object(preset: Preset) -> dict[str, Any]:
    """Give a preset as the API shows it; periods that roll on are named in its params."""
    return {
        "id": preset.id,
        "kind": preset.kind,
        "name": preset.name,
        "shared": preset.shared,
        "owner": {"id": preset.owner_id, "name": preset.owner.name},
        "params": rolled_on(preset.kind, preset.params, preset.relative),
        "saved_at": preset.saved_at.isoformat(),
        "page": url_of(preset),
    }
