"""bin/flask bounces."""

import click
from flask import current_app
from flask.cli import with_appcontext

from dashboard.kinds.mailings.bounces.reading import read
from dashboard.mail import NoRound
from dashboard.mail.bounces import Account


@click.command("bounces")
@with_appcontext
def bounces() -> None:
    """Read the mailbox of bounces now, and say what was found."""
    account: Account | None = current_app.extensions["bounces"]
    if account is None:
        raise click.ClickException("FLASK_MAIL_BOUNCES_URL is not set.")
    try:
        found = read(account)
    except NoRound as trouble:
        raise click.ClickException(f"{account.name} could not be read. {trouble}") from trouble
    assert found is not None
    click.echo(f"New messages in {account.name}: {found.messages:,}")
    click.echo(f"Reports about e-mails of this desk: {found.reports:,}")
    click.echo(f"Recipients marked: {found.marked:,}")
    click.echo(f"Addresses new on the list: {found.suppressed:,}")
