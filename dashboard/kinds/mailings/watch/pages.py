"""The page of a mailing while it is sent and afterwards, and what became of one recipient."""

from typing import Final

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.extensions import db
from dashboard.jobs.contacts.address import compared
from dashboard.kinds.mailings.sight import find_mailing
from dashboard.kinds.mailings.watch import changes
from dashboard.kinds.mailings.watch.again import IS_UNCERTAIN, OPEN, number_of
from dashboard.kinds.mailings.watch.changes import BEFORE, mailing_or_404
from dashboard.kinds.mailings.watch.person import all_of, message_of, suppression_of, tries_of
from dashboard.kinds.mailings.watch.sorts import sort_of
from dashboard.kinds.mailings.watch.view import read
from dashboard.kinds.mailings.words import page_of
from dashboard.models import Delivery
from dashboard.web.access import signed_in, starters_only
from dashboard.web.history import cursor
from dashboard.web.template import render

MAILING: Final = "/<int(max=2147483647):mailing_id>"

bp = Blueprint("watch", __name__, url_prefix="/mailings")
for change in (
    changes.pause,
    changes.resume,
    changes.stop,
    changes.retry,
    changes.resend,
    changes.report,
):
    bp.post(f"{MAILING}/{change.__name__}")(change)


@bp.get(MAILING)
@signed_in
def show(mailing_id: int) -> ResponseReturnValue:
    """Show how far it is: ?show= is the sort of recipient, ?after= the delivery before the page."""
    mailing = find_mailing(mailing_id, current_user)
    if mailing is None:
        abort(404)
    if mailing.state in BEFORE:
        return redirect(page_of(mailing))
    after = cursor(request.args.get("after")) or 0
    context = read(mailing, show=request.args.get("show", ""), after=after)
    return render("kinds/mailings/watch/show.html", **context)


@bp.get(f"{MAILING}/stop")
@starters_only
def ask_stop(mailing_id: int) -> ResponseReturnValue:
    """Ask whether the mailing is to be stopped, which is for good."""
    mailing = mailing_or_404(mailing_id)
    left = number_of(mailing.id, Delivery.state.in_(("queued", "claimed", "deferred")))
    return render("kinds/mailings/watch/stop.html", mailing=mailing, left=left)


@bp.get(f"{MAILING}/resend")
@starters_only
def ask_resend(mailing_id: int) -> ResponseReturnValue:
    """Ask whether the uncertain ones are to be sent to again: some may get it twice."""
    mailing = mailing_or_404(mailing_id)
    uncertain = number_of(mailing.id, IS_UNCERTAIN)
    if not uncertain or mailing.state not in OPEN:
        return changes.back(mailing_id)
    return render("kinds/mailings/watch/resend.html", mailing=mailing, uncertain=uncertain)


@bp.get(f"{MAILING}/people/<int(max=2147483647):delivery_id>")
@signed_in
def person(mailing_id: int, delivery_id: int) -> ResponseReturnValue:
    """Show each try at one recipient, and what that person was sent."""
    mailing = mailing_or_404(mailing_id)
    one = db.session.get(Delivery, delivery_id)
    if one is None or one.mailing_id != mailing.id:
        abort(404)
    return render(
        "kinds/mailings/watch/person.html",
        mailing=mailing,
        one=one,
        sort=sort_of(one.state),
        tries=tries_of(one),
        seen=message_of(mailing, one),
        suppression=suppression_of(one.address),
    )


@bp.get("/recipient")
@starters_only
def recipient() -> ResponseReturnValue:
    """Show every mailing that the address ?address= is a recipient of."""
    typed = request.args.get("address", "").replace("\0", "").strip()
    address = compared(typed) if typed else ""
    return render(
        "kinds/mailings/watch/recipient.html",
        typed=typed,
        address=address,
        got=[(each, sort_of(each.delivery.state)) for each in all_of(address, current_user)],
        suppression=suppression_of(address) if address else None,
    )
