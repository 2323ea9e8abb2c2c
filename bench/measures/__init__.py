"""The measures, in the order of the table."""

from bench.measure import Measure
from bench.measures import (
    bar,
    click,
    colleague,
    csv_postgresql,
    csv_sqlite,
    download,
    jsonl,
    live,
    memory,
    overload,
    pages,
    pdf,
    progress,
    start,
    streams,
    submit,
    visit,
    xlsx,
)

MEASURES: tuple[Measure, ...] = (
    Measure("submit", submit.take),
    Measure("click", click.take),
    Measure("live", live.take),
    Measure("streams", streams.take),
    Measure("visit", visit.take),
    Measure("bar", bar.take),
    Measure("pages", pages.take),
    Measure("progress", progress.take),
    Measure("csv-postgresql", csv_postgresql.take),
    Measure("csv-sqlite", csv_sqlite.take),
    Measure("jsonl", jsonl.take),
    Measure("xlsx", xlsx.take),
    Measure("pdf", pdf.take),
    Measure("download", download.take),
    Measure("colleague", colleague.take),
    Measure("memory", memory.take),
    Measure("overload", overload.take),
    Measure("start", start.take),
)
