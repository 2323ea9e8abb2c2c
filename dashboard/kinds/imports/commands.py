"""bin/flask imports open, close, list, and sources allow-writing."""

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import targets
from dashboard.jobs.errors import Permanent
from dashboard.jobs.kind import STARTERS
from dashboard.jobs.tables import Refused
from dashboard.kinds.imports.checks import WrongChecks, parse_checks
from dashboard.models import ImportTarget, Role
from dashboard.sources import SourceError
from dashboard.sources.writing import target_of

imports = AppGroup("imports", help="Tables that people may import into.")


@imports.command("list")
def list_targets() -> None:
    """List the tables that are open for import."""
    for row in db.session.scalars(select(ImportTarget).order_by(ImportTarget.title)):
        who = "admins" if str(Role.STAFF) not in row.roles else "staff"
        click.echo(f"{row.source}\t{row.name}\t{who}\t{','.join(row.modes)}\topen as {row.title}")


@imports.command("open")
@click.argument("source")
@click.argument("table")
@click.option("--title", default=None, help="What people see; made from the name when not given.")
@click.option("--summary", default="", help="What it is for, in one sentence.")
@click.option("--admins-only", is_flag=True, help="Only administrators may import into it.")
@click.option(
    "--mode",
    "modes",
    multiple=True,
    type=click.Choice((*targets.MODES, targets.MIRROR)),
    help="What people may do; all but mirror when not given. Only administrators may mirror.",
)
@click.option(
    "--checks",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="A TOML file with more checks.",
)
def open_target(
    source: str,
    table: str,
    title: str | None,
    summary: str,
    *,
    admins_only: bool,
    modes: tuple[str, ...],
    checks: Path | None,
) -> None:
    """Open TABLE of SOURCE for import."""
    text = checks.read_text() if checks else ""
    try:
        found = targets.table_of(source, table)
        parse_checks(text, [column.name for column in found.columns])
        row = targets.open_target(
            source,
            table,
            title=title or targets.title_of(table),
            summary=summary,
            roles=frozenset({str(Role.ADMIN)}) if admins_only else STARTERS,
            modes=modes or targets.MODES,
            checks=text,
            by=None,
        )
    except Permanent as error:
        raise click.ClickException(f"{error.what} {error.next}".strip()) from error
    except (Refused, SourceError, WrongChecks) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{table} is open for import as “{row.title}”.")


@imports.command("close")
@click.argument("source")
@click.argument("table")
def close_target(source: str, table: str) -> None:
    """Close TABLE of SOURCE: nobody can import into it until it is opened again."""
    try:
        title = targets.close_target(source, table, by=None)
    except Refused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"“{title}” is closed.")


@click.command("allow-writing")
@click.argument("source")
@click.argument("url")
@with_appcontext
def allow_writing(source: str, url: str) -> None:
    """Prepare SOURCE for imports through a second, writing URL, and print the setting for it.

    It makes the tables in which imports keep what is done and what was there before.
    """
    if source not in current_app.extensions["sources"]:
        raise click.ClickException(f"FLASK_SOURCES has no source called “{source}”.")
    try:
        found = target_of(source, url)
        try:
            found.prepare()
            warnings = found.warnings()
        finally:
            found.dispose()
    except SourceError as error:
        raise click.ClickException(str(error)) from error
    for warning in warnings:
        click.echo(f"- {warning}")
    setting = {**current_app.config["WRITING_SOURCES"], source: url}
    click.echo(f"{source} is prepared. Set this for every part of the desk, and start it again:")
    click.echo(f"FLASK_WRITING_SOURCES='{json.dumps(setting)}'")
