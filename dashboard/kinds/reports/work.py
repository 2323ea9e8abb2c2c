"""Runs a report: one snapshot of the source, one read, every chosen format."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from dashboard.formats import Document
from dashboard.jobs.bar import Bar
from dashboard.jobs.document import document_of
from dashboard.jobs.feed import Feed
from dashboard.jobs.glance import Rows, glance
from dashboard.jobs.outputs import Outputs, formats_of
from dashboard.jobs.running import Running
from dashboard.kinds.reports.columns import columns_of
from dashboard.kinds.reports.counting import counted
from dashboard.kinds.reports.definition import Report
from dashboard.kinds.reports.parameters import bound
from dashboard.kinds.reports.recast import Recast
from dashboard.kinds.reports.summary import Summary
from dashboard.kinds.reports.wording import file_name
from dashboard.sources import Reading
from dashboard.words import marked

BATCH: Final = 1000  # rows; what fits into one batch is read once and needs no count

Params = Mapping[str, object]


def run(report: Report, running: Running) -> None:
    """Do the work of one job. Raises SourceError, FormatError, StorageError, Permanent or Stop."""
    formats = formats_of(running)
    params = bound(report.parameters, running.params)
    bar = Bar(running, formats)
    source = running.source(report.source)
    with ExitStack() as files:
        with (
            source.reading(timeout=report.soft_limit) as reading,
            running.interrupting(reading.interrupt),
        ):
            bar.count()
            first = glance(reading, report.query, params, rows=BATCH)
            columns, recast = columns_of(report, reading, params, first)
            bar.total = _count(report, running, reading, params, first)
            bar.read()
            summary = Summary(columns, report.chart, running.title, ZoneInfo(running.zone))
            document = _document(report, running, reading, bar.total, summary)
            name = file_name(report, running.params)
            outputs = Outputs(running, name, formats, columns, document, files)
            feed = Feed(outputs, summary, bar)
            began = time.monotonic()
            if len(first) < BATCH:
                feed.take(recast(first))
            else:
                _read(report, reading, params, recast, feed, summary)
        # The source is free again: a snapshot that is held while files are made burdens it.
        seconds = time.monotonic() - began
        running.log(f"Read {summary.rows:,} rows in {seconds:.1f} s")
        if not summary.rows:
            running.log(marked("Nothing matches these choices: the files hold no rows"), "warn")
        # What fits into one batch was read whole: nobody counted it beforehand.
        was_counted = len(first) == BATCH
        running.result |= feed.finish(reading.as_of, bar.total if was_counted else None)
    for warning in summary.warnings:
        running.warn(warning)


def _count(
    report: Report, running: Running, reading: Reading, params: Params, first: Rows
) -> int | None:
    """Count the rows beforehand where that is cheap; None when nobody knows."""
    if len(first) < BATCH:
        return len(first)
    if report.count == "none":
        return None
    began = time.monotonic()
    total = counted(report, reading, params)
    if total is None:
        running.log(
            marked("Counting would take long, so the number of rows is not known beforehand")
        )
    else:
        running.log(f"Counted {total:,} rows in {time.monotonic() - began:.1f} s")
    return total


def _document(
    report: Report, running: Running, reading: Reading, total: int | None, summary: Summary
) -> Document:
    return replace(
        document_of(running, reading.as_of),
        subtitle=report.summary,
        rows=total,
        chart=summary.chart if report.chart else None,
    )


def _read(
    report: Report,
    reading: Reading,
    params: Params,
    recast: Recast,
    feed: Feed,
    summary: Summary,
) -> None:
    """Read every row once and give it to all files; the fast way where nobody needs its values."""
    if feed.outputs.encoded_only and not summary.needs_values and not recast.is_needed:
        chunks = reading.csv(report.query, params, formula_safe=True)
        if chunks is not None:
            feed.take_encoded(chunks)
            return
    for batch in reading.rows(report.query, params, batch=BATCH):
        feed.take(recast(batch))
