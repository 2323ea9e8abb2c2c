"""A glance at a query: its first rows and no more."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from typing import cast

from dashboard.sources import Reading

Rows = Sequence[tuple[object, ...]]


def glance(reading: Reading, query: str, params: Mapping[str, object], *, rows: int) -> Rows:
    """Give the first *rows* rows of *query*; nothing of it is left open. Raises SourceError."""
    batches = cast("Generator[Rows]", reading.rows(query, params, batch=rows))
    with closing(batches):
        return next(batches, [])
