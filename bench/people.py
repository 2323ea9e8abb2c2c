"""More people at a desk of the bench."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.desk import Desk
from bench.fresh import fresh


def add_people(desk: Desk, folder: Path, roles: Sequence[str]) -> list[Desk]:
    """Add a person for each of *roles*; gives the desk as each of them uses it."""
    took = fresh("people", folder, settings=joining(desk), roles=list(roles))
    return [replace(desk, **person) for person in took.told["people"]]


def joining(desk: Desk) -> dict[str, str]:
    """Give the settings that let another process join the desk."""
    redis = (desk.home / "redis_url").read_text().strip()
    ledger = desk.settings.get("FLASK_SQLALCHEMY_DATABASE_URI")
    settings = {"INSTANCE_PATH": str(desk.home), "REDIS_URL": redis}
    return {**settings, "SQLALCHEMY_DATABASE_URI": ledger} if ledger else settings
