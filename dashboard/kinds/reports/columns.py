"""The columns of a report: what the query gives, with what the head says of them."""

from collections.abc import Mapping, Sequence
from typing import Final

from dashboard.formats import Column, type_of
from dashboard.jobs.errors import Permanent
from dashboard.jobs.glance import Rows
from dashboard.kinds.reports.definition import ColumnHead, Report
from dashboard.kinds.reports.recast import Recast
from dashboard.sources import Reading, SourceColumn
from dashboard.words import marked

ADVICE: Final = marked("Tell the people who look after this report.")


def columns_of(
    report: Report, reading: Reading, params: Mapping[str, object], first: Rows
) -> tuple[tuple[Column, ...], Recast]:
    """Give the columns of *report*, and what makes their values what the head says they are.

    The *first* rows tell the type of a column of which neither the head nor the database does.
    Raises Permanent when the head speaks of a column that the query does not give.
    """
    given = reading.columns(report.query, params)
    _check_names(report, [column.name for column in given])
    columns = tuple(
        _column(column, report.columns.get(column.name), [row[index] for row in first])
        for index, column in enumerate(given)
    )
    return columns, Recast(columns, [column.type for column in given])


def _column(given: SourceColumn, head: ColumnHead | None, values: Sequence[object]) -> Column:
    head = head or ColumnHead()
    label = head.label or given.name.replace("_", " ").strip().capitalize() or given.name
    return Column(given.name, label, head.type or given.type or type_of(values), head.total)


def _check_names(report: Report, names: Sequence[str]) -> None:
    chart = report.chart
    charted = [name for name in (chart.x, *chart.y, chart.series) if name] if chart else []
    for name in (*report.columns, *charted):
        if name not in names:
            what = f"The report speaks of a column “{name}”, which its query does not give."
            raise Permanent(what, next=ADVICE)
