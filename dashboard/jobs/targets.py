"""The databases that imports write to, and the tables of them that are open."""

from collections.abc import Collection
from typing import Any, Final

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.jobs.errors import Permanent
from dashboard.jobs.kind import STARTERS
from dashboard.jobs.tables import BETWEEN, Refused, slug_of
from dashboard.models import ImportTarget, User, clock, transaction
from dashboard.models.open_table import NAME_LIMIT, TITLE_LIMIT
from dashboard.sources.writing import Target, TargetTable
from dashboard.words import gettext as _, marked

MODES: Final = ("both", "add", "update")
"""What people may do with an open table, unless something else is said."""
MIRROR: Final = "mirror"
"""What administrators may do beside it where that is said: delete what a file does not have."""
ASK: Final = marked("Ask an administrator to look at how this import is set up.")


def target(name: str) -> Target:
    """Give the target called *name*; raises Permanent where the desk may not write there."""
    found: Target | None = current_app.extensions["targets"].get(name)
    if found is None:
        what = f"The desk may not write to the source “{name}”."
        raise Permanent(
            what, next=marked("Tell an administrator: FLASK_WRITING_SOURCES."), attention=True
        )
    return found


def table_of(source: str, name: str) -> TargetTable:
    """Give the table as it is now; raises Permanent where it is gone, SourceError."""
    found = target(source).table(name)
    if found is None:
        what = f"The source “{source}” has no table “{name}” any more that may be written."
        raise Permanent(what, next=ASK, attention=True)
    return found


def open_target(
    source: str,
    name: str,
    *,
    title: str,
    summary: str = "",
    roles: Collection[str] = STARTERS,
    modes: Collection[str] = MODES,
    checks: str = "",
    by: User | None,
    address: str | None = None,
) -> ImportTarget:
    """Open the table *name* of *source*, so that *roles* may import into it.

    Raises Refused where it is open already, Permanent where there is no such table, SourceError.
    """
    if _named(source, name) is not None:
        raise Refused(_("“%(name)s” is open for import already.", name=name))
    table_of(source, name)
    if len(name) > NAME_LIMIT:
        raise Refused(_("The name of this table is too long to be kept."))
    try:
        with transaction() as session:
            row = ImportTarget(
                source=source,
                name=name,
                slug=slug_of(source, name),
                title=" ".join(title.split()),
                summary=" ".join(summary.split()),
                roles=sorted(roles),
                modes=[mode for mode in (*MODES, MIRROR) if mode in modes],
                checks=checks,
                opened_by_id=by.id if by else None,
                opened_at=clock(),
            )
            session.add(row)
            _record("import.open", row, by, address)
    except IntegrityError as error:  # Somebody else was quicker.
        raise Refused(_("“%(name)s” is open for import already.", name=name)) from error
    return row


def close_target(source: str, name: str, *, by: User | None, address: str | None = None) -> str:
    """Close a table for import; give its title. Raises Refused where it is not open."""
    with transaction() as session:
        row = _named(source, name)
        if row is None:
            raise Refused(_("“%(name)s” is not open for import.", name=name))
        title = row.title
        session.delete(row)
        _record("import.close", row, by, address)
    return title


def title_of(name: str) -> str:
    """Give a title for imports into the table *name*: “Import order lines” for order_lines."""
    return f"Import {' '.join(BETWEEN.split(name)).strip()}"[:TITLE_LIMIT]


def _named(source: str, name: str) -> ImportTarget | None:
    query = select(ImportTarget).where(ImportTarget.source == source, ImportTarget.name == name)
    return db.session.scalars(query).first()


def _record(
    action: str, row: ImportTarget, by: User | None, address: str | None, **more: Any
) -> None:
    detail = {"source": row.source, "table": row.name, **more}
    audit.record(action, by=by, address=address, detail=detail)
