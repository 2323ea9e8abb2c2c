"""Whether what a check found can be imported, or is or was imported already."""

from dataclasses import dataclass

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of
from dashboard.jobs.kind import Kind, find
from dashboard.jobs.targets import target
from dashboard.kinds.imports.at_once import was_announced
from dashboard.kinds.imports.comparing import GONE
from dashboard.kinds.imports.opened import CHECK, IMPORT
from dashboard.kinds.imports.undo.standing import undos_of
from dashboard.models import FINAL, Job, State
from dashboard.sources.writing import Counts


@dataclass(frozen=True)
class Standing:
    """How it stands with the import that follows a check.

    *kind* is None where the table is not open any more. *last* is the newest import of it: what
    is under way or has succeeded needs no other one, and another attempt goes on where one ended.
    With *is_unknown* nobody can tell whether an import that broke off has written.
    *undo* is the newest undo of it: what an undo has begun to take back is not imported any more.
    """

    kind: Kind | None
    last: Fact | None
    is_unknown: bool
    undo: Fact | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether somebody imports it at present."""
        return self.last is not None and not self.last.is_final

    @property
    def is_done(self) -> bool:
        """Whether it is imported."""
        return self.last is not None and self.last.state == State.SUCCEEDED

    @property
    def is_broken_off(self) -> bool:
        """Whether an import of it began and did not come to its end."""
        return self.last is not None and self.last.is_final and not self.is_done


def standing_of(check: Job) -> Standing:
    """Give how it stands with the import of what the job *check* has found."""
    kind = import_kind_of(check)
    undos = undos_of(check)
    undo = fact_of(undos[0]) if undos else None
    return Standing(find(kind), _last(check), was_announced(kind, check.id), undo)


def import_kind_of(check: Job) -> str:
    """Give the name of the kind that imports what the job *check* has found."""
    return IMPORT + check.kind.removeprefix(CHECK)


def imported_so_far(check: Job, source: str) -> Counts:
    """Give what the table itself knows to be imported of *check*. Raises SourceError, Permanent."""
    with target(source).writing(check.id.hex, timeout=5.0, read_only=True) as looking:
        return sum(looking.marks().values(), Counts())


def _last(check: Job) -> Fact | None:
    """Give the newest import of it: one that has succeeded, else one that is not over, else any."""
    query = (
        select(Job)
        .where(
            Job.kind == import_kind_of(check),
            Job.serial > check.serial,
            Job.params["check"].as_string() == str(check.id),
        )
        .order_by(Job.serial.desc())
    )
    found = list(db.session.scalars(query))
    if not found:
        return None
    best = min(found, key=lambda job: (job.state != State.SUCCEEDED, job.state in FINAL))
    return fact_of(best)


def params_of(check: Job, *, whole: bool, overwrite: bool) -> dict[str, object]:
    """Give the choices of an import of what the job *check* has found.

    *whole*: all rows or none. *overwrite*: rows that somebody changed since the check, too.
    """
    counts = check.result["counts"]
    return {
        **check.params,
        "check": str(check.id),
        "rows": counts["n"] + counts["c"],
        "skip": counts["b"],
        "delete": counts.get(GONE, 0),
        "whole": whole,
        "overwrite": overwrite,
    }
