"""The support bundle: all that helps somebody else to understand a job, in one small ZIP."""

import json
import platform
import tomllib
import zipfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from uuid import UUID

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import text

from dashboard.extensions import db
from dashboard.jobs import Fact, audit, fact_of, find
from dashboard.jobs.story import stamp, story
from dashboard.models import Job, clock, transaction
from dashboard.web.access import address, job_or_404, signed_in
from dashboard.web.api.shapes import job_object
from dashboard.web.files import attachment
from dashboard.web.jobs import log_lines
from dashboard.web.redaction import Redaction

bp = Blueprint("support", __name__)

LOG_LIMIT = 10_000  # lines, the newest; a log of more is a fault of its kind
PACKAGES = ("flask", "celery", "sqlalchemy", "psycopg", "redis", "gunicorn", "gevent")
README = """\
Support bundle of job {number}, “{title}”
Made {at} for {person} with {brand}

story.txt       what happened, an event a line, in UTC
log.txt         what the work wrote down, in UTC
job.json        the job as programs see it, and its choices
versions.txt    what this desk runs on
definition.txt  what the job was to do, where its kind has a file and you may run it
technical.txt   the last error of the program, for administrators

Passwords, tokens, and the e-mail addresses of people who have no part in the job are left out.
What a program wrote in words of its own cannot be known beforehand: look through it before you
give it to somebody outside.
"""


@bp.get("/jobs/<uuid:job_id>/support.zip")
@signed_in
def bundle(job_id: UUID) -> ResponseReturnValue:
    """Give the support bundle of a job to whoever sees it."""
    job = job_or_404(job_id)
    fact = fact_of(job)
    data = zipped(job, fact)
    if request.method == "GET":
        with transaction():
            audit.record("job.support", by=current_user, job=job, address=address())
    answer = Response(data, mimetype="application/zip")
    answer.headers["Content-Disposition"] = attachment(f"{fact.number}-support.zip")
    return answer


def zipped(job: Job, fact: Fact) -> bytes:
    """Give the ZIP for the person of this request; its texts are small, so it is made at once."""
    known = {current_user.id, fact.requested_by.id, *fact.followers}
    if fact.started_by:
        known.add(fact.started_by.id)
    redaction = Redaction(known)
    folder = f"{fact.number}-support"
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, make in MEMBERS.items():
            if content := make(job, fact):
                archive.writestr(f"{folder}/{name}", redaction.of(content))
    return packed.getvalue()


def _readme(job: Job, fact: Fact) -> str:
    return README.format(
        number=fact.number,
        title=fact.title,
        at=stamp(clock()),
        person=current_user.name,
        brand=f"Bellhop {_own_version()}",
    )


def _story(job: Job, fact: Fact) -> str:
    events = story(job, inside=current_user.is_admin, lines=LOG_LIMIT)
    return "".join(f"{stamp(at)}  {words}\n" for at, words in events)


def _log(job: Job, fact: Fact) -> str:
    return "".join(log_lines(job, LOG_LIMIT))


def _job(job: Job, fact: Fact) -> str:
    shown = job_object(fact) | {"choices": dict(fact.choices)}
    return json.dumps(shown, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _versions(job: Job, fact: Fact) -> str:
    lines = {
        "Bellhop": _own_version(),
        "Python": platform.python_version(),
        "System": platform.platform(terse=True),
        "Ledger": _ledger(),
        **{name: _version(name) for name in PACKAGES},
    }
    return "".join(f"{name:12}{number}\n" for name, number in lines.items() if number)


def _ledger() -> str:
    dialect = db.engine.dialect.name
    query = "select sqlite_version()" if dialect == "sqlite" else "show server_version"
    return f"{dialect} {db.session.execute(text(query)).scalar_one()}"


def _own_version() -> str:
    """Give the version of this desk, be it installed or run from its folder."""
    source = Path(current_app.root_path).parent / "pyproject.toml"
    if source.is_file():
        return str(tomllib.loads(source.read_text())["project"]["version"])
    return _version("bellhop")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _definition(job: Job, fact: Fact) -> str:
    kind = find(job.kind)
    if kind is None or kind.definition is None or current_user.role not in kind.roles:
        return ""
    return kind.definition()


def _technical(job: Job, fact: Fact) -> str:
    return (job.error_detail or "") if current_user.is_admin else ""


MEMBERS: dict[str, Callable[[Job, Fact], str]] = {
    "README.txt": _readme,
    "story.txt": _story,
    "log.txt": _log,
    "job.json": _job,
    "versions.txt": _versions,
    "definition.txt": _definition,
    "technical.txt": _technical,
}
