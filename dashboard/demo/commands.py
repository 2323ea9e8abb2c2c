"""bin/flask demo: the shop to try the desk with."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from dashboard.demo.shop import load

FOLDER = "demo"
FILE = "shop.db"


@click.group("demo")
def demo() -> None:
    """The shop to try the desk with, and made-up jobs to look at."""


@demo.command("load")
@click.option("--again", is_flag=True, help="Make the shop anew when it is there already.")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day the shop is made for; its orders end the day before. The same day gives the "
    "same shop.",
)
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Another file than demo/shop.db in the state folder.",
)
@click.pass_context
def load_shop(context: click.Context, again: bool, today: datetime | None, to: Path | None) -> None:
    """Make the shop: three years of orders in an SQLite file."""
    path = to or shop_path(context)
    if path.exists() and not again:
        click.echo(f"The shop is there already: {path}. Use --again to make it anew.")
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    counts = load(path, today.date() if today else date.today())
    words = ", ".join(f"{rows:,} {table.replace('_', ' ')}" for table, rows in counts.items())
    click.echo(f"The shop is made: {path}\n{words}")


def shop_path(context: click.Context) -> Path:
    """Give the shop's place in the state folder of the app that *context* belongs to."""
    info: Any = context.obj  # Flask's ScriptInfo; the demo itself knows no Flask.
    return Path(info.load_app().instance_path) / FOLDER / FILE
