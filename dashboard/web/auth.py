"""Signing in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from sqlalchemy import select
from werkzeug.security import generate_password_hash
from wtforms import BooleanField, EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from dashboard.extensions import db, login_manager
from dashboard.jobs import audit
from dashboard.models import User, normal_email, transaction
from dashboard.web import throttle
from dashboard.web.access import address, signed_in
from dashboard.web.filters import duration
from dashboard.web.form import SpeakingForm
from dashboard.web.template import render
from dashboard.words import gettext as _, lazy_gettext, marked

bp = Blueprint("auth", __name__)

WRONG = marked("That e-mail and password do not match.")


class SignInForm(SpeakingForm):
    """Who are you?"""

    email = EmailField(
        lazy_gettext("Work e-mail"),
        [InputRequired(lazy_gettext("Enter your work e-mail")), Length(max=254)],
    )
    password = PasswordField(
        lazy_gettext("Password"), [InputRequired(lazy_gettext("Enter your password"))]
    )
    remember = BooleanField(lazy_gettext("Keep me signed in on this computer"))


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for e-mail and password; go to the page first asked for."""
    target = safe_target(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    form = SignInForm()
    if not form.is_submitted():
        return render("auth/sign_in.html", form=form, error=None)
    if not form.validate():
        return render("auth/sign_in.html", form=form, error=_(WRONG)), 422
    email = normal_email(form.email.data or "")
    keys = (f"email:{email}", f"address:{address()}")
    if wait := throttle.blocked_for(*keys):
        pause = duration(wait.total_seconds())
        text = _("Too many tries. Wait %(time)s, then try again.", time=pause)
        answer = render("auth/sign_in.html", form=form, error=text)
        return answer, 429, {"Retry-After": str(int(wait.total_seconds()) + 1)}
    user = authenticated(email, form.password.data or "")
    if user is None:
        throttle.failed(*keys)
        with transaction():
            audit.record("sign-in.failed", by=None, address=address(), detail={"email": email})
        return render("auth/sign_in.html", form=form, error=_(WRONG)), 422
    throttle.succeeded(keys[0])
    # Nothing of a session that somebody else may have planted survives the sign-in.
    session.clear()
    login_user(user, remember=form.remember.data)
    with transaction():
        audit.record("sign-in", by=user, address=address())
    return redirect(target)


@bp.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End the session."""
    with transaction():
        audit.record("sign-out", by=current_user, address=address())
    logout_user()
    session.clear()
    flash(_("You are signed out."), "good")
    return redirect(url_for("auth.sign_in"))


def authenticated(email: str, password: str) -> User | None:
    """Give the active person with that e-mail and password, or None."""
    user = db.session.scalars(select(User).where(User.email == email)).one_or_none()
    if user is None:
        generate_password_hash(password)  # So that both cases take the same time.
        return None
    return user if user.has_password(password) and user.active else None


def safe_target(target: str | None) -> str:
    """Give *target* if it is a path of this desk, else home: never another host."""
    home = url_for("home.index")
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return home
    parts = urlsplit(target)
    return home if parts.scheme or parts.netloc or any(ord(c) < 32 for c in target) else target


def _page() -> str:
    """Give the page that the person is at: the one asked for, or the one whose form was sent."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    sent_from = urlsplit(request.referrer or "")
    if sent_from.netloc != request.host:
        return url_for("home.index")
    return sent_from._replace(scheme="", netloc="", fragment="").geturl()


@login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
def ask_to_sign_in() -> ResponseReturnValue:
    """Send pages to the sign-in page; parts of pages get 401, so that no card shows a form."""
    location = url_for("auth.sign_in", next=_page())
    if request.headers.get("X-Live"):
        return "", 401
    if request.headers.get("HX-Request"):
        return "", 200, {"HX-Redirect": location}
    return redirect(location)
