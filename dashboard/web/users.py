"""People and their roles, for administrators."""

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import EmailField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Email, InputRequired, Length

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.models import Role, User, clock, normal_email, transaction
from dashboard.web.access import address, admin_only
from dashboard.web.hub import tell_rights

bp = Blueprint("users", __name__, url_prefix="/users")

NEW_PASSWORD = "new_password"
PASSWORD_BYTES = 12
ROLES = {
    str(Role.VIEWER): "Viewer: sees what is shared",
    str(Role.STAFF): "Staff: starts jobs",
    str(Role.ADMIN): "Administrator: sees and changes all",
}


class UserForm(FlaskForm):  # type: ignore[misc]  # flask-wtf is not typed.
    """A new person."""

    email = EmailField(
        "Work e-mail",
        [InputRequired("Enter an e-mail address"), Email("Enter a full e-mail address")],
        filters=[lambda text: text.strip() if text else text],
    )
    name = StringField("Name", [DataRequired("Enter a name"), Length(max=120)])
    role = SelectField("Role", choices=ROLES, default=str(Role.STAFF))

    def validate_email(self, field: EmailField) -> None:
        """Raise ValidationError when somebody has this address already."""
        if find_user(field.data or "") is not None:
            raise ValidationError("Somebody with this e-mail address is here already")


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
        flash("You cannot change your own role or switch yourself off.", "bad")
        return redirect(url_for("users.index"))
    with transaction():
        match act:
            case "role" if request.form.get("role") in set(Role):
                user.role = request.form["role"]
                text = f"{user.name} is now {user.role}."
            case "switch":
                user.active = not user.active
                text = f"{user.name} may {'sign in again' if user.active else 'not sign in now'}."
            case "password":
                password = secrets.token_urlsafe(PASSWORD_BYTES)
                user.set_password(password)
                session[NEW_PASSWORD] = [user.email, password]
                text = f"{user.name} has a new password."
            case _:
                abort(400, "There is no such change.")
        audit.record(f"user.{act}", by=current_user, address=address(), detail={"user": user.id})
    tell_rights(user.id)
    flash(text, "good")
    return redirect(url_for("users.index"))


def find_user(email: str) -> User | None:
    """Give the person with the e-mail address, or None."""
    query = select(User).where(User.email == normal_email(email))
    return db.session.scalars(query).one_or_none()


def add_user(email: str, name: str, role: Role, password: str, by: User | None = None) -> User:
    """Add a person to the ledger."""
    with transaction() as db_session:
        user = User(
            email=normal_email(email), name=" ".join(name.split()), role=role, created_at=clock()
        )
        user.set_password(password)
        db_session.add(user)
        db_session.flush()
        audit.record("user.add", by=by, detail={"user": user.id, "role": role})
    return user


def _page(form: UserForm) -> str:
    return render_template(
        "users/index.html",
        users=list(db.session.scalars(select(User).order_by(User.name))),
        form=form,
        roles=list(ROLES.items()),
        new_password=session.pop(NEW_PASSWORD, None) if request.method == "GET" else None,
    )
