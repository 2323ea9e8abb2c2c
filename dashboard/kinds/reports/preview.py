"""The first rows of a report, before anything is made."""

from collections.abc import Mapping
from typing import Any

from flask import current_app

from dashboard.formats.first_rows import FIRST_ROWS, numbers, shown
from dashboard.jobs.errors import Permanent
from dashboard.jobs.glance import glance
from dashboard.jobs.kind import Preview
from dashboard.kinds.reports.columns import columns_of
from dashboard.kinds.reports.definition import Report
from dashboard.kinds.reports.parameters import bound
from dashboard.kinds.reports.person import zone


def preview(report: Report, params: Mapping[str, Any], limit: int = FIRST_ROWS) -> Preview:
    """Give the first *limit* rows that *params* would give.

    Raises SourceError (SourceTimeout after PREVIEW_SECONDS) or Permanent.
    """
    source = current_app.extensions["sources"].get(report.source)
    if source is None:
        raise Permanent(f"The source “{report.source}” is not set up.")
    values = bound(report.parameters, params)
    with source.reading(timeout=current_app.config["PREVIEW_SECONDS"]) as reading:
        rows = glance(reading, report.query, values, rows=limit)
        columns, recast = columns_of(report, reading, values, rows)
    rows = recast(rows)
    return Preview(
        tuple((column.label, column.type) for column in columns),
        tuple(shown(rows, columns, zone())),
        tuple(numbers(rows, columns)),
    )
