"""bin/flask senders add, list, dkim."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.kind import STARTERS
from dashboard.kinds.mailings.senders import Taken, Unfit, add
from dashboard.kinds.mailings.senders.ledger import ALWAYS
from dashboard.mail.signing import Signers
from dashboard.models import Role, Sender

senders = AppGroup("senders", help="The addresses that mailings come from.")


@senders.command("list")
def list_senders() -> None:
    """List the senders."""
    for sender in db.session.scalars(select(Sender).order_by(Sender.address)):
        who = "staff" if Role.STAFF in sender.roles else "admins"
        off = "\t(retired)" if sender.retired_at else ""
        click.echo(f"{sender.address}\t{sender.name}\t{who}{off}")


@senders.command("add")
@click.argument("address")
@click.option("--name", required=True, help="What recipients see.")
@click.option("--reply-to", default="", help="Where answers go, if not to the same address.")
@click.option("--admins-only", is_flag=True, help="Only administrators may send from it.")
@click.option(
    "--a-minute", type=click.IntRange(1), default=None, help="How many e-mails may leave a minute."
)
def add_sender(
    address: str, name: str, reply_to: str, *, admins_only: bool, a_minute: int | None
) -> None:
    """Let people send mailings from ADDRESS."""
    roles = ALWAYS if admins_only else STARTERS
    try:
        sender = add(name, address, reply_to=reply_to, roles=roles, a_minute=a_minute)
    except Unfit as error:
        raise click.ClickException(f"{error}.") from error
    except Taken as error:
        raise click.ClickException(f"There is a sender {address} already.") from error
    click.echo(f"E-mails may come from {sender.name} <{sender.address}> now.")


@senders.command("dkim")
@click.argument("domain")
def show_dkim(domain: str) -> None:
    """Print what the DNS has to say of the keys that sign for DOMAIN."""
    signers: Signers = current_app.extensions["signers"]
    records = [key.record for key in signers.of(domain)]
    if not records:
        raise click.ClickException(
            f"No key of FLASK_MAIL_DKIM_KEYS signs for {domain}: its e-mails leave unsigned."
        )
    for record in records:
        click.echo(f"Name: {record.name}\nType: TXT\nText: {record.value}\n")
        click.echo(f"In a zone file: {record.line()}")
