"""All that the page of a sent mailing shows of the ledger, read at one moment."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Fact, by_key, fact_of
from dashboard.jobs.parts import Person
from dashboard.kinds.mailings.bulk.work import limits_of
from dashboard.kinds.mailings.ledger import counts as counted, is_kept, next_due
from dashboard.kinds.mailings.release import may_reopen
from dashboard.kinds.mailings.watch.again import OPEN, retryable
from dashboard.kinds.mailings.watch.audience import left_out, people
from dashboard.kinds.mailings.watch.bar import LENGTH, pieces
from dashboard.kinds.mailings.watch.lines import shown
from dashboard.kinds.mailings.watch.sorts import (
    BY_NAME,
    LEFT,
    SORTS,
    Sort,
    first_shown,
    over,
    percent,
)
from dashboard.kinds.mailings.watch.speed import Speed, speed_of
from dashboard.kinds.mailings.watch.standing import Standing, standing_of
from dashboard.models import Fate, Job, Mailing, clock
from dashboard.web.waits import with_line


def read(mailing: Mailing, *, show: str, after: int) -> dict[str, Any]:
    """Give what templates/kinds/mailings/watch/show.html takes; its words say what each is."""
    now = clock()
    counts = counted(mailing.id)
    total = sum(counts.values())
    everybody = people(mailing, total)
    standing = standing_of(mailing, _job(mailing), now)
    asked = BY_NAME.get(show)
    sort = asked or first_shown(counts, moves=standing.moves)
    return {
        "mailing": mailing,
        "standing": standing,
        "starter": _starter(mailing),
        "counts": _counters(counts, everybody - total),
        "total": total,
        "people": everybody,
        "done": over(counts),
        "percent": _percent(standing, counts),
        "pieces": pieces(counts),
        "length": LENGTH,
        "speed": _speed(standing, mailing, counts, total),
        "limit": min((limit.a_minute for limit in limits_of(mailing)), default=None),
        "kept": is_kept(mailing.id),
        "due": next_due(mailing.id) if standing.phase == "waiting" else None,
        "left_out": left_out(mailing),
        "sort": sort,
        "found": shown(mailing.id, sort, after=after),
        "after": after,
        "retryable": retryable(mailing.id) if counts[Fate.FAILED] else 0,
        "may_repeat": mailing.state in OPEN,
        "may_reopen": may_reopen(mailing),
        "here": url_for("watch.show", mailing_id=mailing.id, show=sort.name if asked else None),
        "token": secrets.token_urlsafe(16),
    }


def _counters(counts: Mapping[Fate, int], missing: int) -> list[tuple[Sort, int]]:
    """Give each counter; *missing* are those who are not in the ledger yet."""
    more = max(0, missing)
    return [(each, each.number(counts) + (more if each is LEFT else 0)) for each in SORTS]


def _job(mailing: Mailing) -> Fact | None:
    if mailing.job_id is None:
        return None
    job = db.session.scalars(select(Job).where(Job.id == mailing.job_id)).one_or_none()
    return with_line(job, fact_of(job, lines=[])) if job is not None else None


def _starter(mailing: Mailing) -> Person:
    """Give who has begun to send it: those who sent to some once more have a job of their own."""
    first = by_key(f"mailing:{mailing.id}")
    person = first.requested_by if first is not None else mailing.made_by
    return Person(person.id, person.name)


def _percent(standing: Standing, counts: Mapping[Fate, int]) -> int | None:
    """Give how far it is; whole only when all of it is over."""
    found = percent(counts)
    if found is None or standing.phase in ("ahead", "preparing"):
        return None
    return found if standing.is_over else min(99, found)


def _speed(standing: Standing, mailing: Mailing, counts: Mapping[Fate, int], total: int) -> Speed:
    sent = counts[Fate.SENT]
    if standing.phase == "sending":
        return speed_of(mailing.id, sent, total, over(counts), clock())
    if standing.is_over and mailing.started_at and mailing.finished_at and sent:
        seconds = (mailing.finished_at - mailing.started_at).total_seconds()
        return Speed(sent / seconds) if seconds >= 1 else Speed()
    return Speed()
