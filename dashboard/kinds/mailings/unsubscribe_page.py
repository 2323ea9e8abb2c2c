"""The page behind the link “Stop these e-mails”, and one click of a mail program (RFC 8058)."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from dashboard.extensions import csrf
from dashboard.kinds.mailings.unsubscribing import PATH, Asked, asked_by, stop
from dashboard.web.template import render
from dashboard.words import gettext as _

bp = Blueprint("unsubscribe", __name__, url_prefix=PATH)


@bp.get("/<token>")
def ask(token: str) -> ResponseReturnValue:
    """Ask: programs that look at every link of an e-mail must not stop anything."""
    return render("kinds/mailings/unsubscribe.html", asked=_asked_or_404(token), is_done=False)


@bp.post("/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # A mail program has no form; the token is signed.
def unsubscribe(token: str) -> ResponseReturnValue:
    """Stop the e-mails to the person whose link this is, at once and without signing in."""
    asked = _asked_or_404(token)
    stop(asked)
    return render("kinds/mailings/unsubscribe.html", asked=asked, is_done=True)


def _asked_or_404(token: str) -> Asked:
    asked = asked_by(token)
    if asked is None:
        abort(404, _("This link is not whole. Copy it from the e-mail once more."))
    return asked
