"""Presets by API: the saved choices of a kind."""

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from dashboard.jobs import presets
from dashboard.jobs.presets import Refused
from dashboard.web.access import address, kind_or_404
from dashboard.web.api.choices import Checked, check, sent, wrong
from dashboard.web.api.problem import problem
from dashboard.web.api.shapes import preset_object
from dashboard.web.preset_form import PresetForm
from dashboard.web.preset_list import may_delete

bp = Blueprint("presets", __name__, url_prefix="/presets")


@bp.get("")
def index() -> ResponseReturnValue:
    """List what the caller may use of a kind: their own first."""
    kind = kind_or_404(request.args.get("kind", ""))
    found = presets.seen(kind.name, current_user)
    return jsonify(items=[preset_object(preset) for preset in found], next=None)


@bp.post("")
def save() -> ResponseReturnValue:
    """Save choices of a kind: 201; 422 names each wrong field."""
    body = sent()
    params = body.get("params", {}) if body is not None else None
    if body is None or not isinstance(params, dict):
        example = '{"kind": …, "name": …, "params": {…}, "shared": false}'
        return problem(400, "Not understood", f"Send JSON like {example}.")
    kind = kind_or_404(str(body.get("kind", "")))
    checked = check(kind, params)
    if not isinstance(checked, Checked):
        return checked
    given = {"name": str(body.get("name", "")), **({"shared": "y"} if body.get("shared") else {})}
    form = PresetForm(MultiDict(given), meta={"csrf": False})
    if not form.validate():
        return wrong({"field": "name", "message": " ".join(map(str, form.name.errors))})
    try:
        preset = presets.save(
            kind.name,
            form.name.data or "",
            checked.params,
            relative=checked.relative,
            shared=form.shared.data,
            by=current_user,
            address=address(),
        )
    except Refused as error:
        return wrong({"field": "name", "message": str(error)})
    return jsonify(preset_object(preset)), 201


@bp.delete("/<int(max=2147483647):preset_id>")
def delete(preset_id: int) -> ResponseReturnValue:
    """Delete a preset: 204."""
    preset = presets.find(preset_id, current_user)
    if preset is None:
        abort(404)
    if not may_delete(preset):
        return problem(403, "Not allowed", "Only its owner and administrators may delete it.")
    presets.delete(preset, by=current_user, address=address())
    return "", 204
