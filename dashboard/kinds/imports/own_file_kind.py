"""The kind of job that makes a person's own file with what is to be fixed in it."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, select

from dashboard.extensions import db
from dashboard.jobs import fact_of
from dashboard.jobs.kind import Kind
from dashboard.jobs.sight import seen_by
from dashboard.jobs.unlisted import no_form
from dashboard.kinds.imports import own_file
from dashboard.models import Job, User
from dashboard.words import marked

NAME: Final = "corrections"


def _title(params: Mapping[str, Any]) -> str:
    return f"{params['file']} with what to fix"


def _describe(params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return (
        (marked("File"), params["file"]),
        (marked("Check"), params["number"]),
        (marked("Rows"), f"{params['bad']:,} of {params['rows']:,} to fix"),
    )


KIND: Final = Kind(
    name=NAME,
    title=marked("A file with what to fix"),
    family="imports",
    summary=marked("Gives a checked file back with what is wrong in one more column."),
    form=no_form,
    title_of=_title,
    describe=_describe,
    work=own_file.run,
    verb=marked("Your file with what to fix"),
    outcome="kinds/imports/_own_file.html",
    listed=False,
)


def params_of(check: Job) -> dict[str, Any]:
    """Give the choices of the job that goes with *check*."""
    return {
        **check.params,
        "check": str(check.id),
        "number": check.number,
        "rows": check.result["rows"],
        "bad": check.result["counts"]["b"],
    }


def key_for(check: Job, person: User) -> str:
    """Give the key with which *person* starts it: that of the last one that they may see.

    Where that one is over and has no file any more, or never had one, the key is a new one.
    """
    made = Job.kind == NAME, Job.params["check"].as_string() == str(check.id)
    since = Job.serial > check.serial
    last = db.session.scalars(
        select(Job).where(*made, since, seen_by(person)).order_by(Job.serial.desc()).limit(1)
    ).first()
    if last is not None:
        fact = fact_of(last)
        if fact.is_ready or not fact.is_final:
            return last.idempotency_key
    number = db.session.scalar(select(func.count()).where(*made, since))
    return f"{NAME}:{check.id}:{person.id}:{number}"
