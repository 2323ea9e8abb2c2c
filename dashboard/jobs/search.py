"""Finds jobs: what the filters of a list ask for, each on an index that can also count.

So a list of a million jobs is as quick as one of ten, unless two filters that fit many jobs each
have few in common.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, Final

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    not_,
    select,
    true,
    union,
    union_all,
)

from dashboard.extensions import db
from dashboard.jobs.has_file import has_file
from dashboard.jobs.lookup import NUMBER, Found, look_for
from dashboard.jobs.parts import WORDS
from dashboard.jobs.sight import joined_by, ways_to_see
from dashboard.models import Artifact, Job, State, User

COUNT_LIMIT: Final = 10_000  # Counting further costs more than the number is worth.
# Where rows must be read to count and not only an index, so many of the newest are looked at.
LOOK_LIMIT: Final = 500
LOOKED_AT: Final = 200  # jobs at an edge of a time
LAST: Final = 2**31 - 1  # serial number; the ledger's integers go no further

Condition = ColumnElement[bool]

# The states by their words on pages, and those of the ledger.
SHOWN_STATES: Final = {
    "waiting": (State.WAITING, State.QUEUED),
    "running": (State.RUNNING,),
    "succeeded": (State.SUCCEEDED,),
    "failed": (State.FAILED,),
    "cancelled": (State.CANCELLED,),
    "deleted": (State.SUCCEEDED,),
}
STATE_WORDS: Final = {name: WORDS[name] for name in SHOWN_STATES}


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; what is empty narrows nothing.

    *q* is a number, or words of a title or a name. *state* is a word of pages (“waiting” is queued
    as well), or with *exact* one of the ledger. *person* is the id of whose the jobs are, as text.
    The jobs were asked for at *since* or later and before *until*.
    """

    q: str = ""
    kind: str = ""
    state: str = ""
    person: str = ""
    since: datetime | None = None
    until: datetime | None = None
    exact: bool = False


@dataclass(frozen=True)
class Count:
    """How many there are; with *more* there are still more than that."""

    number: int
    more: bool = False


def _looking_for_edge(is_in_time: Callable[[Any], Condition], *, first: bool) -> Select[Any]:
    """Give the query for the first or the last serial number of the jobs of a time.

    The numbers grow with time, but for a few jobs that a demonstration makes old. So those at
    either edge are looked at, by time and by number.
    """
    number, made = (
        (Job.serial, Job.created_at) if first else (Job.serial.desc(), Job.created_at.desc())
    )
    jobs = select(Job.serial, Job.created_at).limit(LOOKED_AT)
    nearest = jobs.where(is_in_time(Job.created_at)).order_by(made).subquery()
    outermost = jobs.order_by(number).subquery()
    either = union_all(
        select(nearest.c.serial),
        select(outermost.c.serial).where(is_in_time(outermost.c.created_at)),
    ).subquery()
    return select(func.min(either.c.serial) if first else func.max(either.c.serial))


# Made once: to put such a query together takes longer than to ask it.
AT: Final = bindparam("at", type_=Job.created_at.type)
FIRST_SINCE: Final = _looking_for_edge(lambda made: made >= AT, first=True)
LAST_BEFORE: Final = _looking_for_edge(lambda made: made < AT, first=False)
LAST_UNTIL: Final = _looking_for_edge(lambda made: made <= AT, first=False)


class Search:
    """The jobs that *user* may see and that fit *filters*."""

    def __init__(self, user: User, filters: Filters) -> None:
        first = datetime.now(UTC) - timedelta(days=current_app.config["KEEP_JOBS_DAYS"])
        self._since = max(filters.since or first, first)
        self._times = [Job.created_at >= self._since]
        if filters.until is not None:
            self._times.append(Job.created_at < filters.until)
        # All jobs, or those of one person and those that they joined.
        self._way: Condition = true() if user.is_admin else Job.requested_by_id == user.id
        self._joined: list[int] = [] if user.is_admin else joined_by(user.id)
        # What an index knows of a job, and what only its row does.
        self._first, self._last = self._span(filters.until)
        self._index: list[Condition] = [] if self._first <= self._last else [false()]
        self._row: list[Condition] = []
        # Each of several states is looked for by itself: in their order an index has only one.
        self._states: list[list[Condition]] = [[]]
        self._narrow(user, filters)
        # Of all jobs there are, the times alone or what was looked for count quicker.
        self._is_whole = user.is_admin and not (filters.kind or filters.state or filters.person)
        self._found: Found | None = None
        if filters.q.strip():
            span = [Job.serial <= self._last] if self._last < LAST else []
            self._found = look_for(filters.q, Job.serial >= self._first, *span)
            is_few = self._found.serials is not None
            (self._index if is_few else self._row).append(self._found.condition)

    def serials(
        self, limit: int, *, before: int | None = None, after: int | None = None
    ) -> list[int]:
        """Give *limit* serial numbers at most: the newest first, from *before* a number on.

        Or those *after* a number, the oldest first.
        """
        query = select(Job.serial).where(*self._index, *self._row, *self._times)
        query = query.order_by(Job.serial.desc() if after is None else Job.serial).limit(limit)
        found = [
            serial
            for way, state in product(self._ways(before, after), self._states)
            for serial in db.session.scalars(query.where(*way, *state))
        ]
        return sorted(found, reverse=after is None)[:limit]

    def count(self) -> Count:
        """Count the jobs as far as that is cheap."""
        if self._is_whole and self._found is None:
            return counted([select(Job.serial).where(*self._times)])
        if self._is_whole and self._found is not None:
            return counted(self._found.queries)
        if self._row:
            return self._look()
        query = select(Job.serial).where(*self._index)
        return counted(
            [query.where(*way, *each) for way, each in product(self._ways(), self._states)]
        )

    def _span(self, until: datetime | None) -> tuple[int, int]:
        """Give between which serial numbers the jobs of that time lie."""
        first = _edge(FIRST_SINCE, self._since)
        last = LAST if until is None else _edge(LAST_BEFORE, until)
        return first or LAST, last or 0

    def _ways(self, before: int | None = None, after: int | None = None) -> list[list[Condition]]:
        """Give the conditions that lead to the jobs which may be seen, between two numbers."""
        first = self._first if after is None else max(self._first, after + 1)
        last = self._last if before is None else min(self._last, before - 1)
        joined = [serial for serial in self._joined if first <= serial <= last]
        # One condition at each end, for SQLite uses one.
        along = [self._way, Job.serial >= first, *([Job.serial <= last] if last < LAST else [])]
        return [along, [Job.serial.in_(joined)]] if joined else [along]

    def _narrow(self, user: User, filters: Filters) -> None:
        if filters.kind:
            self._index.append(Job.kind == filters.kind)
        if NUMBER.fullmatch(filters.person):
            person = int(filters.person)
            self._index.append(Job.requested_by_id == person)
            if not user.is_admin and person != user.id:
                self._way = false()
        if filters.exact and filters.state:
            self._index.append(Job.state == filters.state)
        elif filters.state in SHOWN_STATES:
            self._states = [[Job.state == state] for state in SHOWN_STATES[filters.state]]
            if filters.state == "deleted":
                self._narrow_to_deleted()

    def _narrow_to_deleted(self) -> None:
        """Let only jobs through all of whose files were deleted."""
        was_deleted = Artifact.deleted_at.is_not(None)
        newest = db.session.scalar(select(func.max(Artifact.created_at)).where(was_deleted))
        if newest is None:
            self._index.append(false())
            return
        # Those whose files are all still there are younger, and many: they are passed over.
        last = _edge(LAST_UNTIL, newest)
        self._last = min(self._last, last or 0)
        self._row += [has_file(), not_(has_file(Artifact.deleted_at.is_(None)))]

    def _look(self) -> Count:
        """Count among the newest jobs that the indexes give; what is told is true all the same."""
        fits = case((and_(*self._row), 1), else_=0).label("fits")
        totals = []
        for way, state in product(self._ways(), self._states):
            newest = select(fits).where(*way, *state, *self._index).order_by(Job.serial.desc())
            looked_at = newest.limit(LOOK_LIMIT).subquery()
            total = select(func.count(), func.coalesce(func.sum(looked_at.c.fits), 0))
            totals.append(total.select_from(looked_at))
        rows = db.session.execute(union_all(*totals)).all()
        number = sum(int(fitting) for _, fitting in rows)
        more = any(seen == LOOK_LIMIT for seen, _ in rows)
        return Count(number - number % 100 if more and number > 100 else number, more)


def _edge(of: Select[Any], at: datetime) -> int | None:
    """Give the first or the last serial number of the jobs of a time, or None without any."""
    serial: int | None = db.session.scalar(of, {"at": at})
    return serial


def counted(queries: Sequence[Select[Any]], limit: int = COUNT_LIMIT) -> Count:
    """Count what *queries* give together, each once."""
    parts = [select(query.limit(limit + 1).subquery()) for query in queries]
    if not parts:
        return Count(0)
    together = (union(*parts) if len(parts) > 1 else parts[0]).limit(limit + 1).subquery()
    number = db.session.execute(select(func.count()).select_from(together)).scalar_one()
    return Count(min(number, limit), more=number > limit)


def _looking_for_kinds() -> Select[str]:
    """Give the query for the names of the kinds of all jobs.

    One step in the index for each: to ask for distinct ones would read all jobs.
    """
    first = select(func.min(Job.kind).label("name")).cte("names", recursive=True)
    following = select(func.min(Job.kind)).where(Job.kind > first.c.name).scalar_subquery()
    each = first.union_all(select(following).where(first.c.name.is_not(None)))
    return select(each.c.name).where(each.c.name.is_not(None))


STARTED: Final = _looking_for_kinds()


def kinds_beside(known: Collection[str], user: User) -> list[str]:
    """Give the names of kinds, beside the *known* ones, whose jobs *user* may see, in order."""
    names = db.session.scalars(STARTED)
    others = sorted(set(names) - set(known))
    if not others or user.is_admin:
        return others
    of_kind = [(name, Job.kind == name) for name in others]
    return [
        name for name, is_of in of_kind if any(_exists(way, is_of) for way in ways_to_see(user))
    ]


def _exists(*conditions: Condition) -> bool:
    return db.session.execute(select(Job.serial).where(*conditions).limit(1)).first() is not None
