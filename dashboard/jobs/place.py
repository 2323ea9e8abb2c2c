"""The place of a job in the line of its queue, or of one that is not there yet, by line.py."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Select, bindparam, case, func, or_, select

from dashboard.extensions import db
from dashboard.jobs.line import claimable, given
from dashboard.models import Job, User, clock

LAST = 2**31 - 1  # No serial number is larger, on no database.

Group = tuple[int, bool]
"""A priority, and whether its jobs were not interrupted: groups go in this order."""


@dataclass(frozen=True)
class Share:
    """One person's jobs of one group of the line.

    *oldest* is a serial number, *ahead* how many of the jobs are no younger than the one asked
    for.
    """

    person: int
    group: Group
    served_at: datetime | None
    jobs: int
    oldest: int
    ahead: int


def place_of(job: Job) -> tuple[int, int]:
    """Give the place of a queued job and the length of its line, as they stand now.

    The place is how many claims it takes until it is the job's turn, when nobody comes or goes.
    One query, which sorts nothing.
    """
    shares = list(_shares(job.queue, job.serial))
    length = sum(share.jobs for share in shares)
    own = job.priority, not job.taken_back
    mine = [share for share in shares if (share.person, share.group) == (job.requested_by_id, own)]
    if not mine:
        return 1, max(1, length)  # A worker has taken it since it was read.
    return _place(mine[0], shares), length


def place_of_next(person: User, queue: str, priority: int) -> tuple[int, int]:
    """Give the place that a job would have which *person* started now, and the line with it."""
    shares = list(_shares(queue, LAST))
    own = priority, True
    held = [share for share in shares if (share.person, share.group) == (person.id, own)]
    mine = held[0] if held else Share(person.id, own, person.served_at, 0, LAST, 0)
    mine = replace(mine, jobs=mine.jobs + 1, ahead=mine.ahead + 1)
    shares = [share for share in shares if share not in held] + [mine]
    return _place(mine, shares), sum(share.jobs for share in shares)


def _place(mine: Share, shares: list[Share]) -> int:
    """Give after how many claims it is the turn of the job that *mine* was asked for."""
    turn = mine.ahead
    place = turn + sum(share.jobs for share in shares if share.group < mine.group)
    in_turn = _in_turn([share for share in shares if share.group <= mine.group])
    mine_at = in_turn.index(mine)
    place += sum(min(share.jobs, turn) for share in in_turn[:mine_at])
    return place + sum(min(share.jobs, turn - 1) for share in in_turn[mine_at + 1 :])


def _in_turn(shares: list[Share]) -> list[Share]:
    """Give the shares of the last group in the order of turns, once all before it are taken."""
    served: dict[int, int] = {}

    def turn(share: Share) -> tuple[Any, ...]:
        if share.person in served:
            return 2, served[share.person]
        return (0, share.oldest) if share.served_at is None else (1, share.served_at, share.oldest)

    moments = count()
    ordered: list[Share] = []
    for group in sorted({share.group for share in shares}):
        ordered = sorted((share for share in shares if share.group == group), key=turn)
        # Whoever has the most jobs is served last, and of equals the one who is last in turn.
        for share in sorted(ordered, key=lambda each: each.jobs):
            served[share.person] = next(moments)
    return ordered


def _shares(queue: str, asked: int) -> Iterator[Share]:
    values = {**given(queue, clock()), "asked": asked}
    for row in db.session.execute(COUNTED, values):
        group = row.priority, not row.taken_back
        ahead = int(row.ahead)
        yield Share(row.requested_by_id, group, row.served_at, row.jobs, row.oldest, ahead)


def _counted() -> Select[Any]:
    """Count the line by person and group; the job in question is always in it."""
    of_queue, in_queue, known, due = claimable(Job)
    asked = bindparam("asked", type_=Job.serial.type)
    group = Job.requested_by_id, Job.priority, Job.taken_back
    counted = (
        select(*group, func.count().label("jobs"), func.min(Job.serial).label("oldest"))
        .add_columns(func.sum(case((Job.serial <= asked, 1), else_=0)).label("ahead"))
        .where(of_queue, in_queue, or_(Job.serial == asked, known & due))
        .group_by(*group)
        .subquery()
    )
    return select(counted, User.served_at).join(User, User.id == counted.c.requested_by_id)


# Made once, as those of line.py are.
COUNTED = _counted()
