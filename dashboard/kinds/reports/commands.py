"""bin/flask reports: what is there, and a trial of a file while it is written."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from werkzeug.datastructures import MultiDict

from dashboard.jobs.errors import Permanent
from dashboard.kinds.reports.catalogue import shelf
from dashboard.kinds.reports.definition import Report, read
from dashboard.kinds.reports.form import form_factory
from dashboard.kinds.reports.head import ReportError
from dashboard.kinds.reports.preview import preview
from dashboard.kinds.reports.wording import describe, title_of
from dashboard.sources import SourceError

TRIED_ROWS = 5

reports = AppGroup("reports", help="Reports: one .sql file each.")


@reports.command("list")
def list_reports() -> None:
    """List the reports, and the files that cannot be used; exits with 1 when there are any."""
    found = shelf()
    _table([[report.name, report.title, report.source] for report in found.reports.values()])
    for problem in found.problems:
        line = f", line {problem.line}" if problem.line else ""
        click.echo(f"{problem.file}{line}: {problem.reason}", err=True)
    if found.problems:
        raise SystemExit(1)


@reports.command("try")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("choices", nargs=-1, metavar="[NAME=VALUE]...")
def try_report(file: Path, choices: tuple[str, ...]) -> None:
    """Read FILE, explain it and show five rows.

    Choices are given as in an address: period=last-month region=North.
    """
    try:
        report = read(file)
    except ReportError as error:
        raise click.ClickException(str(error)) from error
    if report.source not in current_app.extensions["sources"]:
        raise click.ClickException(f"FLASK_SOURCES has no source called “{report.source}”.")
    _explain(report)
    form = form_factory(report)(_pairs(choices), csrf=False)
    if not form.validate():
        wrong = [f"{name}: {' '.join(words)}" for name, words in form.errors.items()]
        raise click.ClickException("\n".join(["These choices do not fit.", *wrong]))
    params = form.params()
    try:
        found = preview(report, params, limit=TRIED_ROWS)
    except (SourceError, Permanent) as error:
        detail = getattr(error, "detail", "")
        raise click.ClickException(f"{error}\n{detail}".strip()) from error
    click.echo(f"\n{title_of(report, params)}")
    _table([[f"  {label}", value] for label, value in describe(report, params)])
    click.echo("\nColumns")
    _table([[f"  {label}", kind] for label, kind in found.columns])
    click.echo(f"\nFirst rows: {len(found.rows)}")
    _table([[label for label, _ in found.columns], *map(list, found.rows)])


def _explain(report: Report) -> None:
    click.echo(f"{report.title}: {report.summary}")
    click.echo(f"Source {report.source}; formats {', '.join(report.formats)}; ", nl=False)
    click.echo(f"for {', '.join(sorted(report.roles))}; at most {report.soft_limit} s")
    if report.parameters:
        click.echo("\nChoices")
    _table(
        [
            [
                f"  {item.name}",
                item.type,
                item.label,
                "required" if item.required else "",
                "" if item.default is None else f"default {item.default}",
            ]
            for item in report.parameters
        ]
    )


def _pairs(choices: tuple[str, ...]) -> "MultiDict[str, str]":
    pairs = [choice.partition("=") for choice in choices]
    for name, equals, _ in pairs:
        if not equals:
            raise click.ClickException(f"“{name}” must be given as NAME=VALUE.")
    return MultiDict([(name, value) for name, _, value in pairs])


def _table(rows: list[list[str]]) -> None:
    """Print *rows* in columns as wide as their widest value."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [value.ljust(width) for value, width in zip(row, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())
