"""Formats: batches of rows in, one finished file out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dashboard.formats.csv import CsvWriter
from dashboard.formats.pdf import PdfWriter
from dashboard.formats.table import (
    Chart,
    Column,
    ColumnType,
    Document,
    FormatError,
    Series,
    Written,
    type_of,
)
from dashboard.formats.writer import Stopped, Tell, Writer
from dashboard.formats.xlsx import XlsxWriter
from dashboard.words import marked

__all__ = [
    "FORMATS",
    "WRITERS",
    "Chart",
    "Column",
    "ColumnType",
    "CsvWriter",
    "Document",
    "Format",
    "FormatError",
    "PdfWriter",
    "Series",
    "Stopped",
    "Tell",
    "Writer",
    "Written",
    "XlsxWriter",
    "type_of",
]


@dataclass(frozen=True)
class Format:
    """How people and programs call a format.

    A *deferred* format only puts rows aside in write() and makes its file in close().
    """

    name: str
    title: str
    hint: str
    label: str
    extension: str
    media_type: str
    deferred: bool


FORMATS: Final[Mapping[str, Format]] = {
    "csv": Format(
        "csv",
        "CSV",
        marked("for other programs"),
        marked("CSV, comma, UTF-8"),
        "csv",
        "text/csv",
        False,
    ),
    "xlsx": Format(
        "xlsx",
        "XLSX",
        marked("for Excel"),
        marked("Excel workbook"),
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        True,
    ),
    "pdf": Format(
        "pdf",
        "PDF",
        marked("to read or print"),
        marked("PDF document"),
        "pdf",
        "application/pdf",
        True,
    ),
}

WRITERS: Final[Mapping[str, type[Writer]]] = {
    "csv": CsvWriter,
    "xlsx": XlsxWriter,
    "pdf": PdfWriter,
}
