"""JSON lines of orders by our writer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import rows
from bench.fresh import arguments, tell
from dashboard.formats import JsonlWriter

given = arguments()
folder = Path(given["folder"])
batches = list(rows.orders(given["rows"], given["seed"]))


def work() -> Mapping[str, Any]:
    """Write the file; gives its bytes."""
    path = folder / "ours.jsonl"
    writer = JsonlWriter(path, rows.ORDERS, rows.document("Orders", given["rows"]), scratch=folder)
    for batch in batches:
        writer.write(batch)
    assert writer.close().rows == given["rows"]
    return {"bytes": path.stat().st_size}


tell(work)
