"""The pages on which the recipients of a mailing are chosen and checked."""

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from dashboard.jobs import TooManyJobs
from dashboard.kinds.mailings.audience.form import READ_AS, AudienceForm
from dashboard.kinds.mailings.audience.needs import needs_of
from dashboard.kinds.mailings.audience.page import checked, choosing, may_choose
from dashboard.kinds.mailings.audience.proposal import ORIGINS, propose
from dashboard.kinds.mailings.audience.starting import start_check
from dashboard.kinds.mailings.drafts import Changed, save
from dashboard.kinds.mailings.sight import find_mailing
from dashboard.logs import request_id
from dashboard.models import Mailing
from dashboard.web.access import address, signed_in, starters_only
from dashboard.words import gettext as _

bp = Blueprint(
    "audience", __name__, url_prefix="/mailings/<int(max=2147483647):mailing_id>/recipients"
)

EMAIL: Final = "email"


@bp.get("")
@signed_in
def show(mailing_id: int) -> ResponseReturnValue:
    """Show what the check has found, or let the recipients be chosen.

    ?upload=, ?list= or ?file= is what is about to be chosen, ?choose= asks for another choice.
    ?show= is the fate whose rows are shown, ?after= the row before the page.
    """
    mailing = _mailing_or_404(mailing_id)
    proposal = propose(request.args, current_user) if may_choose(mailing) else None
    if proposal is not None:
        form = AudienceForm(proposal, version=mailing.version)
        return choosing(mailing, form)
    if may_choose(mailing) and (mailing.audience is None or "choose" in request.args):
        return choosing(mailing, None)
    return checked(mailing)


@bp.post("")
@starters_only
def choose(mailing_id: int) -> ResponseReturnValue:
    """Save what was chosen, and have it checked; with “again” it is only read in that manner."""
    mailing = _mailing_or_404(mailing_id)
    proposal = propose(request.form, current_user)
    if proposal is None or "again" in request.form:
        chosen = {name: request.form.get(name, "") for name in (*ORIGINS, *READ_AS)}
        return redirect(_address(mailing_id, chosen), 303)
    form = AudienceForm(proposal, MultiDict(request.form))
    if proposal.trouble or not form.validate():
        return choosing(mailing, form), 422
    try:
        mailing = save(
            mailing_id,
            form.version.data or 0,
            by=current_user,
            audience=proposal.audience.as_json(),
        )
    except Changed:
        return _pressed_late(mailing_id, **{proposal.audience.origin: proposal.audience.id})
    return _start(mailing, mailing.version)


@bp.post("/check")
@starters_only
def check(mailing_id: int) -> ResponseReturnValue:
    """Check the recipients that the mailing has."""
    mailing = _mailing_or_404(mailing_id)
    if mailing.audience is None:
        return redirect(url_for("audience.show", mailing_id=mailing_id), 303)
    return _start(mailing, request.form.get("version", 0, type=int))


@bp.get("/example.csv")
@signed_in
def example(mailing_id: int) -> ResponseReturnValue:
    """Give an empty file with the columns that the message uses."""
    mailing = _mailing_or_404(mailing_id)
    used = [name for name in needs_of(mailing).used if name.casefold() != EMAIL]
    text = io.StringIO()
    csv.writer(text).writerow([EMAIL, *used])
    answer = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{mailing.number.lower()}.csv"'
    return answer


def _start(mailing: Mailing, version: int) -> ResponseReturnValue:
    try:
        start_check(mailing, version, by=current_user, request_id=request_id(), address=address())
    except Changed:
        return _pressed_late(mailing.id)
    except TooManyJobs as error:
        flash(str(error), "bad")
    return redirect(url_for("audience.show", mailing_id=mailing.id), 303)


def _pressed_late(mailing_id: int, **chosen: str) -> ResponseReturnValue:
    flash(_("Somebody has changed this mailing meanwhile. Press once more."), "bad")
    return redirect(_address(mailing_id, chosen), 303)


def _mailing_or_404(mailing_id: int) -> Mailing:
    mailing = find_mailing(mailing_id, current_user)
    if mailing is None:
        abort(404)
    return mailing


def _address(mailing_id: int, chosen: Mapping[str, str]) -> str:
    """Give the address of the page on which this is about to be chosen."""
    given: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    return url_for("audience.show", mailing_id=mailing_id, **given)
