"""The list of mailings: drafts, those under way, those that are over; and a new one."""

from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload

from dashboard.extensions import db
from dashboard.kinds.mailings.drafts.ledger import create
from dashboard.kinds.mailings.sight import senders_for, visible_to
from dashboard.kinds.mailings.words import page_of, state_of
from dashboard.models import Mailing, MailingState
from dashboard.web.access import starters_only
from dashboard.web.template import render
from dashboard.words import gettext as _, lazy_gettext

bp = Blueprint("mailings", __name__, url_prefix="/mailings")

PAGE: Final = 50  # mailings
SHOW: Final = {
    "drafts": (MailingState.DRAFT, MailingState.ASKED),
    "under-way": (MailingState.SENDING, MailingState.PAUSED),
    "over": (MailingState.FINISHED, MailingState.STOPPED),
}
SHOWN: Final = (
    ("", lazy_gettext("All")),
    ("drafts", lazy_gettext("Drafts")),
    ("under-way", lazy_gettext("Under way")),
    ("over", lazy_gettext("Ended")),
)


@bp.get("")
@starters_only
def index() -> ResponseReturnValue:
    """List the mailings that the person may see: ?show= is where they stand, ?before= the page."""
    show = request.args.get("show", "")
    query = select(Mailing).where(visible_to(current_user))
    if show in SHOW:
        query = query.where(Mailing.state.in_(SHOW[show]))
    before = _place(request.args.get("before", ""))
    if before is not None:
        query = query.where(tuple_(Mailing.changed_at, Mailing.id) < tuple_(*before))
    query = query.order_by(Mailing.changed_at.desc(), Mailing.id.desc()).limit(PAGE + 1)
    query = query.options(joinedload(Mailing.sender), joinedload(Mailing.made_by))
    found = list(db.session.scalars(query))
    more = found[PAGE - 1] if len(found) > PAGE else None
    return render(
        "kinds/mailings/index.html",
        rows=[(each, state_of(each), page_of(each)) for each in found[:PAGE]],
        show=show if show in SHOW else "",
        shown=SHOWN,
        newest=url_for("mailings.index", show=show or None) if before else "",
        older=url_for("mailings.index", show=show or None, before=_named(more)) if more else "",
    )


@bp.post("", endpoint="create")
@starters_only
def create_draft() -> ResponseReturnValue:
    """Begin a new mailing."""
    senders = senders_for(current_user)
    sender_id = senders[0].id if senders else None
    mailing = create(_("New mailing"), by=current_user, sender_id=sender_id)
    return redirect(url_for("drafts.edit", mailing_id=mailing.id), 303)


def _named(mailing: Mailing) -> str:
    """Give the place of a mailing in the list, for an address."""
    return f"{mailing.changed_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{mailing.id}"


def _place(text: str) -> tuple[datetime, int] | None:
    at, _, number = text.rpartition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    try:
        return datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(number)
    except ValueError:
        return None
