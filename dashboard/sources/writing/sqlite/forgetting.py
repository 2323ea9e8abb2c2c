"""Forgets, in a SQLite file, what old imports have kept there."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final

from dashboard.sources.writing.sqlite import marks
from dashboard.sources.writing.sqlite.session import Session
from dashboard.sources.writing.undoing import Forgotten

BATCH: Final = 10_000
"""Rows that are deleted in one transaction, so that nobody waits for it."""

_OLD: Final = (
    "SELECT run FROM bellhop_import GROUP BY run HAVING max(done_at) < ? ORDER BY max(done_at)"
)
_IMAGES: Final = (
    "DELETE FROM bellhop_import_before WHERE rowid IN"
    " (SELECT rowid FROM bellhop_import_before WHERE run = ? LIMIT ?)"
)
_MARKS: Final = (
    "DELETE FROM bellhop_import WHERE run = ? AND NOT EXISTS"
    " (SELECT 1 FROM bellhop_import i WHERE i.run = ? AND i.done_at >= ?)"
)


def forget(
    session: Session,
    before: datetime,
    *,
    keep: Collection[str],
    busy: Collection[str],
    limit: int,
) -> Forgotten:
    """Do what Target.forget promises. Raises SourceError."""
    moment = before.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    with session.asking():
        if not marks.are_there(session.connection):
            return Forgotten()
        old = [run for (run,) in session.connection.execute(_OLD, (moment,))]
    images = marked = 0
    for run in old:
        if run in busy:
            continue
        while True:
            with session.transaction() as connection:
                gone = connection.execute(_IMAGES, (run, BATCH)).rowcount
            images += gone
            if images >= limit:
                return Forgotten(images, marked, more=True)
            if gone < BATCH:
                break
        if run not in keep:
            with session.transaction() as connection:
                marked += connection.execute(_MARKS, (run, run, moment)).rowcount
    return Forgotten(images, marked)
