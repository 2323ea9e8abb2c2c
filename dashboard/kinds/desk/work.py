"""Writes the list of jobs: a batch at a time, each of what its reader may see at that moment."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.formats import Column
from dashboard.jobs.chosen import SEEN_BY
from dashboard.jobs.day import midnight
from dashboard.jobs.fact import Fact
from dashboard.jobs.kind import kinds
from dashboard.jobs.ledger_rows import LedgerRows, Rows
from dashboard.jobs.manner import manner_of
from dashboard.jobs.running import Running
from dashboard.jobs.search import Filters, Search
from dashboard.jobs.sight import seen_by
from dashboard.jobs.snapshot import facts_of
from dashboard.models import Job, User
from dashboard.words import marked

FORMATS: Final = ("csv", "xlsx")
BATCH: Final = 500  # jobs; their rows are wide
NAME: Final = "list-of-jobs"
DAYS: Final = ("first", "last")
COLUMNS: Final = (
    Column("number", "Number"),
    Column("title", "Title"),
    Column("kind", "Kind"),
    Column("state", "State"),
    Column("person", "Started by"),
    Column("asked", "Started", "datetime"),
    Column("began", "Work began", "datetime"),
    Column("ended", "Ended", "datetime"),
    Column("seconds", "Took (seconds)", "number"),
    Column("rows", "Rows", "integer"),
    Column("files", "Files"),
    Column("failure", "Why it failed"),
)

Params = Mapping[str, Any]


def run(running: Running) -> None:
    """Do the work of one job. Raises FormatError, StorageError, Permanent or Stop."""
    rows = LedgerRows(running)
    rows.write(
        _batches(running),
        COLUMNS,
        name=NAME,
        noun="jobs",
        total=_count(running),
        empty=marked("No job fits: the files hold no rows"),
    )


def count(params: Params) -> int | None:
    """Count the jobs that the list would hold for the person that *params* name."""
    reader = db.session.get(User, params[SEEN_BY])
    if reader is None:
        return 0
    found = Search(reader, filters_of(params, ZoneInfo(manner_of(reader).zone))).count()
    return None if found.more else found.number


def filters_of(params: Params, zone: ZoneInfo) -> Filters:
    """Give the filters that were chosen; their days are those of *zone*."""
    first, last = (date.fromisoformat(params[name]) if params.get(name) else None for name in DAYS)
    return Filters(
        q=params.get("q") or "",
        kind=params.get("kind") or "",
        state=params.get("state") or "",
        person=params.get("person") or "",
        since=midnight(first, zone) if first else None,
        until=midnight(last + timedelta(days=1), zone) if last else None,
    )


def _count(running: Running) -> int | None:
    found = Search(_reader(running), _filters(running)).count()
    db.session.rollback()
    return None if found.more else found.number


def _batches(running: Running) -> Iterator[Rows]:
    """Give the rows, newest first, of jobs that were asked for before this one.

    Between two batches the ledger is let go.
    """
    titles = {name: kind.title for name, kind in kinds().items()}
    before = int(running.number.partition("-")[2])
    while True:
        running.check()
        # Asked anew each time: whoever may see less since then is shown less.
        reader = _reader(running)
        serials = Search(reader, _filters(running)).serials(BATCH, before=before)
        query = select(Job).where(Job.serial.in_(serials), _seen_by_asker(running))
        jobs = list(db.session.scalars(query.order_by(Job.serial.desc())))
        rows = [_row(fact, titles) for fact in facts_of(jobs, detail=False)]
        db.session.rollback()
        if rows:
            yield rows
        if len(serials) < BATCH:
            return
        before = serials[-1]


def _reader(running: Running) -> User:
    """Give the person whose the job is now."""
    query = select(User).join(Job, Job.requested_by_id == User.id).where(Job.id == running.id)
    return db.session.scalars(query).one()


def _seen_by_asker(running: Running) -> Any:
    """Give the condition that whoever first asked for the list may see the job as well.

    When somebody else does it again, it is their list all the same, and they may follow it.
    """
    asker = db.session.get(User, running.params.get(SEEN_BY))
    return Job.serial < 0 if asker is None else seen_by(asker)


def _filters(running: Running) -> Filters:
    return filters_of(running.params, ZoneInfo(running.zone))


def _row(job: Fact, titles: Mapping[str, str]) -> tuple[object, ...]:
    return (
        job.number,
        job.title,
        titles.get(job.kind, job.kind),
        job.word,
        job.requested_by.name,
        job.created_at,
        job.started_at,
        job.finished_at,
        None if job.seconds is None else round(job.seconds, 1),
        job.result.get("rows"),
        ", ".join(file.format.upper() for file in job.files if file.is_ready) or None,
        job.error.what if job.error else None,
    )
