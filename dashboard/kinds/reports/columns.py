"""The columns of a report: what the query gives, with what the head says of them."""

from collections.abc import Mapping, Sequence
from typing import Final

from dashboard.formats import Column, type_of
from dashboard.jobs.errors import Permanent
from dashboard.kinds.reports.definition import ColumnHead, Report
from dashboard.kinds.reports.glance import Rows, glance
from dashboard.kinds.reports.recast import Recast
from dashboard.sources import Reading, SourceColumn

ADVICE: Final = "Tell the people who look after this report."
LOOK_AT: Final = 100  # rows that tell the type of a column when nobody else does


def columns_of(
    report: Report, reading: Reading, params: Mapping[str, object]
) -> tuple[tuple[Column, ...], Recast]:
    """Give the columns of *report*, and what makes their values what the head says they are.

    Raises Permanent when the head speaks of a column that the query does not give.
    """
    given = reading.columns(report.query, params)
    _check_names(report, [column.name for column in given])
    heads = [report.columns.get(column.name, ColumnHead()) for column in given]
    rows: Rows = []
    if any(not (head.type or column.type) for head, column in zip(heads, given, strict=True)):
        rows = glance(reading, report.query, params, rows=LOOK_AT)
    columns = tuple(
        _column(column, head, [row[index] for row in rows])
        for index, (column, head) in enumerate(zip(given, heads, strict=True))
    )
    return columns, Recast(columns, [column.type for column in given])


def _column(given: SourceColumn, head: ColumnHead, values: Sequence[object]) -> Column:
    label = head.label or given.name.replace("_", " ").strip().capitalize() or given.name
    return Column(given.name, label, head.type or given.type or type_of(values), head.total)


def _check_names(report: Report, names: Sequence[str]) -> None:
    chart = report.chart
    charted = [name for name in (chart.x, *chart.y, chart.series) if name] if chart else []
    for name in (*report.columns, *charted):
        if name not in names:
            what = f"The report speaks of a column “{name}”, which its query does not give."
            raise Permanent(what, next=ADVICE)
