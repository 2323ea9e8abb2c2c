"""The workbook as the engine sees it: the cover, then sheets of records."""

import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rustpy_xlsxwriter import FastExcel, Format

from dashboard.formats.remarks import Remarks
from dashboard.formats.spelling import whole
from dashboard.formats.spool import Plain
from dashboard.formats.table import Column, Document
from dashboard.formats.xlsx_cells import XlsxColumn
from dashboard.formats.xlsx_cover import A4, GENERAL, Cover
from dashboard.formats.xlsx_styles import column_width, header_format, number_format

SHEET_ROWS = 1_048_575  # Excel's rows less the header
SHEET_COLUMNS = 16_384
SHEET = "Data"
SAMPLE_ROWS = 1_000
MOST_FOOTER = 100  # characters; Excel takes 255 with all its signs


class Workbook:
    """Describes a workbook to the engine; *sample* holds some values of each column."""

    def __init__(
        self, columns: Sequence[Column], document: Document, sample: Sequence[Sequence[object]]
    ) -> None:
        self._columns = columns
        self._document = document
        self._zone = ZoneInfo(document.zone)
        self._keys = keys(columns)
        pairs = list(zip(columns, sample, strict=True))
        self._formats = [number_format(column, values) for column, values in pairs]
        self._widths = [column_width(column, values, self._zone) for column, values in pairs]

    def save(
        self,
        path: Path,
        lines: Iterable[Sequence[Plain]],
        rows: int,
        *,
        totals: Mapping[int, Decimal],
        notes: Sequence[str],
    ) -> None:
        """Writes the workbook of *rows* rows to *path*; *lines* gives them once, in order.

        Raises RuntimeError or OSError where the engine fails, and whatever *lines* raises; no file
        is left then.
        """
        spans = sheets(rows)
        cover = Cover(self._document, rows)
        cover.numbers("Totals", [self._total(index, value) for index, value in totals.items()])
        if len(spans) > 1:
            cover.section("Sheets", [(n, f"rows {a:,} to {b:,}") for n, a, b in spans])
        cover.section("Notes", [("", note) for note in notes])
        workbook = FastExcel(path, output_format="xlsx")
        cover.add_to(workbook)
        records = (dict(zip(self._keys, line, strict=True)) for line in lines)
        for name, first, last in spans:
            if rows:
                self._add_sheet(workbook, name, islice(records, last - first + 1))
            else:
                # Without a record the engine writes no header; a record of nothing writes no cell.
                self._add_sheet(workbook, name, [dict.fromkeys(self._keys)])
        workbook.save()

    def _add_sheet(self, workbook: FastExcel, name: str, records: Iterable[Any]) -> None:
        title = whole(self._document.title)[:MOST_FOOTER].replace("&", "&&")
        workbook.sheet(
            name,
            records,
            header_format=header_format(),
            column_formats={
                key: Format().set_num_format(number)
                for key, number in zip(self._keys, self._formats, strict=True)
                if number
            },
            column_widths=self._widths,
            autofilter=True,
            # Ids and long numbers are texts on purpose.
            ignore_errors=self._keys,
            page_setup={
                "paper_size": A4,
                "landscape": True,
                "fit_to_pages": (1, 0),
                "repeat_rows": 0,
                "footer": f"&L{title}&R&P / &N",
            },
        )
        workbook.freeze(row=1, sheet=name)

    def _total(self, index: int, value: Decimal) -> tuple[str, Plain, str]:
        column = self._columns[index]
        (cell,) = XlsxColumn(column, self._zone, Remarks()).cells([value], 0)
        return column.label, cell, self._formats[index] or GENERAL


def keys(columns: Sequence[Column]) -> list[str]:
    """Gives the headers of *columns*; two equal labels get the column's name behind them."""
    labels = [column.label for column in columns]
    return [
        f"{column.label} ({column.name})" if labels.count(column.label) > 1 else column.label
        for column in columns
    ]


def sheets(rows: int) -> list[tuple[str, int, int]]:
    """Gives the sheets that hold *rows* rows, as (name, first row, last row)."""
    count = max(1, math.ceil(rows / SHEET_ROWS))
    return [
        (
            SHEET if count == 1 else f"{SHEET} {number + 1}",
            number * SHEET_ROWS + 1,
            min(rows, (number + 1) * SHEET_ROWS),
        )
        for number in range(count)
    ]
