"""The columns of an export's files: they are called as the table calls them."""

from collections.abc import Sequence

from dashboard.formats import Column, type_of
from dashboard.jobs.glance import Rows
from dashboard.sources import SourceColumn


def columns_of(given: Sequence[SourceColumn], first: Rows) -> tuple[Column, ...]:
    """Give the columns; the *first* rows tell the type of those of which the database does not."""
    return tuple(
        Column(column.name, column.name, column.type or type_of([row[index] for row in first]))
        for index, column in enumerate(given)
    )
