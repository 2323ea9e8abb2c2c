"""Forgets, in a PostgreSQL database, what old imports have kept there."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from dashboard.sources.writing.postgresql import marks, packed
from dashboard.sources.writing.postgresql.session import Session
from dashboard.sources.writing.undoing import Forgotten

BATCH: Final = 10_000
"""Rows that are deleted in one transaction, so that nobody waits for it."""

_OLD: Final = (
    "SELECT run FROM bellhop_import GROUP BY run HAVING max(done_at) < %s ORDER BY max(done_at)"
)
_IMAGES: Final = """
DELETE FROM bellhop_import_before WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM bellhop_import_before WHERE run = %s LIMIT %s))
"""
_MARKS: Final = """
DELETE FROM bellhop_import WHERE run = %s AND NOT EXISTS (
    SELECT FROM bellhop_import i WHERE i.run = %s AND i.done_at >= %s)
"""


def forget(
    session: Session,
    before: datetime,
    *,
    keep: Collection[str],
    busy: Collection[str],
    limit: int,
) -> Forgotten:
    """Do what Target.forget promises. Raises SourceError."""
    with session.transaction() as connection:
        if not marks.are_there(connection):
            return Forgotten()
        old = [run for (run,) in connection.execute(_OLD, [before])]
        packs = packed.is_there(connection)
    images = marked = 0
    for run in old:
        if run in busy:
            continue
        while True:
            with session.transaction() as connection:
                gone = connection.execute(_IMAGES, [run, BATCH]).rowcount
                if not gone and packs:
                    gone = packed.forget(connection, run)
            images += gone
            if images >= limit:
                return Forgotten(images, marked, more=True)
            if not gone:
                break
        if run not in keep:
            with session.transaction() as connection:
                marked += connection.execute(_MARKS, [run, run, before]).rowcount
    return Forgotten(images, marked)
