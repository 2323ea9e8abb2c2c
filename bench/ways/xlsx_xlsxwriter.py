"""A workbook of orders by XlsxWriter in its constant memory, each cell with its type."""

from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any, cast

import xlsxwriter

from bench import rows
from bench.fresh import arguments, tell

given = arguments()
batches = list(rows.orders(given["rows"], given["seed"]))


def work() -> Mapping[str, Any]:
    """Write the workbook; gives its bytes."""
    path = Path(given["folder"]) / "xlsxwriter.xlsx"
    options = {"constant_memory": True, "tmpdir": given["folder"]}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Data")
        money = book.add_format({"num_format": "#,##0.00"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.set_column(0, len(rows.ORDERS) - 1, 16)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, given["rows"], len(rows.ORDERS) - 1)
        sheet.write_row(0, 0, [c.label for c in rows.ORDERS], book.add_format({"bold": True}))
        number = 0
        for batch in batches:
            for row in batch:
                number += 1
                for place, (column, value) in enumerate(zip(rows.ORDERS, row, strict=True)):
                    match column.type:
                        case _ if value is None:
                            continue
                        case "text":
                            sheet.write_string(number, place, value)
                        case "datetime":
                            plain = cast(Any, value).astimezone(UTC).replace(tzinfo=None)
                            sheet.write_datetime(number, place, plain, moment)
                        case "money":
                            sheet.write_number(number, place, float(cast(Any, value)), money)
                        case _:
                            sheet.write_number(number, place, float(cast(Any, value)))
    return {"bytes": path.stat().st_size}


tell(work)
