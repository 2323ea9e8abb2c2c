"""Presets: choices of a start form, saved under a name and deleted again."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.jobs import ChoiceForm, Kind, presets, relative_of
from dashboard.jobs.presets import Refused
from dashboard.web.access import address, kind_or_404, signed_in
from dashboard.web.preset_form import PresetForm
from dashboard.web.preset_list import choices_of, may_delete, url_of
from dashboard.web.start_page import page
from dashboard.words import gettext as _

bp = Blueprint("presets", __name__, url_prefix="/new/<name>/presets")


@bp.post("")
@signed_in
def save(name: str) -> ResponseReturnValue:
    """Save the choices of the form, or give it back with all that is wrong (422)."""
    kind = kind_or_404(name)
    return save_choices(kind, kind.form(request.form))


def save_choices(kind: Kind, choice: ChoiceForm) -> ResponseReturnValue:
    """Do so, and lead to the form that is filled with them; nothing is started."""
    form = PresetForm.sent()
    is_right = choice.validate()
    if form.validate() and is_right:
        try:
            preset = presets.save(
                kind.name,
                form.name.data or "",
                choice.params(),
                relative=relative_of(choice),
                shared=form.shared.data,
                by=current_user,
                address=address(),
            )
        except Refused as error:
            form.name.errors = [str(error)]
        else:
            flash(_("“%(name)s” is saved.", name=preset.name), "good")
            return redirect(url_of(preset), 303)
    return page(kind, choice, saving=form), 422


@bp.post("/<int(max=2147483647):preset_id>/delete")
@signed_in
def delete(name: str, preset_id: int) -> ResponseReturnValue:
    """Delete a preset; its choices stay in the form, to be saved again."""
    kind = kind_or_404(name)
    preset = presets.find(preset_id, current_user)
    if preset is None or preset.kind != kind.name:
        abort(404)
    if not may_delete(preset):
        abort(403, _("Only the person who saved these choices may delete them."))
    title, url = preset.name, choices_of(preset)
    presets.delete(preset, by=current_user, address=address())
    if url is None:
        flash(_("“%(name)s” is deleted.", name=title), "good")
        return redirect(url_for("launch.form", name=name), 303)
    flash(_("“%(name)s” is deleted. The form still has its choices.", name=title), "good")
    return redirect(url, 303)
