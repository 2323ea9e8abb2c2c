"""The measures, in the order of the table."""

from bench.measure import Measure
from bench.measures import (
    click,
    csv_postgresql,
    csv_sqlite,
    live,
    memory,
    overload,
    pdf,
    progress,
    start,
    submit,
    xlsx,
)

MEASURES: tuple[Measure, ...] = (
    Measure("submit", submit.take),
    Measure("click", click.take),
    Measure("live", live.take),
    Measure("progress", progress.take),
    Measure("csv-postgresql", csv_postgresql.take),
    Measure("csv-sqlite", csv_sqlite.take),
    Measure("xlsx", xlsx.take),
    Measure("pdf", pdf.take),
    Measure("memory", memory.take),
    Measure("overload", overload.take),
    Measure("start", start.take),
)
