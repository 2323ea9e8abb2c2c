"""The page, and the late part of other pages, that say whether a mailing will arrive."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.kinds.mailings.deliverability.report import report_of
from dashboard.kinds.mailings.sight import find_mailing
from dashboard.kinds.mailings.words import page_of
from dashboard.web.access import signed_in
from dashboard.web.template import render

bp = Blueprint("deliverability", __name__, url_prefix="/mailings")


@bp.get("/<int(max=2147483647):mailing_id>/deliverability")
@signed_in
def panel(mailing_id: int) -> ResponseReturnValue:
    """Show what is found; ?again= asks the DNS anew. Other pages ask for its middle part."""
    mailing = find_mailing(mailing_id, current_user)
    if mailing is None:
        abort(404)
    report = report_of(mailing, again="again" in request.args)
    return render(
        "kinds/mailings/deliverability/show.html",
        mailing=mailing,
        page=page_of(mailing),
        report=report,
    )
