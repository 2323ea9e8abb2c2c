"""People and their roles, for administrators."""

import secrets

from flask import Blueprint, abort, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from wtforms import EmailField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Email, InputRequired, Length

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.models import Role, User, clock, normal_email, transaction
from dashboard.web.access import address, admin_only
from dashboard.web.form import SpeakingForm
from dashboard.web.hub import tell_rights
from dashboard.web.template import render
from dashboard.words import gettext as _, lazy_gettext, marked

bp = Blueprint("users", __name__, url_prefix="/users")

NEW_PASSWORD = "new_password"
PASSWORD_BYTES = 12
ROLES = {
    str(Role.VIEWER): marked("Viewer: sees what is shared"),
    str(Role.STAFF): marked("Staff: starts jobs"),
    str(Role.ADMIN): marked("Administrator: sees and changes all"),
}
NOW = {
    str(Role.VIEWER): marked("%(name)s is now viewer."),
    str(Role.STAFF): marked("%(name)s is now staff."),
    str(Role.ADMIN): marked("%(name)s is now admin."),
}


class UserForm(SpeakingForm):
    """A new person."""

    email = EmailField(
        lazy_gettext("Work e-mail"),
        [
            InputRequired(lazy_gettext("Enter an e-mail address")),
            Email(lazy_gettext("Enter a full e-mail address")),
        ],
        filters=[lambda text: text.strip() if text else text],
    )
    name = StringField(
        lazy_gettext("Name"), [DataRequired(lazy_gettext("Enter a name")), Length(max=120)]
    )
    role = SelectField(lazy_gettext("Role"), choices=lambda: roles(), default=str(Role.STAFF))

    def validate_email(self, field: EmailField) -> None:
        """Raise ValidationError when somebody has this address already."""
        if find_user(field.data or "") is not None:
            raise ValidationError(_("Somebody with this e-mail address is here already"))


@bp.get("")
@admin_only
def index() -> ResponseReturnValue:
    """List everybody."""
    return _page(UserForm(formdata=None))


@bp.post("")
@admin_only
def add() -> ResponseReturnValue:
    """Add a person; the first password is shown once."""
    form = UserForm()
    if not form.validate():
        return _page(form), 422
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    email, name = form.email.data or "", form.name.data or ""
    user = add_user(email, name, Role(form.role.data), password, current_user)
    session[NEW_PASSWORD] = [user.email, password]
    return redirect(url_for("users.index"))


@bp.post("/<int(max=2147483647):user_id>")
@admin_only
def change(user_id: int) -> ResponseReturnValue:
    """Change a role, switch a person off or on, or set a new password."""
    user = db.session.get(User, user_id)
    if user is None:
        abort(404)
    act = request.form.get("act", "")
    if user.id == current_user.id:
        flash(_("You cannot change your own role or switch yourself off."), "bad")
        return redirect(url_for("users.index"))
    with transaction():
        match act:
            case "role" if request.form.get("role") in set(Role):
                user.role = request.form["role"]
                text = _(NOW[user.role], name=user.name)
            case "switch":
                user.active = not user.active
                if user.active:
                    text = _("%(name)s may sign in again.", name=user.name)
                else:
                    text = _("%(name)s may not sign in now.", name=user.name)
            case "password":
                password = secrets.token_urlsafe(PASSWORD_BYTES)
                user.set_password(password)
                session[NEW_PASSWORD] = [user.email, password]
                text = _("%(name)s has a new password.", name=user.name)
            case _:
                abort(400, _("There is no such change."))
        audit.record(f"user.{act}", by=current_user, address=address(), detail={"user": user.id})
    tell_rights(user.id)
    flash(text, "good")
    return redirect(url_for("users.index"))


def roles() -> dict[str, str]:
    """Give the roles, each in a few words."""
    return {role: _(words) for role, words in ROLES.items()}


def find_user(email: str) -> User | None:
    """Give the person with the e-mail address, or None."""
    query = select(User).where(User.email == normal_email(email))
    return db.session.scalars(query).one_or_none()


def add_user(email: str, name: str, role: Role, password: str, by: User | None = None) -> User:
    """Add a person to the ledger."""
    with transaction() as db_session:
        user = User(
            email=normal_email(email),
            name=" ".join(name.split()),
            role=role,
            time_zone=current_app.config["TIME_ZONE"],
            created_at=clock(),
        )
        user.set_password(password)
        db_session.add(user)
        db_session.flush()
        audit.record("user.add", by=by, detail={"user": user.id, "role": role})
    return user


def _page(form: UserForm) -> str:
    return render(
        "users/index.html",
        users=list(db.session.scalars(select(User).order_by(User.name))),
        form=form,
        roles=list(roles().items()),
        new_password=session.pop(NEW_PASSWORD, None) if request.method == "GET" else None,
    )
