"""A person's own account: name, manner of reading, theme, password, API tokens."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user
from sqlalchemy import select
from wtforms import BooleanField, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.jobs.manner import manner_of
from dashboard.models import (
    PASSWORD_MIN_LENGTH,
    ApiToken,
    Theme,
    User,
    clock,
    digest,
    new_token,
    transaction,
)
from dashboard.web import manner
from dashboard.web.access import address, signed_in
from dashboard.web.form import SpeakingForm
from dashboard.web.hub import tell_rights
from dashboard.web.long_select import LongSelect
from dashboard.web.template import render
from dashboard.words import gettext as _, lazy_gettext, marked, speaking_to

bp = Blueprint("account", __name__, url_prefix="/account")

NEW_TOKEN = "new_token"
# Names that a machine keeps for itself; no browser knows them.
NO_ZONES = frozenset({"Factory", "localtime"})
THEMES = {
    str(Theme.SYSTEM): marked("As the system does"),
    str(Theme.LIGHT): marked("Light"),
    str(Theme.DARK): marked("Dark"),
}


class ProfileForm(SpeakingForm):
    """What others see, and how pages look."""

    name = StringField(
        lazy_gettext("Name"), [DataRequired(lazy_gettext("Enter your name")), Length(max=120)]
    )
    locale = SelectField(lazy_gettext("Language, numbers and dates"), default="")
    time_zone = SelectField(lazy_gettext("Time zone"), widget=LongSelect())
    theme = SelectField(lazy_gettext("Look"))
    notify = BooleanField(
        lazy_gettext("E-mail me when my jobs are ready, unless I choose otherwise")
    )


class PasswordForm(SpeakingForm):
    """A new password; every other session of the person ends."""

    present = PasswordField(
        lazy_gettext("Present password"),
        [InputRequired(lazy_gettext("Enter your present password"))],
    )
    password = PasswordField(
        lazy_gettext("New password"),
        [
            InputRequired(lazy_gettext("Enter a new password")),
            Length(PASSWORD_MIN_LENGTH, 200, lazy_gettext("Use at least %(min)d characters")),
        ],
    )
    again = PasswordField(
        lazy_gettext("New password again"),
        [EqualTo("password", lazy_gettext("The two new passwords differ"))],
    )

    def validate_present(self, field: PasswordField) -> None:
        """Raise ValidationError unless the present password is right."""
        if not current_user.has_password(field.data):
            raise ValidationError(_("That is not your present password"))


class TokenForm(SpeakingForm):
    """A token for a program."""

    name = StringField(
        lazy_gettext("What it is for"),
        [DataRequired(lazy_gettext("Say what it is for")), Length(max=80)],
    )


@bp.get("")
@signed_in
def show() -> ResponseReturnValue:
    """Show the account."""
    return _page()


@bp.post("/profile")
@signed_in
def profile() -> ResponseReturnValue:
    """Change name, manner of reading, theme, notification."""
    form = _profile_form()
    if not form.validate():
        return _page(profile_form=form), 422
    with transaction():
        current_user.name = " ".join((form.name.data or "").split())
        current_user.locale = form.locale.data or None
        current_user.time_zone = form.time_zone.data
        current_user.theme = form.theme.data
        current_user.notify = form.notify.data
        audit.record("account.profile", by=current_user, address=address())
    tell_rights(current_user.id)  # What open pages bring is in the new manner too.
    with speaking_to(manner_of(current_user)):
        flash(_("Saved."), "good")
    return redirect(url_for("account.show"))


@bp.post("/password")
@signed_in
def password() -> ResponseReturnValue:
    """Change the password."""
    form = PasswordForm()
    if not form.validate():
        return _page(password_form=form), 422
    with transaction():
        current_user.set_password(form.password.data)
        audit.record("account.password", by=current_user, address=address())
    # The session key has changed with the password: this browser stays signed in, for as long.
    kept = current_app.config["REMEMBER_COOKIE_NAME"] in request.cookies
    login_user(db.session.get_one(User, current_user.id), remember=kept)
    tell_rights(current_user.id)
    flash(_("Your password is changed. Other browsers are signed out."), "good")
    return redirect(url_for("account.show"))


@bp.post("/tokens")
@signed_in
def add_token() -> ResponseReturnValue:
    """Make a token; it is shown once."""
    form = TokenForm()
    if not form.validate():
        return _page(token_form=form), 422
    session[NEW_TOKEN] = make_token(current_user, form.name.data or "")
    return redirect(url_for("account.show"))


@bp.post("/tokens/<int(max=2147483647):token_id>/revoke")
@signed_in
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Make a token useless."""
    query = select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == current_user.id)
    with transaction():
        token = db.session.scalars(query).one_or_none()
        if token is None:
            abort(404)
        token.revoked_at = token.revoked_at or clock()
        audit.record("token.revoke", by=current_user, address=address(), detail={"id": token.id})
    tell_rights(current_user.id)
    flash(_("The token “%(name)s” no longer works.", name=token.name), "good")
    return redirect(url_for("account.show"))


def make_token(user: User, name: str) -> str:
    """Keep the digest of a new token of *user*, give the token itself."""
    secret = new_token()
    with transaction() as db_session:
        db_session.add(
            ApiToken(
                user_id=user.id,
                name=name,
                digest=digest(secret),
                hint=f"…{secret[-4:]}",
                created_at=clock(),
            )
        )
        audit.record("token.make", by=user, detail={"name": name})
    return secret


@cache
def zone_choices() -> dict[str, str]:
    """Give the time zones by name; they are files, which are looked for once a process."""
    zones = sorted(available_timezones() - NO_ZONES)
    return {zone: zone.replace("_", " ") for zone in zones}


def locale_choices() -> dict[str, str]:
    """Give the ways to write numbers and dates, each with an example; the first is the desk's."""
    desks = manner.example(current_app.config["LOCALE"])
    return {"": _("As the desk does: %(example)s", example=desks), **manner.examples()}


def _profile_form(**given: Any) -> ProfileForm:
    form = ProfileForm(**given)
    form.locale.choices = locale_choices()
    form.time_zone.choices = zone_choices()
    form.theme.choices = {theme: _(word) for theme, word in THEMES.items()}
    return form


def _page(
    profile_form: ProfileForm | None = None,
    password_form: PasswordForm | None = None,
    token_form: TokenForm | None = None,
) -> str:
    if profile_form is None:
        profile_form = _profile_form(formdata=None, obj=current_user)
    tokens = select(ApiToken).where(
        ApiToken.user_id == current_user.id, ApiToken.revoked_at.is_(None)
    )
    return render(
        "account/show.html",
        profile_form=profile_form,
        password_form=password_form or PasswordForm(formdata=None),
        token_form=token_form or TokenForm(formdata=None),
        tokens=list(db.session.scalars(tokens.order_by(ApiToken.created_at))),
        new_token=session.pop(NEW_TOKEN, None) if request.method == "GET" else None,
    )
