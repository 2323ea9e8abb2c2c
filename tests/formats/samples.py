"""Documents, tables and files for the tests of formats."""

import csv
import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from hypothesis import settings
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from dashboard.formats import Column, Document, Writer, Written, writer_of

# Machines that run tests are busy, so slowness proves nothing.
patient = settings(deadline=None)

DOCUMENT = Document(
    title="Sales by region",
    subtitle="Orders and revenue",
    choices=(("Period", "1 to 31 October 2026"), ("Region", "All regions")),
    made_by="Mara Keller",
    made_at=datetime(2026, 11, 20, 13, 5, tzinfo=UTC),
    data_as_of=datetime(2026, 11, 20, 13, 2, tzinfo=UTC),
    number="R-4821",
    brand="Bellhop",
    zone="Europe/Berlin",
)


def document(**changes: object) -> Document:
    return replace(DOCUMENT, **changes)  # type: ignore[arg-type]  # Tests name real fields.


def columns(**types: str) -> list[Column]:
    """Gives columns by name and type; an underscore is a space in the label."""
    return [
        Column(name, name.replace("_", " ").capitalize(), kind)  # type: ignore[arg-type]
        for name, kind in types.items()
    ]


def opened(
    format: str,  # noqa: A002  # The word of the package.
    path: Path,
    table: Sequence[Column],
    **changes: object,
) -> Writer:
    return writer_of(format)(path, table, document(**changes), scratch=path.parent)


def written(
    format: str,  # noqa: A002  # The word of the package.
    path: Path,
    table: Sequence[Column],
    rows: Iterable[Sequence[object]],
    **changes: object,
) -> Written:
    """Writes *rows* in one batch."""
    writer = opened(format, path, table, **changes)
    writer.write(list(rows))
    return writer.close()


def csv_rows(path: Path) -> list[list[str]]:
    """Gives the rows of a CSV below its header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))[1:]


def csv_gz_rows(path: Path) -> list[list[str]]:
    """Gives the rows of a packed CSV below its header."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))[1:]


def jsonl_rows(path: Path) -> list[dict[str, Any]]:
    """Gives the objects of JSON lines; all numbers but integers are decimals."""
    with path.open("rb") as file:
        return [json.loads(line, parse_float=Decimal) for line in file]


def parquet_table(path: Path) -> Any:
    """Gives what pyarrow reads of a Parquet file."""
    return import_module("pyarrow.parquet").read_table(path)


def xlsx_workbook(path: Path) -> Workbook:
    with path.open("rb") as file:
        return load_workbook(file)


def xlsx_rows(path: Path) -> list[list[object]]:
    """Gives the rows of all data sheets of a workbook below their headers."""
    return [
        [cell.value for cell in row]
        for sheet in xlsx_workbook(path).worksheets[1:]
        for row in sheet.iter_rows(min_row=2)
    ]


def xlsx_cover(path: Path) -> list[tuple[object, object]]:
    """Gives the lines of the cover sheet as (label, value)."""
    sheet = xlsx_workbook(path).worksheets[0]
    return [(row[0].value, row[1].value if len(row) > 1 else None) for row in sheet.iter_rows()]


def pdf_pages(path: Path) -> list[str]:
    """Gives the text of each page."""
    with path.open("rb") as file:
        return [page.extract_text() for page in PdfReader(file).pages]


def pdf_text(path: Path) -> str:
    """Gives the text of all pages with single spaces, as lines break anywhere."""
    return " ".join(" ".join(pdf_pages(path)).split())
