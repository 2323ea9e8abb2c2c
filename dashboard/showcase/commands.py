"""bin/flask demo states and demo crowd: made-up jobs to look at."""

import time

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.models import Job, Role, User
from dashboard.showcase.crowd import NoKinds, crowd as make_crowd
from dashboard.showcase.marks import KEY
from dashboard.showcase.states import batches, states as make_states
from dashboard.web.users import find_user

anyway = click.option(
    "--anyway", is_flag=True, help="Even though there are jobs of people in the ledger."
)


@click.command("states")
@click.option("--again", is_flag=True, help="Make one more set when they are there already.")
@click.option(
    "--for",
    "email",
    help="Whose jobs they are, by e-mail address; the first administrator's when not given.",
)
@anyway
@with_appcontext
def states(again: bool, email: str | None, anyway: bool) -> None:
    """Make a job of every kind in every state, to look at all pages.

    Nothing changes these jobs afterwards: those that run go on running, those that wait wait on.
    """
    if batches() and not again:
        click.echo("The states are there already. Use --again to make one more set.")
        return
    refuse_beside_real_jobs(anyway)
    began = time.monotonic()
    try:
        made = make_states(_viewer(email), told=_tell)
    except NoKinds as error:
        raise click.ClickException(str(error)) from error
    for sentence in made.left_out:
        click.echo(f"Left out: {sentence}")
    click.echo(f"{made.count} jobs are there, made in {time.monotonic() - began:.0f} s.")


@click.command("crowd")
@click.option("--jobs", type=click.IntRange(1), default=10_000, show_default=True)
@click.option("--seed", default=2026, show_default=True, help="The same seed, the same jobs.")
@anyway
@with_appcontext
def crowd(jobs: int, seed: int, anyway: bool) -> None:
    """Add many ended jobs of the last 90 days, to look at long lists. They have no real files."""
    refuse_beside_real_jobs(anyway)
    began = time.monotonic()
    try:
        with click.progressbar(length=jobs, label="Ended jobs") as bar:
            make_crowd(jobs, seed, told=bar.update)
    except NoKinds as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{jobs:,} ended jobs are there, made in {time.monotonic() - began:.0f} s.")


def _tell(name: str, numbers: list[str]) -> None:
    click.echo(f"{name}: {', '.join(numbers)}")


def _viewer(email: str | None) -> User:
    user = find_user(email) if email else _first_admin()
    if user is None:
        who = f"Nobody here has the e-mail address {email}." if email else "There is nobody here."
        raise click.ClickException(f"{who} Add somebody first: bin/flask users add EMAIL.")
    return user


def _first_admin() -> User | None:
    query = select(User).where(User.role == Role.ADMIN, User.active).order_by(User.id)
    return db.session.scalars(query.limit(1)).first()


def refuse_beside_real_jobs(anyway: bool) -> None:
    """Raise ClickException when people have asked for jobs here, unless they want it *anyway*."""
    real = select(Job.serial).where(~Job.idempotency_key.startswith(KEY)).limit(1)
    if not anyway and db.session.execute(real).first() is not None:
        raise click.ClickException(
            "This ledger holds jobs of people, and made-up ones would stand among them. "
            "Use another state folder (--home DIR), or add --anyway."
        )
