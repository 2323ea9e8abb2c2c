"""How many rows an export gives: counted by its source, or else what the source reckons."""

from collections.abc import Mapping
from typing import Any, Final

from flask import current_app

from dashboard.jobs.errors import Permanent
from dashboard.jobs.kind import Estimate
from dashboard.kinds.exports.export import Export
from dashboard.kinds.exports.query import Statement, asked
from dashboard.sources import Reading, Source, SourceTimeout
from dashboard.words import reader

SECONDS: Final = 2.0  # A count that takes longer costs more than a total is worth.
FIGURES: Final = 2  # An estimate is no better than that.


def count(export: Export, params: Mapping[str, Any]) -> int | Estimate | None:
    """Give how many rows *params* would give, or about how many where counting would take long.

    None when the source cannot reckon it either. Raises SourceError or Permanent.
    """
    source = source_of(export)
    rows = asked(export, source, params, reader().zone).any_order
    try:
        with source.reading(timeout=SECONDS) as reading:
            exact = counted(reading, rows)
            if exact is not None:
                return exact
            about = reading.estimate(*rows)
            return None if about is None else Estimate(_rounded(about))
    except SourceTimeout:
        return None


def counted(reading: Reading, rows: Statement) -> int | None:
    """Count *rows*; None after SECONDS."""
    return reading.count(*rows, timeout=SECONDS)


def source_of(export: Export) -> Source:
    """Give the source of *export*. Raises Permanent where the desk has none of that name."""
    source: Source | None = current_app.extensions["sources"].get(export.source)
    if source is None:
        raise Permanent(f"The source “{export.source}” is not set up.")
    return source


def _rounded(rows: int) -> int:
    """Give *rows* with as many figures as an estimate deserves: 1,234,567 is 1,200,000."""
    return round(rows, FIGURES - len(str(rows)))
