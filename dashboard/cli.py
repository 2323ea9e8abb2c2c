"""The commands of bin/flask: users, jobs, reports, sources, imports, senders, bounces, …"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from dashboard import beside
from dashboard.demo import commands as demo_commands
from dashboard.extensions import db
from dashboard.jobs import audit, commands as job_commands, kinds
from dashboard.kinds.exports import commands as export_commands
from dashboard.kinds.imports import commands as import_commands
from dashboard.kinds.mailings.bounces import commands as bounce_commands
from dashboard.kinds.mailings.senders import commands as sender_commands
from dashboard.kinds.reports import commands as report_commands
from dashboard.models import (
    PASSWORD_MIN_LENGTH,
    ApiToken,
    Role,
    User,
    clock,
    digest,
    transaction,
)
from dashboard.showcase import commands as showcase_commands
from dashboard.sources import SourceError
from dashboard.web.account import make_token
from dashboard.web.health import parts_heard
from dashboard.web.hub import tell_rights
from dashboard.web.users import add_user, find_user

__all__ = ["Prepared", "init_app", "prepare"]

DEFAULT_EMAIL = "admin@example.com"
PASSWORD_BYTES = 12

users = AppGroup("users", help="People and their tokens.")
sources = AppGroup("sources", help="Databases that staff read from.")


@dataclass(frozen=True)
class Prepared:
    """The first administrator; the password only when it was made now."""

    admin_email: str
    admin_password: str | None


def init_app(app: Flask) -> None:
    """Give *app* its commands, and its migrations to “flask db”."""
    know_migrations(app)
    # The demo itself knows no Flask, so what needs the ledger joins its group here.
    for command in (showcase_commands.states, showcase_commands.crowd):
        demo_commands.demo.add_command(command)
    for command in (
        export_commands.list_tables,
        export_commands.open_table,
        export_commands.close_table,
        import_commands.allow_writing,
    ):
        sources.add_command(command)
    families = (report_commands.reports, import_commands.imports, demo_commands.demo)
    for group in (users, job_commands.jobs, sources, sender_commands.senders, *families):
        app.cli.add_command(group)
    app.cli.add_command(bounce_commands.bounces)
    app.cli.add_command(prepare_command)
    app.cli.add_command(doctor)


def prepare(app: Flask) -> Prepared:
    """Bring the ledger up to date and see to a first administrator."""
    migrated(app)
    with app.app_context():
        return _first_admin()


def migrated(app: Flask) -> None:
    """Bring the tables of the ledger up to date."""
    know_migrations(app)
    with app.app_context():
        flask_migrate.upgrade()


def know_migrations(app: Flask) -> None:
    """Let Flask-Migrate and “flask db” know where the migrations are."""
    flask_migrate.Migrate().init_app(app, db, directory=beside("migrations"))


def _first_admin() -> Prepared:
    email = os.environ.get("BELLHOP_ADMIN_EMAIL", DEFAULT_EMAIL)
    made: str | None = None
    admin = db.session.scalars(
        select(User).where(User.role == Role.ADMIN).order_by(User.id).limit(1)
    ).first()
    if admin is None:
        given = os.environ.get("BELLHOP_ADMIN_PASSWORD")
        made = None if given else secrets.token_urlsafe(PASSWORD_BYTES)
        admin = add_user(email, "Administrator", Role.ADMIN, given or made or "")
    token = os.environ.get("BELLHOP_ADMIN_TOKEN")
    if token:
        _keep_token(admin, token)
    return Prepared(admin.email, made)


def _keep_token(admin: User, token: str) -> None:
    known = select(ApiToken.id).where(ApiToken.digest == digest(token))
    if db.session.execute(known).first() is not None:
        return
    with transaction() as session:
        session.add(
            ApiToken(
                user_id=admin.id,
                name="first start",
                digest=digest(token),
                hint=f"…{token[-4:]}",
                created_at=clock(),
            )
        )


@users.command("add")
@click.argument("email")
@click.option("--name", default=None, help="The name others see.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="staff")
@click.option("--password", default=None, help="Made and printed when not given.")
def users_add(email: str, name: str | None, role: str, password: str | None) -> None:
    """Add a person."""
    if find_user(email) is not None:
        raise click.ClickException(f"{email} is here already.")
    if password is not None and len(password) < PASSWORD_MIN_LENGTH:
        raise click.ClickException(f"Use at least {PASSWORD_MIN_LENGTH} characters.")
    secret = password or secrets.token_urlsafe(PASSWORD_BYTES)
    add_user(email, name or email.partition("@")[0], Role(role), secret)
    click.echo(f"{email} is added as {role}." + ("" if password else f" Password: {secret}"))


@users.command("list")
def users_list() -> None:
    """List everybody."""
    for user in db.session.scalars(select(User).order_by(User.email)):
        off = "" if user.active else "\t(off)"
        click.echo(f"{user.email}\t{user.role}\t{user.name}{off}")


@users.command("token")
@click.argument("email")
@click.option("--name", default="command line", help="What the token is for.")
def users_token(email: str, name: str) -> None:
    """Make an API token for EMAIL and print it: it is shown only here."""
    click.echo(make_token(_user(email), name))


@users.command("password")
@click.argument("email")
def users_password(email: str) -> None:
    """Give EMAIL a new password and print it."""
    user = _user(email)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with transaction():
        user.set_password(password)
        audit.record("account.password", by=None, detail={"email": user.email})
    tell_rights(user.id)
    click.echo(password)


@sources.command("check")
def sources_check() -> None:
    """Connect to each source and say what is not as it should be."""
    for name, source in current_app.extensions["sources"].items():
        try:
            warnings = source.check()
        except SourceError as error:
            warnings = [str(error)]
        click.echo(f"{name}: " + ("; ".join(warnings) or "well"))


@click.command("prepare")
@with_appcontext
def prepare_command() -> None:
    """Bring the ledger up to date and see to a first administrator."""
    prepared = prepare(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo(f"The administrator is {prepared.admin_email}.")
    if prepared.admin_password:
        click.echo(f"The password, shown only here: {prepared.admin_password}")


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Say whether everything the desk needs is there; exits with 1 when something is missing."""
    findings: list[str] = []
    heard = parts_heard()
    findings += [
        f"No {part} was heard of." for part in ("worker", "scheduler") if part not in heard
    ]
    for name, source in current_app.extensions["sources"].items():
        try:
            findings += [f"Source {name}: {warning}" for warning in source.check()]
        except SourceError as error:
            findings.append(f"Source {name}: {error}")
    for name, target in current_app.extensions["targets"].items():
        try:
            findings += [f"Imports into {name}: {warning}" for warning in target.warnings()]
        except SourceError as error:
            findings.append(f"Imports into {name}: {error}")
    if not Path(current_app.instance_path).is_dir():
        findings.append("The state folder is missing.")
    click.echo(f"{len(kinds())} kinds of job, {len(current_app.extensions['sources'])} sources.")
    for finding in findings:
        click.echo(f"- {finding}")
    if findings:
        raise SystemExit(1)
    click.echo("All is well.")


def _user(email: str) -> User:
    user = find_user(email)
    if user is None:
        raise click.ClickException(f"Nobody here has the e-mail address {email}.")
    return user
