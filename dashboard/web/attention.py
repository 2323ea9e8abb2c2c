"""Needs attention: failed jobs that staff cannot mend, run again or dismissed."""

import secrets
import uuid

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import StringField, ValidationError
from wtforms.validators import DataRequired

from dashboard.jobs import Fact, dead_letters
from dashboard.web.access import address, may_change, signed_in
from dashboard.web.chosen import chosen_ids
from dashboard.web.dead_letters import changeable, search
from dashboard.web.filters import number
from dashboard.web.form import SpeakingForm
from dashboard.web.history import cursor
from dashboard.web.template import render
from dashboard.words import gettext as _, lazy_gettext, ngettext

bp = Blueprint("attention", __name__, url_prefix="/attention")

DISMISSED = "dismissed"
LONGEST = dead_letters.REASON_LIMIT


class DismissForm(SpeakingForm):
    """Why nothing is left to do."""

    reason = StringField(
        lazy_gettext("Reason"),
        [DataRequired(lazy_gettext("Say in a few words why nothing is left to do"))],
        description=lazy_gettext(
            "It is kept with your name and the time, for those who ask later."
        ),
        filters=[lambda text: " ".join(text.split()) if text else text],
    )

    def validate_reason(self, field: StringField) -> None:
        """Raise ValidationError for more than is kept."""
        if len(field.data or "") > LONGEST:
            raise ValidationError(_("Use at most %(number)s characters", number=number(LONGEST)))


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    """List what needs attention, newest first, or with ?state=dismissed what was dismissed."""
    dismissed = request.args.get("state") == DISMISSED
    page = search(
        current_user,
        dismissed=dismissed,
        before=cursor(request.args.get("before")),
        after=cursor(request.args.get("after")),
    )
    return render(
        "attention/index.html",
        page=page,
        dismissed=dismissed,
        token=secrets.token_urlsafe(16),
        tokens={job.id: secrets.token_urlsafe(16) for job in page.items if may_change(job)},
    )


@bp.get("/dismiss")
@signed_in
def confirm() -> ResponseReturnValue:
    """Ask why the jobs of ?job= are dismissed."""
    chosen = _chosen_or_404()
    return _page(DismissForm(formdata=None), chosen) if chosen else _nothing_to_do()


@bp.post("/dismiss")
@signed_in
def dismiss() -> ResponseReturnValue:
    """Dismiss the chosen jobs with a reason, or give the form back without one."""
    chosen = _chosen_or_404()
    if not chosen:
        return _nothing_to_do()
    form = DismissForm()
    if not form.validate():
        return _page(form, chosen), 422
    ids = [uuid.UUID(job.id) for job in chosen]
    reason = form.reason.data or ""
    count = dead_letters.dismiss(ids, by=current_user, reason=reason, address=address())
    flash(ngettext("%(num)s job is dismissed.", "%(num)s jobs are dismissed.", count), "good")
    return redirect(url_for("attention.index"), 303)


def _chosen_or_404() -> list[Fact]:
    """Give the chosen jobs that still need attention.

    Raises 404 when one of them is not the person's to change, or never needed attention.
    """
    ids = chosen_ids()
    found = changeable(current_user, ids)
    if len(found) < len(ids):
        abort(404)
    return [job for job in found if job.needs_attention]


def _nothing_to_do() -> ResponseReturnValue:
    chosen = "job" in request.values
    flash(_("That is settled already.") if chosen else _("Choose at least one job first."), "")
    return redirect(url_for("attention.index"), 303)


def _page(form: DismissForm, chosen: list[Fact]) -> str:
    return render("attention/dismiss.html", form=form, jobs=chosen)
