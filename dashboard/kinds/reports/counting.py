"""How many rows a report gives: counted by its source, before anything is read."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import current_app

from dashboard.jobs.errors import Permanent
from dashboard.jobs.glance import glance
from dashboard.kinds.reports.definition import Report
from dashboard.kinds.reports.parameters import bound
from dashboard.sources import Reading, SourceTimeout
from dashboard.words import marked

SECONDS: Final = 2.0  # A count that takes longer costs more than a total is worth.


def count(report: Report, params: Mapping[str, Any]) -> int | None:
    """Give how many rows *params* would give, or None when nobody knows within SECONDS.

    Raises SourceError or Permanent.
    """
    source = current_app.extensions["sources"].get(report.source)
    if source is None:
        raise Permanent(f"The source “{report.source}” is not set up.")
    try:
        with source.reading(timeout=SECONDS) as reading:
            return counted(report, reading, bound(report.parameters, params))
    except SourceTimeout:
        return None


def counted(report: Report, reading: Reading, values: Mapping[str, object]) -> int | None:
    """Give how many rows a run that binds *values* gives, as the head of the report says.

    Raises SourceError, or Permanent where the report's own count gives no number.
    """
    match report.count:
        case "none":
            return None
        case "query":
            return reading.count(report.query, values, timeout=SECONDS)
        case query:
            return _number(glance(reading, query, values, rows=1))


def _number(rows: Sequence[Sequence[object]]) -> int:
    value = rows[0][0] if rows and rows[0] else None
    if not isinstance(value, int) or isinstance(value, bool):
        raise Permanent(marked("The report's “count” does not give one whole number."))
    return value
