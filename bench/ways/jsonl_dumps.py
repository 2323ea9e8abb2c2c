"""JSON lines of orders by json.dumps a row, as a short program writes them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import rows
from bench.fresh import arguments, tell

given = arguments()
batches = list(rows.orders(given["rows"], given["seed"]))
names = [column.name for column in rows.ORDERS]


def work() -> Mapping[str, Any]:
    """Write the file; gives its bytes. What is no JSON becomes a text, amounts of money too."""
    path = Path(given["folder"]) / "dumps.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for batch in batches:
            for row in batch:
                pairs = dict(zip(names, row, strict=True))
                file.write(json.dumps(pairs, ensure_ascii=False, default=str) + "\n")
    return {"bytes": path.stat().st_size}


tell(work)
