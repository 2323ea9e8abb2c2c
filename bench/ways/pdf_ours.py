"""A PDF of order lines by our writer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import rows
from bench.fresh import arguments, tell
from dashboard.formats.pdf import PdfWriter

given = arguments()
folder = Path(given["folder"])
batches = list(rows.lines(given["rows"], given["seed"], world=given["world"]))


def work() -> Mapping[str, Any]:
    """Write the PDF; gives its pages and bytes."""
    path = folder / "ours.pdf"
    writer = PdfWriter(path, rows.LINES, rows.document("Lines", given["rows"]), scratch=folder)
    for batch in batches:
        writer.write(batch)
    return {"pages": writer.close().pages, "bytes": path.stat().st_size}


tell(work)
