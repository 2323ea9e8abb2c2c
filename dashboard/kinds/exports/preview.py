"""The first rows of an export, before anything is made."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app

from dashboard.formats.first_rows import FIRST_ROWS, numbers, shown
from dashboard.jobs.glance import glance
from dashboard.jobs.kind import Preview
from dashboard.kinds.exports.columns import columns_of
from dashboard.kinds.exports.counting import source_of
from dashboard.kinds.exports.export import Export
from dashboard.kinds.exports.query import asked
from dashboard.words import reader


def preview(export: Export, params: Mapping[str, Any]) -> Preview:
    """Give the first rows that *params* would give.

    Raises SourceError (SourceTimeout after PREVIEW_SECONDS) or Permanent.
    """
    source, zone = source_of(export), reader().zone
    wanted = asked(export, source, params, zone)
    with source.reading(timeout=current_app.config["PREVIEW_SECONDS"]) as reading:
        rows = glance(reading, *wanted.rows, rows=FIRST_ROWS)
    columns = columns_of(wanted.columns, rows)
    return Preview(
        tuple((column.label, column.type) for column in columns),
        tuple(shown(rows, columns, ZoneInfo(zone))),
        tuple(numbers(rows, columns)),
    )
