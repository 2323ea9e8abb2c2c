"""The pages between a checked draft and sending: send it, ask, approve, decline, take it back."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.extensions import db
from dashboard.kinds.mailings import release
from dashboard.kinds.mailings.drafts.page import asked_row, letter_of
from dashboard.kinds.mailings.release.approvers import may_approve
from dashboard.kinds.mailings.release.card import Card, card_of
from dashboard.kinds.mailings.release.obstacles import obstacles
from dashboard.kinds.mailings.release.refusals import BROKEN, TIME_OVER, Refused
from dashboard.kinds.mailings.release.seal import mark_of, present_seal
from dashboard.kinds.mailings.release.speed import allowed, seconds_for
from dashboard.kinds.mailings.sight import find_mailing
from dashboard.models import Mailing, MailingState, clock
from dashboard.web.access import signed_in, starters_only
from dashboard.web.template import render
from dashboard.words import gettext as _

bp = Blueprint("sendoff", __name__, url_prefix="/mailings/<int(max=2147483647):mailing_id>")


@bp.app_template_global("send_card")
def send_card(mailing: Mailing) -> Card:
    """Give the card of a draft for whoever reads, on the pages of other parts."""
    return card_of(mailing, current_user)


@bp.get("/send")
@signed_in
def show(mailing_id: int) -> ResponseReturnValue:
    """Show the draft as it can be sent, or what a second person is asked to approve."""
    mailing = _mailing_or_404(mailing_id)
    if mailing.state == MailingState.DRAFT:
        return _draft(card_of(mailing, current_user))
    if mailing.state == MailingState.ASKED:
        return _asked(mailing)
    return redirect(url_for("watch.show", mailing_id=mailing.id))


@bp.post("/send")
@starters_only
def send(mailing_id: int) -> ResponseReturnValue:
    """Send the draft; what is being sent already is shown instead."""
    return _from_form(
        mailing_id,
        lambda card: release.send(
            mailing_id,
            by=current_user,
            version=_version(),
            seen=request.form.get("seen", ""),
            typed=card.form.typed.data or "",
            at=card.form.at,
            a_minute=card.form.speed,
        ),
    )


@bp.post("/ask")
@starters_only
def ask(mailing_id: int) -> ResponseReturnValue:
    """Ask a second person to approve the draft."""
    return _from_form(
        mailing_id,
        lambda card: release.ask(
            mailing_id,
            by=current_user,
            version=_version(),
            seen=request.form.get("seen", ""),
            at=card.form.at,
            a_minute=card.form.speed,
        ),
    )


@bp.post("/approve")
@starters_only
def approve(mailing_id: int) -> ResponseReturnValue:
    """Send what somebody else has asked approval for."""
    _mailing_or_404(mailing_id)
    seen = request.form.get("seen", "")
    return _done(
        mailing_id,
        lambda: release.approve(mailing_id, by=current_user, version=_version(), seen=seen),
    )


@bp.post("/decline")
@starters_only
def decline(mailing_id: int) -> ResponseReturnValue:
    """Make it a draft again, and say why."""
    mailing = _mailing_or_404(mailing_id)
    note = request.form.get("note", "")
    if mailing.state == MailingState.ASKED and not note.strip():
        return _asked(mailing, problem=_("Say why, so that it can be put right.")), 422
    return _done(
        mailing_id,
        lambda: release.decline(mailing_id, by=current_user, version=_version(), note=note),
        _("It is a draft again, and whoever asked for approval is told why."),
    )


@bp.post("/take-back")
@starters_only
def take_back(mailing_id: int) -> ResponseReturnValue:
    """Ask for approval no longer."""
    _mailing_or_404(mailing_id)
    return _done(
        mailing_id,
        lambda: release.take_back(mailing_id, by=current_user, version=_version()),
        _("It is a draft again."),
    )


@bp.get("/reopen")
@starters_only
def confirm(mailing_id: int) -> ResponseReturnValue:
    """Ask whether it is to be a draft again."""
    mailing = _mailing_or_404(mailing_id)
    if not release.may_reopen(mailing):
        return _where_it_stands(mailing_id)
    return render("kinds/mailings/release/reopen.html", mailing=mailing)


@bp.post("/reopen")
@starters_only
def reopen(mailing_id: int) -> ResponseReturnValue:
    """Make a draft again of what has not begun to leave."""
    _mailing_or_404(mailing_id)
    return _done(
        mailing_id,
        lambda: release.reopen(mailing_id, by=current_user, version=_version()),
        _("It is a draft again."),
    )


def _from_form(mailing_id: int, act: Callable[[Card], None]) -> ResponseReturnValue:
    mailing = _mailing_or_404(mailing_id)
    if mailing.state != MailingState.DRAFT:
        return _where_it_stands(mailing_id)
    card = card_of(mailing, current_user, request.form)
    if not card.form.validate():
        return _draft(card), 422
    return _done(mailing_id, lambda: act(card))


def _done(mailing_id: int, act: Callable[[], None], said: str = "") -> ResponseReturnValue:
    """Do it, and lead to where the mailing stands now, with what is to be said."""
    before = _mailing_or_404(mailing_id).state
    try:
        act()
    except Refused as error:
        # Somebody was quicker, or pressed twice: that page says it all.
        if db.session.get_one(Mailing, mailing_id, populate_existing=True).state == before:
            flash(str(error), "bad")
    else:
        if said:
            flash(said, "good")
    return _where_it_stands(mailing_id)


def _where_it_stands(mailing_id: int) -> ResponseReturnValue:
    mailing = db.session.get_one(Mailing, mailing_id, populate_existing=True)
    before = mailing.state in (MailingState.DRAFT, MailingState.ASKED)
    view = "sendoff.show" if before else "watch.show"
    return redirect(url_for(view, mailing_id=mailing_id), 303)


def _draft(card: Card) -> str:
    return render("kinds/mailings/release/send.html", mailing=card.mailing, send=card)


def _asked(mailing: Mailing, problem: str = "") -> str:
    assert mailing.seal is not None
    people = mailing.seal["people"]
    speed = min((x for x in (allowed(mailing.sender), mailing.a_minute) if x), default=None)
    return render(
        "kinds/mailings/release/asked.html",
        mailing=mailing,
        people=people,
        mark=mark_of(mailing.seal),
        speed=speed,
        seconds=seconds_for(people, speed),
        trouble=_trouble(mailing),
        may_approve=may_approve(mailing, current_user),
        is_own=mailing.asked_by_id == current_user.id,
        problem=problem,
        **letter_of(mailing, asked_row()),
    )


def _trouble(mailing: Mailing) -> str:
    """Give why nobody can approve it as it stands, or ""."""
    if mailing.seal != present_seal(mailing):
        return _(BROKEN)
    if mailing.send_at is not None and mailing.send_at <= clock():
        return _(TIME_OVER)
    asker = mailing.asked_by
    found = obstacles(mailing, current_user if asker is None else asker)
    return found[0].sentence if found else ""


def _mailing_or_404(mailing_id: int) -> Mailing:
    mailing = find_mailing(mailing_id, current_user)
    if mailing is None:
        abort(404)
    return mailing


def _version() -> int:
    return request.form.get("version", 0, type=int)
