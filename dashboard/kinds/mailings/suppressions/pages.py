"""The list as people see it: searched, added to, and left again with a reason."""

from typing import Any, Final

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.kinds.mailings.bounces import standing
from dashboard.kinds.mailings.hooks.subscriptions import open_subscriptions
from dashboard.kinds.mailings.sight import visible_to
from dashboard.kinds.mailings.suppressions import find, let_off, one, suppress_all
from dashboard.kinds.mailings.suppressions.form import AddForm, LetOffForm
from dashboard.kinds.mailings.suppressions.wording import CAUSES, OWN_WISH
from dashboard.models import Mailing, Suppression, User
from dashboard.web.access import address as caller, admin_only, starters_only
from dashboard.web.template import render
from dashboard.words import gettext as _, ngettext

bp = Blueprint("suppressions", __name__, url_prefix="/suppressions")

SEARCH_LIMIT: Final = 320  # characters, as long as an address may be


@bp.get("")
@starters_only
def index() -> ResponseReturnValue:
    """Show the list, or with ?q= those of it that begin so."""
    q = request.args.get("q", "").strip()[:SEARCH_LIMIT]
    page = find(q, after=request.args.get("after", ""), before=request.args.get("before", ""))
    wants_hooks = current_user.is_admin and current_app.config["MAIL_HOOK_SECRET"]
    return render(
        "kinds/mailings/suppressions/index.html",
        page=page,
        q=q,
        causes=CAUSES,
        people=_names(page.found),
        mailings=_mailings(page.found),
        subscriptions=open_subscriptions() if wants_hooks else [],
        bounces=standing(),
    )


@bp.route("/add", methods=["GET", "POST"])
@starters_only
def add() -> ResponseReturnValue:
    """Add addresses by hand: all that were pasted, or none (422)."""
    form = AddForm()
    if request.method == "GET":
        return _asked_to_add(form)
    if not form.validate():
        return _asked_to_add(form), 422
    given = form.pasted.addresses
    new = suppress_all(given, note=form.reason.data or "", by=current_user, caller=caller())
    if new == len(given) == 1:
        text = _("Nothing more is sent to %(email)s.", email=given[0])
    else:
        text = ngettext("%(num)s address is added.", "%(num)s addresses are added.", new)
        if there := len(given) - new:
            known = ngettext("%(num)s stands there already.", "%(num)s stand there already.", there)
            text = f"{text} {known}"
    flash(text, "good")
    return redirect(url_for("suppressions.index"), 303)


@bp.route("/let-off", methods=["GET", "POST"])
@admin_only
def leave() -> ResponseReturnValue:
    """Ask why mailings may go to ?address= again, and let it off."""
    found = one(request.args.get("address", ""))
    if found is None:
        abort(404, _("This address is not on the list."))
    form = LetOffForm()
    if request.method == "GET" or not form.validate():
        page = _asked_to_leave(form, found)
        return (page, 422) if form.errors else page
    email = found.address
    let_off(email, by=current_user, reason=form.reason.data or "", caller=caller())
    flash(_("Mailings may go to %(email)s again.", email=email), "good")
    return redirect(url_for("suppressions.index"), 303)


def _names(found: list[Suppression]) -> dict[int, str]:
    """Give the names of those who added some by hand."""
    ids = {each.added_by_id for each in found if each.added_by_id is not None}
    query = select(User.id, User.name).where(User.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(query)} if ids else {}


def _mailings(found: list[Suppression]) -> dict[int, Mailing]:
    """Give the mailings that led to some, as far as the person may see them."""
    ids = {each.mailing_id for each in found if each.mailing_id is not None}
    query = select(Mailing).where(Mailing.id.in_(ids), visible_to(current_user))
    return {mailing.id: mailing for mailing in db.session.scalars(query)} if ids else {}


def _asked_to_add(form: AddForm) -> str:
    return render("kinds/mailings/suppressions/add.html", form=form)


def _asked_to_leave(form: LetOffForm, found: Suppression) -> str:
    context: dict[str, Any] = {
        "form": form,
        "suppression": found,
        "cause": CAUSES[found.cause],
        "is_own_wish": found.cause in OWN_WISH,
    }
    return render("kinds/mailings/suppressions/let_off.html", **context)
