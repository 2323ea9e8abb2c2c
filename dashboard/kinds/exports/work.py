"""Runs an export: one snapshot of the source, one read, every chosen format."""

import time
from contextlib import ExitStack
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from dashboard.formats import Document
from dashboard.jobs.bar import Bar
from dashboard.jobs.document import document_of
from dashboard.jobs.errors import Permanent
from dashboard.jobs.feed import Feed
from dashboard.jobs.glance import Rows, glance
from dashboard.jobs.outputs import Outputs, formats_of
from dashboard.jobs.running import Running
from dashboard.jobs.seen import Seen
from dashboard.kinds.exports.columns import columns_of
from dashboard.kinds.exports.counting import counted
from dashboard.kinds.exports.export import Export
from dashboard.kinds.exports.manners import Manner, manner_of
from dashboard.kinds.exports.query import ADVICE, Asked, asked
from dashboard.kinds.exports.wording import file_name
from dashboard.sources import QueryError, Reading
from dashboard.words import marked

BATCH: Final = 1000  # rows


def run(export: Export, running: Running) -> None:
    """Do the work of one job. Raises SourceError, FormatError, StorageError, Permanent or Stop."""
    try:
        _run(export, running)
    except QueryError as error:
        # The statement is of our own making: what does not fit it any more is the table.
        what = f"The source “{export.source}” refused to read “{export.table.name}”: {error}"
        raise Permanent(what, next=ADVICE, attention=True) from error


def _run(export: Export, running: Running) -> None:
    formats = formats_of(running)
    manner = manner_of(running.params)
    bar = Bar(running, formats)
    bar.count()
    source = running.source(export.source)
    wanted = asked(export, source, running.params, running.zone)
    with ExitStack() as files:
        with (
            source.reading(timeout=running.kind.soft_limit) as reading,
            running.interrupting(reading.interrupt),
        ):
            bar.total = total = _count(running, reading, wanted)
            columns = columns_of(wanted.columns, _glance(reading, wanted))
            bar.read()
            seen = Seen(columns, ZoneInfo(running.zone))
            document = _document(export, running, reading, total, manner)
            name = file_name(export, reading.as_of, running.zone)
            outputs = Outputs(running, name, formats, columns, document, files)
            feed = Feed(outputs, seen, bar)
            began = time.monotonic()
            _read(reading, wanted, feed, manner)
        # The source is free again: a snapshot that is held while files are made burdens it.
        running.log(f"Read {seen.rows:,} rows in {time.monotonic() - began:.1f} s")
        if not seen.rows:
            running.log(marked("Nothing matches these choices: the files hold no rows"), "warn")
        running.result |= feed.finish(reading.as_of, total)


def _count(running: Running, reading: Reading, wanted: Asked) -> int | None:
    """Count the rows beforehand where that is cheap; None when nobody knows."""
    began = time.monotonic()
    total = counted(reading, wanted.any_order)
    if total is None:
        running.log(
            marked("Counting would take long, so the number of rows is not known beforehand")
        )
    else:
        running.log(f"Counted {total:,} rows in {time.monotonic() - began:.1f} s")
    return total


def _glance(reading: Reading, wanted: Asked) -> Rows:
    """Give some rows, where a column has no type but those of its values."""
    if all(column.type for column in wanted.columns):
        return []
    return glance(reading, *wanted.any_order, rows=BATCH)


def _document(
    export: Export, running: Running, reading: Reading, total: int | None, manner: Manner
) -> Document:
    return replace(
        document_of(running, reading.as_of),
        subtitle=export.summary,
        rows=total,
        formula_safe=manner.formula_safe,
        null=manner.null,
    )


def _read(reading: Reading, wanted: Asked, feed: Feed, manner: Manner) -> None:
    """Read every row once and give it to all files; the fast way where nobody needs its values."""
    if feed.outputs.encoded_only:
        chunks = reading.csv(*wanted.rows, formula_safe=manner.formula_safe, null=manner.null)
        if chunks is not None:
            feed.take_encoded(chunks, null=manner.null, guarded=manner.formula_safe)
            return
    for batch in reading.rows(*wanted.rows, batch=BATCH):
        feed.take(batch)
