"""Senders, for administrators: all of them, a new one, one that is changed or retired."""

from typing import Final

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.extensions import db
from dashboard.kinds.mailings import senders
from dashboard.kinds.mailings.senders.form import SenderForm, form_for
from dashboard.kinds.mailings.sight import senders_for
from dashboard.models import Sender
from dashboard.web.access import address as caller, admin_only
from dashboard.web.contact_lists import CHANGED
from dashboard.web.template import render
from dashboard.words import gettext as _, told

bp = Blueprint("senders", __name__, url_prefix="/senders")

ONE: Final = "/<int(max=2147483647):sender_id>"


@bp.get("")
@admin_only
def index() -> ResponseReturnValue:
    """List all senders, with a form for a new one."""
    return _page(SenderForm(formdata=None))


@bp.post("")
@admin_only
def add() -> ResponseReturnValue:
    """Add a sender, or give the form back (422)."""
    form = SenderForm()
    if not form.validate():
        return _page(form), 422
    try:
        sender = senders.add(**form.values, by=current_user, caller=caller())
    except senders.Taken:
        return _page(_taken(form)), 422
    flash(_("E-mails may come from %(address)s now.", address=sender.address), "good")
    return redirect(url_for("senders.index"), 303)


@bp.route(ONE, methods=["GET", "POST"])
@admin_only
def change(sender_id: int) -> ResponseReturnValue:
    """Change a sender; one that somebody else has changed since stays as it is (409)."""
    sender = _sender_or_404(sender_id)
    form = form_for(sender)
    if request.method == "GET":
        return _asked(form, sender)
    if not form.validate():
        return _asked(form, sender), 422
    try:
        seen = form.seen.data or ""
        sender = senders.change(sender_id, seen, **form.values, by=current_user, caller=caller())
    except senders.Taken:
        return _asked(_taken(form), _sender_or_404(sender_id)), 422
    except senders.Changed:
        form.form_errors.append(told(CHANGED))
        return _asked(form, _sender_or_404(sender_id)), 409
    flash(_("“%(name)s” is saved.", name=sender.name), "good")
    return redirect(url_for("senders.index"), 303)


@bp.post(f"{ONE}/retire")
@admin_only
def retire(sender_id: int) -> ResponseReturnValue:
    """Let nobody send from it any more."""
    _sender_or_404(sender_id)
    sender = senders.retire(sender_id, by=current_user, caller=caller())
    flash(_("Nobody can send from %(address)s any more.", address=sender.address), "good")
    return redirect(url_for("senders.index"), 303)


@bp.post(f"{ONE}/bring-back")
@admin_only
def bring_back(sender_id: int) -> ResponseReturnValue:
    """Let people send from it again."""
    _sender_or_404(sender_id)
    sender = senders.bring_back(sender_id, by=current_user, caller=caller())
    flash(_("E-mails may come from %(address)s again.", address=sender.address), "good")
    return redirect(url_for("senders.index"), 303)


def _sender_or_404(sender_id: int) -> Sender:
    sender = db.session.get(Sender, sender_id)
    if sender is None:
        abort(404, _("There is no such sender."))
    return sender


def _taken(form: SenderForm) -> SenderForm:
    form.address.errors = [_("There is a sender with this address already.")]
    return form


def _page(form: SenderForm) -> str:
    found = senders_for(current_user, retired=True)
    found.sort(key=lambda sender: sender.retired_at is not None)
    return render("kinds/mailings/senders/index.html", senders=found, form=form)


def _asked(form: SenderForm, sender: Sender) -> str:
    return render("kinds/mailings/senders/change.html", form=form, sender=sender)
