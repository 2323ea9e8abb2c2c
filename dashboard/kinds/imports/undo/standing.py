"""How it stands with the undo of an import, and whether it and an import stand in each other's way.

An import and its undo never work at the same time, and what an undo has begun to take back is not
gone on with: the marks of the import would say that those rows are written.
"""

import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.errors import Permanent
from dashboard.kinds.imports.opened import CHECK, IMPORT
from dashboard.kinds.imports.undo.names import UNDO, UNDO_CHECK
from dashboard.models import ACTIVE, Job
from dashboard.words import marked

IMPORTING: Final = marked("This file is being imported at present.")
WAIT: Final = marked("Wait until the import has ended, or cancel it.")
UNDONE: Final = marked("This import was undone, so it cannot be gone on with.")
CHECK_AGAIN: Final = marked("Check the file again to import it.")


def undos_of(check: Job) -> Sequence[Job]:
    """Give the undos of what was imported of the check, the newest first."""
    return _about(UNDO, check.kind, check.id)


def undo_checks_of(check: Job) -> Sequence[Job]:
    """Give the jobs that looked what an undo would do, the newest first."""
    return _about(UNDO_CHECK, check.kind, check.id)


def imports_of(check: Job) -> Sequence[Job]:
    """Give the imports of what the job *check* has found, the newest first."""
    return _about(IMPORT, check.kind, check.id)


def under_way(jobs: Sequence[Job]) -> Job | None:
    """Give the one of *jobs* that is not over."""
    return next((job for job in jobs if job.state in ACTIVE), None)


def refuse_while_importing(slug: str, check: uuid.UUID) -> None:
    """Raise Permanent while what is to be taken back is still being imported."""
    if under_way(_about(IMPORT, CHECK + slug, check)) is not None:
        raise Permanent(IMPORTING, next=WAIT)


def refuse_undone(slug: str, check: uuid.UUID) -> None:
    """Raise Permanent where an import would go on though an undo of it has begun."""
    if _about(UNDO, CHECK + slug, check):
        raise Permanent(UNDONE, next=CHECK_AGAIN)


def _about(prefix: str, check_kind: str, check: uuid.UUID) -> Sequence[Job]:
    query = (
        select(Job)
        .where(
            Job.kind == prefix + check_kind.removeprefix(CHECK),
            Job.params["check"].as_string() == str(check),
        )
        .order_by(Job.serial.desc())
    )
    return db.session.scalars(query).all()
