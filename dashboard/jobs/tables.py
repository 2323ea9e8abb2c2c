"""Opens tables of a source for export, looks at them again, and closes them."""

import hashlib
import re
from collections.abc import Collection
from typing import Any, Final

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.jobs.kind import STARTERS
from dashboard.models import OpenTable, User, clock, transaction
from dashboard.models.open_table import NAME_LIMIT, TITLE_LIMIT
from dashboard.sources import Source, Table
from dashboard.words import gettext as _

PLAIN: Final = re.compile(r"[a-z0-9_]+")
BETWEEN: Final = re.compile(r"[\s._-]+")  # words of a name
SLUG_LIMIT: Final = 40  # characters, before what tells two of the same apart
DIGITS: Final = 8  # of a checksum: a person's tables are few


class Refused(Exception):
    """What was asked cannot be done; the message is a sentence for the person who asked."""


def open_table(
    source: str,
    name: str,
    *,
    title: str,
    summary: str = "",
    roles: Collection[str] = STARTERS,
    by: User | None,
    address: str | None = None,
) -> OpenTable:
    """Open the table or view *name* of *source*, so that *roles* may export it.

    Raises Refused where there is no such table or it is open already, SourceError where the
    source does not answer.
    """
    if db.session.scalars(_named(source, name)).first() is not None:
        raise Refused(_("“%(name)s” is open already.", name=name))
    found = table_of(source, name)
    if len(name) > NAME_LIMIT:
        raise Refused(_("The name of this table is too long to be kept."))
    try:
        with transaction() as session:
            now = clock()
            row = OpenTable(
                source=source,
                name=name,
                slug=slug_of(source, name),
                title=" ".join(title.split()),
                summary=" ".join(summary.split()),
                roles=sorted(roles),
                opened_by_id=by.id if by else None,
                opened_at=now,
                looked_at=now,
                **_described(found),
            )
            session.add(row)
            _record("table.open", row, by, address)
    except IntegrityError as error:  # Somebody else was quicker.
        raise Refused(_("“%(name)s” is open already.", name=name)) from error
    return row


def look_again(
    source: str, name: str, *, by: User | None, address: str | None = None
) -> tuple[list[str], list[str]]:
    """Read the columns of an open table anew; give the names of those that came and that went.

    Raises Refused where it is not open or has gone, SourceError where the source does not answer.
    """
    found = table_of(source, name)
    with transaction():
        row = _open(source, name)
        before = [column["name"] for column in row.columns]
        for attribute, value in _described(found).items():
            setattr(row, attribute, value)
        row.looked_at = clock()
        after = [column["name"] for column in row.columns]
        came = [column for column in after if column not in before]
        went = [column for column in before if column not in after]
        _record("table.look", row, by, address, came=came, went=went)
    return came, went


def close_table(source: str, name: str, *, by: User | None, address: str | None = None) -> str:
    """Close an open table; give its title. Raises Refused where it is not open."""
    with transaction() as session:
        row = _open(source, name)
        title = row.title
        session.delete(row)
        _record("table.close", row, by, address)
    return title


def slug_of(source: str, name: str) -> str:
    """Give the end of its kind's name: the same for this table always, another for any other."""
    if PLAIN.fullmatch(source) and PLAIN.fullmatch(name) and len(source + name) < SLUG_LIMIT:
        return f"{source}-{name}"
    words = re.sub(r"[^a-z0-9]+", "-", f"{source}-{name}".lower())[:SLUG_LIMIT].strip("-")
    digest = hashlib.sha256(f"{source}\0{name}".encode()).hexdigest()[:DIGITS]
    return f"{words}-{digest}".strip("-")


def title_of(name: str) -> str:
    """Give a title for the table *name*, such as “Order lines” for order_lines."""
    words = " ".join(BETWEEN.split(name)).strip()[:TITLE_LIMIT]
    return words[:1].upper() + words[1:]


def table_of(source: str, name: str) -> Table:
    """Give the table or view as its source has it now.

    Raises Refused where there is none, SourceError where the source does not answer.
    """
    table = _source(source).table(name)
    if table is not None:
        return table
    raise Refused(_("“%(source)s” has no table or view “%(name)s”.", source=source, name=name))


def _source(name: str) -> Source:
    source: Source | None = current_app.extensions["sources"].get(name)
    if source is None:
        raise Refused(_("There is no source called “%(name)s”.", name=name))
    return source


def _open(source: str, name: str) -> OpenTable:
    row = db.session.scalars(_named(source, name)).first()
    if row is None:
        raise Refused(_("“%(name)s” is not open.", name=name))
    return row


def _named(source: str, name: str) -> Select[OpenTable]:
    return select(OpenTable).where(OpenTable.source == source, OpenTable.name == name)


def _described(table: Table) -> dict[str, Any]:
    return {
        "quoted": table.quoted,
        "kind": table.kind,
        "columns": [{"name": column.name, "type": column.type} for column in table.columns],
        "key": list(table.key),
    }


def _record(action: str, row: OpenTable, by: User | None, address: str | None, **more: Any) -> None:
    detail = {"source": row.source, "table": row.name, **more}
    audit.record(action, by=by, address=address, detail=detail)
