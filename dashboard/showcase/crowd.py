"""Many ended jobs, written straight as rows: for a look at long lists, and for their speed."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import islice
from random import Random
from typing import Any, Final

from flask import current_app
from sqlalchemy import Connection, func, select

from dashboard.extensions import db
from dashboard.models import (
    Artifact,
    Attempt,
    AuditEntry,
    DeadLetter,
    Follower,
    Job,
    LogLine,
    User,
    clock,
    transaction,
)
from dashboard.showcase import bulk
from dashboard.showcase.choices import at_the_desk, playable
from dashboard.showcase.colleagues import colleagues
from dashboard.showcase.past import Past, Rows
from dashboard.showcase.sorts import sorts

DAYS: Final = 90
# Jobs of one transaction: others may write between two of them.
BATCH: Final = 5_000
TABLES: Final = (Job, Attempt, Artifact, LogLine, AuditEntry, Follower, DeadLetter)


class NoKinds(Exception):
    """The desk has no kind of job that a crowd could have started."""


def crowd(jobs: int, seed: int = 2026, *, told: Callable[[int], None] = lambda _: None) -> None:
    """Add *jobs* ended jobs of the last 90 days, of all kinds, made-up colleagues and people here.

    The same *seed* gives the same jobs in an empty ledger, aged from now. No bytes lie behind
    their files: those that are not deleted yet are found damaged when they are asked for. *told*
    hears how many more there are, again and again. Raises NoKinds.
    """
    with at_the_desk():
        first = colleagues()[0]
        known = [sort for kind in playable() for sort in sorts(kind, first)]
    if not known:
        raise NoKinds("There is no kind of job here yet.")
    people = _people()
    last: int = db.session.execute(select(func.coalesce(func.max(Job.serial), 0))).scalar_one()
    past = Past(
        Random(f"{seed} {last}"),
        now=clock(),
        kept=timedelta(days=current_app.config["KEEP_FILES_DAYS"]),
        first=last + 1,
        people=people,
        sorts=known,
    )
    made = past.jobs(jobs, timedelta(days=DAYS))
    while batch := list(islice(made, BATCH)):
        with transaction() as session:
            _write(session.connection(), batch)
        told(len(batch))


def _write(connection: Connection, jobs: Sequence[Rows]) -> None:
    for model in TABLES:
        written = [row for rows in jobs for row in rows[model]]
        if model is Follower:
            written = _numbered(connection, written)
        bulk.insert(connection, model, written)


def _numbered(connection: Connection, followers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the rows of followers with the serial numbers that their jobs have got."""
    ids = {row["job_id"] for row in followers}
    found = connection.execute(select(Job.id, Job.serial).where(Job.id.in_(ids)))
    serials = {row.id: row.serial for row in found}
    return [{**row, "serial": serials[row["job_id"]]} for row in followers]


def _people() -> list[int]:
    """Give the ids of everybody here and of the colleagues; the first ones ask for the most."""
    made_up = [user.id for user in colleagues()]
    others = select(User.id).where(User.id.not_in(made_up), User.active).order_by(User.id)
    return [*db.session.scalars(others), *made_up]
