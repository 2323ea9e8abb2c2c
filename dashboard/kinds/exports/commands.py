"""bin/flask sources tables, open, close: what may be exported, said where there is no page."""

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import tables
from dashboard.jobs.kind import STARTERS
from dashboard.jobs.tables import Refused
from dashboard.models import OpenTable, Role
from dashboard.sources import SourceError


@click.command("tables")
@click.argument("source", required=False)
@with_appcontext
def list_tables(source: str | None) -> None:
    """List the tables and views of SOURCE, or of all sources; exits with 1 when one is away."""
    known = current_app.extensions["sources"]
    if source is not None and source not in known:
        raise click.ClickException(f"FLASK_SOURCES has no source called “{source}”.")
    kept = {(row.source, row.name): row for row in db.session.scalars(select(OpenTable))}
    away = False
    for name in [source] if source else known:
        try:
            found = [table for table in known[name].tables() if not table.is_of_imports]
        except SourceError as error:
            click.echo(f"{name}: {error}", err=True)
            away = True
            continue
        for table in found:
            row = kept.get((name, table.name))
            state = f"open as {row.title}" if row else ""
            click.echo(f"{name}\t{table.name}\t{table.kind}\t{state}".rstrip())
    if away:
        raise SystemExit(1)


@click.command("open")
@click.argument("source")
@click.argument("table")
@click.option("--title", default=None, help="What people see; made from the name when not given.")
@click.option("--summary", default="", help="What is in it, in one sentence.")
@click.option("--admins-only", is_flag=True, help="Only administrators may export it.")
@with_appcontext
def open_table(
    source: str, table: str, title: str | None, summary: str, *, admins_only: bool
) -> None:
    """Open TABLE of SOURCE for export."""
    roles = frozenset({str(Role.ADMIN)}) if admins_only else STARTERS
    try:
        row = tables.open_table(
            source,
            table,
            title=title or tables.title_of(table),
            summary=summary,
            roles=roles,
            by=None,
        )
    except (Refused, SourceError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{table} is open for export as “{row.title}”.")


@click.command("close")
@click.argument("source")
@click.argument("table")
@with_appcontext
def close_table(source: str, table: str) -> None:
    """Close TABLE of SOURCE: nobody can export it until it is opened again."""
    try:
        title = tables.close_table(source, table, by=None)
    except Refused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"“{title}” is closed.")
