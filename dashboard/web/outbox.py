"""The e-mails that the outbox kept, for administrators."""

from flask import Blueprint, abort, current_app
from flask.typing import ResponseReturnValue

from dashboard.mail import Outbox
from dashboard.web.access import admin_only
from dashboard.web.template import render
from dashboard.words import gettext as _

bp = Blueprint("outbox", __name__, url_prefix="/outbox")


@bp.get("")
@admin_only
def index() -> ResponseReturnValue:
    """List the kept e-mails, newest first."""
    return render("outbox/index.html", letters=_outbox().read())


@bp.get("/<letter_id>")
@admin_only
def show(letter_id: str) -> ResponseReturnValue:
    """Show one e-mail."""
    letter = _outbox().get(letter_id)
    if letter is None:
        abort(404)
    return render("outbox/show.html", letter=letter)


def _outbox() -> Outbox:
    mailer = current_app.extensions["mailer"]
    if not isinstance(mailer, Outbox):
        abort(404, _("E-mails leave by SMTP here; none is kept."))
    return mailer
