"""The statement of an export and its rows into a file, and nothing else: no ledger, no storage."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import rows
from bench.fresh import arguments, tell
from dashboard.formats import Column, CsvWriter
from dashboard.sources import Choice, from_url, select_of

given = arguments()
folder = Path(given["folder"])
source = from_url("orders", given["url"])
(table,) = source.tables()
columns = [Column(column.name, column.name) for column in table.columns]


def work() -> Mapping[str, Any]:
    """Write all rows; gives how many, and the bytes of the file."""
    path = folder / "bare.csv"
    query, values = select_of(table, Choice(), dialect=source.dialect, zone="UTC")
    writer = CsvWriter(path, columns, rows.document("Orders", given["rows"]), scratch=folder)
    with source.reading() as reading:
        chunks = reading.csv(query, values)
        assert chunks is not None
        for chunk, count in chunks:
            writer.write_encoded(chunk, count)
    told = {"rows": writer.close().rows, "size": path.stat().st_size}
    path.unlink()
    return told


tell(work)
