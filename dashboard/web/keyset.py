"""Pages of a list of jobs, newest first: what lies beyond the edge of the page before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_

from dashboard.extensions import db
from dashboard.models import Job

By = tuple[datetime, int]
"""The moment that the list goes by, and the serial number: the newest of both comes first."""
Edge = TypeVar("Edge", contravariant=True)


class Nearest(Protocol[Edge]):
    """Gives serial numbers: the newest first, from *before* on; those *after* the oldest first."""

    def __call__(
        self, limit: int, *, before: Edge | None = None, after: Edge | None = None
    ) -> list[int]:
        """Give *limit* of them at most."""


class Cut(NamedTuple):
    """The serial numbers of a page; *newer* and *older* are those at its edges, or None."""

    serials: list[int]
    newer: int | None
    older: int | None


def cut(
    nearest: Nearest[Edge], size: int, *, before: Edge | None = None, after: Edge | None = None
) -> Cut:
    """Give the page of *size* jobs that lies *before* an edge or *after* one.

    Where no whole page lies there, or none at all, it is the first one.
    """
    if after is not None:
        # One more than a page shows: whether there are still newer ones.
        upwards = nearest(size + 1, after=after)
        if len(upwards) > size:
            serials = upwards[size - 1 :: -1]
            return Cut(serials, serials[0], serials[-1])
        before = None
    serials = nearest(size + 1, before=before)
    if not serials and before is not None:
        serials, before = nearest(size + 1), None
    shown = serials[:size]
    newer = shown[0] if shown and before is not None else None
    return Cut(shown, newer, shown[-1] if len(serials) > size else None)


def nearest_by(
    queries: Sequence[Select[*tuple[Any, ...]]],
    moment: Any,
    limit: int,
    *,
    before: By | None = None,
    after: By | None = None,
) -> list[int]:
    """Give the serial numbers that *queries* for (*moment*, serial) find, as Nearest does."""
    by = [moment, Job.serial]
    order = by if after is not None else [column.desc() for column in by]
    beyond = _beyond(moment, before, after)
    found = [
        (at, serial)
        for query in queries
        for at, serial in db.session.execute(query.where(*beyond).order_by(*order).limit(limit))
    ]
    return [serial for _, serial in sorted(found, reverse=after is None)[:limit]]


def _beyond(moment: Any, before: By | None, after: By | None) -> list[ColumnElement[bool]]:
    """Give the conditions on what lies there; the first half of each is for the index."""
    found = []
    if before is not None:
        at, serial = before
        found.append(and_(moment <= at, or_(moment < at, Job.serial < serial)))
    if after is not None:
        at, serial = after
        found.append(and_(moment >= at, or_(moment > at, Job.serial > serial)))
    return found
